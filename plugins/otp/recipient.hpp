// To whom a code goes: a telephone number or an e-mail address, in the one writing that is used from here on. Values.
// [any thread]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace otp {

enum class Kind : std::uint8_t { phone = 1, email };

struct Recipient {
  std::string type; // of the identifier: "phone", "shop.mobile"
  Kind kind = Kind::phone;
  std::string address;
};

// A phone is E.164 ("+46701234512"); an e-mail address comes in lower case, as identifiers of that type compare. None:
// it is neither.
std::optional<std::string> read_address(Kind kind, std::string_view text);

// Enough to recognise it by, and no more: "•••• 12", "a•••@shop.example".
std::string masked(Kind kind, std::string_view address);

} // namespace otp
