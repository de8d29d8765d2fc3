#include "core/policy/mask_text.hpp"

#include <algorithm>

namespace plugboard::policy {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// Of a short text four characters would be most of it: then none is shown.
std::string last4(std::string_view text) {
  constexpr std::size_t kShown = 4, kLeast = 8;
  if (static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); })) < kLeast)
    return "****";
  auto from = text.size();
  for (std::size_t shown = 0; shown < kShown; ++shown) do
      --from;
    while (continues(text[from]));
  return "****" + std::string(text.substr(from));
}

// "1987-03-02", with a time or without; a year alone stays.
std::optional<std::string> year_only(std::string_view text) {
  constexpr std::size_t kYear = 4;
  if (text.size() < kYear || !std::all_of(text.begin(), text.begin() + kYear, is_digit)) return std::nullopt;
  if (text.size() > kYear && text[kYear] != '-') return std::nullopt;
  return std::string(text.substr(0, kYear));
}

} // namespace

std::optional<std::string> masked(Mask mask, std::string_view text, const View& view) {
  switch (mask) {
  case Mask::none:
    return std::string(text);
  case Mask::last4:
    return last4(text);
  case Mask::year_only:
    return year_only(text);
  case Mask::hash:
    return view.pseudonyms ? std::optional(view.pseudonyms->of(view.tenant, text)) : std::nullopt;
  case Mask::remove:
    return std::nullopt;
  }
  return std::nullopt;
}

} // namespace plugboard::policy
