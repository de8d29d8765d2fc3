// How well it was proved who the customer is: none < asserted < aal1 < aal2 < aal3. Compare with < and >=.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace plugboard {

enum class Assurance : std::uint8_t { none = 1, asserted, aal1, aal2, aal3 };

constexpr std::string_view name_of(Assurance assurance) {
  switch (assurance) {
  case Assurance::none:
    return "none";
  case Assurance::asserted:
    return "asserted";
  case Assurance::aal1:
    return "aal1";
  case Assurance::aal2:
    return "aal2";
  case Assurance::aal3:
    return "aal3";
  }
  return "none";
}

constexpr std::optional<Assurance> parse_assurance(std::string_view name) {
  for (auto a : {Assurance::none, Assurance::asserted, Assurance::aal1, Assurance::aal2, Assurance::aal3})
    if (name_of(a) == name) return a;
  return std::nullopt;
}

} // namespace plugboard
