// A login that waits for its code: what the hub keeps for this plugin between two steps. It holds no code, only a hash
// that takes the sender's secret to make. A value. [any thread]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace otp {

struct Pending {
  std::string type, address; // whom the code was sent to
  std::string salt, hash;    // of the code: see hash_of
  int attempts_left = 0;
  int sent = 0;                             // codes so far
  std::int64_t sent_at = 0, expires_at = 0; // unix seconds: of the last code
};

// Bound to tenant and recipient: the code of one proves nothing for another.
std::string hash_of(std::string_view key, std::string_view tenant, const Pending& pending, std::string_view code);

std::string write_pending(const Pending& pending);           // JSON
std::optional<Pending> read_pending(std::string_view state); // none: write_pending did not make it

} // namespace otp
