// A session: the record that a customer proved who they are, once; and what one token of it gives. Values; immutable
// once made (touches of the idle clock live beside it). [any thread]
#pragma once

#include "core/base/assurance.hpp"
#include "core/base/clock.hpp"
#include "core/base/identifier.hpp"

#include <atomic>
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

struct Authentication { // one proof, and how long it counts
  Assurance assurance = Assurance::none;
  std::vector<std::string> methods;
  WallTime at;
  WallTime expires_at;
  Instant ends = Instant::max(); // the same on this process's steady clock
  std::string issuer, subject;
  std::string upstream_session; // the issuer's own id of its session; may be empty
};

struct Session {
  std::string id; // UUIDv7
  std::string tenant;
  std::string customer; // "cus_…"
  std::vector<Identifier> identifiers;
  std::vector<Authentication> authentications; // that count for the token it was found by: the login, then step-ups
  WallTime created_at;
  WallTime expires_at;           // absolute
  Instant ends = Instant::max(); // the same on this process's steady clock, which no jump of the wall clock moves
  Duration idle_limit{};         // since it was last used
  std::uint64_t begun_under = 0; // the last revocation before it

  // What is proved at this moment: the best of what still counts.
  Assurance assurance_at(WallTime now) const;
  // When at least this was last proved, by a proof that still counts.
  std::optional<WallTime> proved_at(Assurance least, WallTime now) const;
  std::vector<std::string> methods_at(WallTime now) const; // of all that still count, each once

  std::string_view issuer() const { // of the login
    return authentications.empty() ? std::string_view() : std::string_view(authentications.front().issuer);
  }
};

struct Token {        // all but its value
  std::string client; // it works for this one alone
  std::string channel;
  std::string key_id; // the hub's key that it is hashed under
  WallTime issued_at;
  std::uint64_t issued_under = 0; // the last revocation before it
};

class Judged { // up to which revocation something is known to live; a copy knows nothing yet
 public:
  Judged() = default;

  Judged(const Judged&) {}

  Judged& operator=(const Judged&) { return *this; }

  std::atomic<std::uint64_t> under{std::uint64_t(-1)};
};

// What a token opened: the session as it is by this token.
struct Access {
  Session session;
  Token token;
  mutable Judged judged{};
};

using AccessPtr = std::shared_ptr<const Access>;

} // namespace plugboard::session
