// What the client is told while a code is awaited: enough for a good page, nothing that helps to guess. [any thread]
#pragma once

#include "plugins/otp/pending.hpp"
#include "plugins/otp/settings.hpp"

#include <plugboard/types.hpp>

#include <cstdint>
#include <string>

namespace otp {

// What became of the step before, as the client reads it under "status".
enum class Turn : std::uint8_t { sent = 1, wrong_code, not_resent };

plugboard::Challenge challenge_of(const Settings& settings, const Pending& pending, Turn turn);

std::string rfc3339(std::int64_t unix_seconds);

} // namespace otp
