// A session: the record that a customer proved who they are, once. A value; immutable once made (touches of the idle
// clock live beside it). [any thread]
#pragma once

#include "core/base/assurance.hpp"
#include "core/base/clock.hpp"
#include "core/base/identifier.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::session {

using plugboard::Assurance;
using plugboard::name_of;
using plugboard::parse_assurance;

using plugboard::Identifier;

struct Session {
  std::string id; // UUIDv7
  std::string tenant;
  std::string client;   // its token works for this client alone
  std::string customer; // "cus_…"
  std::vector<Identifier> identifiers;
  Assurance assurance = Assurance::none;
  std::vector<std::string> methods;
  WallTime authenticated_at;
  WallTime created_at;
  WallTime expires_at;           // absolute
  Instant ends = Instant::max(); // the same on this process's steady clock, which no jump of the wall clock moves
  Duration idle_limit{};         // since it was last used
};

using SessionPtr = std::shared_ptr<const Session>;

} // namespace plugboard::session
