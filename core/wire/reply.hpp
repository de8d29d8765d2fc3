// What a plugin gave to complete(), copied. Its memory is looked at once, here, under caps, and never again; what it
// says is judged later (examine.hpp). Values.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/identifier.hpp"

#include <plugboard/abi.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::wire {

inline constexpr std::size_t kMostYields = 64;
inline constexpr std::size_t kMostMessage = 1024;

// What the hub says of a call in the stead of a plugin that can't. Never sent: nobody else may say it.
enum class Verdict : std::uint8_t { crashed = 1, starting, breaker_open, broke_protocol };

struct Reply {
  std::int32_t status = 0; // PLUGBOARD_OK, …; whatever the plugin wrote there
  bool verbatim = false;   // PLUGBOARD_REPLY_VERBATIM
  bool too_large = false;  // over the limit: nothing but the status was copied
  std::string garbage;     // why the struct could not be read; empty: it could
  std::string data, message;
  std::vector<Identifier> identifiers; // as the plugin wrote the types; source is empty
  Duration retry_after{};
  std::optional<Verdict> verdict; // then it counts, and nothing else is set
};

Duration bounded_retry_after(std::int64_t nanoseconds); // 0 to a day

// raw: may be null or rubbish, as far as that can be noticed. [any thread]
Reply copy_reply(const plugboard_reply* raw, std::size_t max_reply_bytes);

// The same, but for the data: a view of the plugin's own memory, for who copies it at once.
Reply copy_reply(const plugboard_reply* raw, std::size_t max_reply_bytes, std::string_view& data);

} // namespace plugboard::wire
