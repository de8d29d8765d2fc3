// One-time codes: made where nobody can foresee them, kept as nothing but a keyed hash. [any thread]
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace otp {

// Fills them from a generator fit for keys; throws when there is none.
using RandomBytes = std::function<void(unsigned char* bytes, std::size_t count)>;

// `digits` decimal digits, 1 to 9, each sequence as likely as any other.
std::string make_code(int digits, const RandomBytes& random);

std::string random_name(const RandomBytes& random); // 128 bits, base64url

// As a customer types it, with blanks or hyphens between the digits. None: that can't be a code of so many digits.
std::optional<std::string> read_code(std::string_view typed, int digits);

} // namespace otp
