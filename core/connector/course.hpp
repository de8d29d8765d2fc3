// What happened to one section's question on its way to the answer, beside how it ended: for whoever wants it
// explained. Filled in by each layer that it passes. Values.
#pragma once

#include "core/base/clock.hpp"

#include <cstdint>

namespace plugboard::connector {

enum class AnsweredBy : std::uint8_t {
  call = 1, // one made for this question
  cache,
  shared_call, // one that somebody else's equal question was making
};

struct Course {
  AnsweredBy by = AnsweredBy::call;
  Duration age{};              // cache: since the answer was fetched
  Duration waited{};           // for a place among the connector's calls
  std::uint32_t calls = 0;     // made of the plugin, in all
  std::uint32_t retries = 0;   // of these: after one that failed
  std::uint32_t hedges = 0;    // of these: beside one that took long
  bool hedge_answered = false; // the answer is such a one's
};

} // namespace plugboard::connector
