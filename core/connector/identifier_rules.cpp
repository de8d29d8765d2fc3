#include "core/connector/identifier_rules.hpp"

#include "core/base/text.hpp"
#include "core/connector/wildcard.hpp"

#include <algorithm>
#include <array>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostValue = 512; // bytes, of a type that is one connector's own

constexpr std::array<std::string_view, 21> kNobody{"null",
                                                   "(null)",
                                                   "nil",
                                                   "none",
                                                   "n/a",
                                                   "nan",
                                                   "-1",
                                                   "anonymous",
                                                   "unknown",
                                                   "undefined",
                                                   "not set",
                                                   "not_set",
                                                   "anonymous@*",
                                                   "noreply@*",
                                                   "no-reply@*",
                                                   "unknown@*",
                                                   "test@example.com",
                                                   "test@example.org",
                                                   "test@test.com",
                                                   "user@example.com",
                                                   "email@example.com"};

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// C0, DEL, and as UTF-8 C1 and the marks that turn text around or can't be seen: no name of anybody's holds them.
bool has_hidden(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    const auto third = i + 2 < text.size() ? static_cast<unsigned char>(text[i + 2]) : 0U;
    if (byte == 0xc2 && next < 0xa0) return true;                                    // C1
    if (byte == 0xe2 && next == 0x80 && third >= 0x8b && third <= 0x8f) return true; // zero width, marks
    if (byte == 0xe2 && next == 0x80 && third >= 0xa8 && third <= 0xae) return true; // separators, embeddings
    if (byte == 0xe2 && next == 0x81 && third >= 0xa0 && third <= 0xaf) return true; // joiners, isolates
    if (byte == 0xef && next == 0xbb && third == 0xbf) return true;                  // byte order mark
  }
  return false;
}

bool is_nothing_but(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

bool is_email(std::string_view text) { // what systems take for one; whether mail arrives is not for us to say
  const auto at = text.find('@');
  return at != 0 && at != std::string_view::npos && at == text.rfind('@') && at + 1 < text.size() &&
         std::none_of(text.begin(), text.end(), is_blank) && !text.ends_with('.') && text[at + 1] != '.';
}

} // namespace

std::string e164(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with("tel:")) text.remove_prefix(4);
  std::string number = "+";
  if (text.starts_with("+"))
    text.remove_prefix(1);
  else if (text.starts_with("00"))
    text.remove_prefix(2);
  else
    return {}; // of which country?
  for (const char c : text) {
    if (c >= '0' && c <= '9')
      number += c;
    else if (std::string_view(" -./()").find(c) == std::string_view::npos)
      return {};
  }
  const bool in_range = number.size() >= 1 + 7 && number.size() <= 1 + 15;
  // "+46 (0)70…": the zero is dialled within the country only, and whether it belongs here can't be told.
  if (!in_range || number[1] == '0' || text.find("(0)") != std::string_view::npos) return {};
  return number;
}

IdentifierRules::IdentifierRules(std::vector<std::string> blocked)
    : types_(IdentifierTypes::published()), blocked_(kNobody.begin(), kNobody.end()) {
  for (const auto& one : blocked) blocked_.push_back(lower_case(trimmed(one)));
}

bool IdentifierRules::stands_for_nobody(std::string_view value) const {
  const auto text = lower_case(trimmed(value));
  if (is_nothing_but(text, "0-") || is_nothing_but(text, "?") || is_nothing_but(text, "*")) return true; // also ""
  return std::any_of(blocked_.begin(), blocked_.end(), [&](const auto& pattern) { return matches(pattern, text); });
}

boost::system::result<std::string, Unfit> IdentifierRules::taken(std::string_view type, std::string_view value) const {
  if (stands_for_nobody(value)) return Unfit::nobody;
  const auto text = trimmed(value);
  if (!is_utf8(text) || has_hidden(text)) return Unfit::malformed;
  const auto* form = types_.form(type);
  std::string value_in_form(text);
  if (form != nullptr && form->format == IdentifierForm::Format::e164) value_in_form = e164(text);
  if (form != nullptr && form->format == IdentifierForm::Format::email && !is_email(text)) return Unfit::malformed;
  const auto most = form != nullptr ? form->max_length : kMostValue;
  if (value_in_form.empty() || value_in_form.size() > most) return Unfit::malformed;
  return value_in_form;
}

std::string IdentifierRules::compared(std::string_view type, std::string_view taken) const {
  return types_.ignores_case(type) ? lower_case(taken) : std::string(taken);
}

} // namespace plugboard::connector
