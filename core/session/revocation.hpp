// What is ended at once: all sessions and tokens that fit, however many. Each dimension alone suffices; several in one
// revocation narrow it. A value. [any thread]
#pragma once

#include "core/base/result.hpp"
#include "core/session/session.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace plugboard::session {

struct Revocation {
  std::string tenant; // "*": every tenant's
  // Of a session; "" is any.
  std::string session, customer;
  std::string issuer, subject, upstream_session; // of any of its proofs: issuer, and one of the others or both
  // Of one token: sessions go on under their other tokens.
  std::string client, channel, key_id;
  std::optional<WallTime> before; // only what began before; none: all that there is

  bool is_of_tokens() const { return !client.empty() || !channel.empty() || !key_id.empty(); }

  friend bool operator==(const Revocation&, const Revocation&) = default;
};

// Error: invalid_argument; its origin is the member at fault. now: `before` may not be later.
Result<void> judge(const Revocation& revocation, WallTime now);

// Whatever its age?
bool covers(const Revocation& revocation, const Session& session, const Token& token);

std::string to_json(const Revocation& revocation);
Result<Revocation> revocation_of(std::string_view json); // Error: malformed: not what the hub wrote

} // namespace plugboard::session
