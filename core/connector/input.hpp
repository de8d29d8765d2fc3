// One of the sections that a derived one is computed from, as its plugin is handed it: what the hub examined, before
// policy. A value; the bytes are shared with the answer that they are of.
#pragma once

#include "core/base/clock.hpp"
#include "core/connector/section_bytes.hpp"

#include <string>

namespace plugboard::connector {

struct Input {
  std::string name; // the plugin's own for it
  SectionBytes data;
  Duration age{};     // how old it was when it came
  bool stale = false; // its system failed, and this is what it said before
};

} // namespace plugboard::connector
