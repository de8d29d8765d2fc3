// Decimal numbers without floating point: 1299.90 at two digits is 129990, always. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace plugboard::rest {

// What to do with digits finer than asked for.
enum class Excess { refuse = 1, cut };

// `decimal` (sign, digits, fraction, exponent: a JSON number, leading zeros allowed) times 10^digits. Nothing when it
// is no such number, does not fit 64 bits, or is finer than that and `excess` refuses.
std::optional<std::int64_t> scaled(std::string_view decimal, int digits, Excess excess);

// Is this, byte for byte, a number as JSON writes it?
bool is_json_number(std::string_view text);

} // namespace plugboard::rest
