#include "core/cli/pseudonyms.hpp"

#include "core/base/crypto.hpp"
#include "core/base/url_text.hpp"
#include "core/connector/identifier_types.hpp"
#include "core/json/writer.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <vector>

namespace plugboard::cli {
namespace {

using json::TreeValue;

constexpr std::size_t kShortest = 3;     // "SE" names nobody
constexpr std::size_t kShortestPart = 4; // what is shorter stands in other texts by chance

// Parts of members' names that tell of people, or name one; and whole words of them.
constexpr std::string_view kParts[] = {"name",    "mail",     "phone",   "mobile",   "address", "street",   "city",
                                       "postal",  "birth",    "iban",    "account",  "card",    "token",    "secret",
                                       "passw",   "note",     "comment", "message",  "subject", "customer", "person",
                                       "company", "username", "login",   "signature"};
constexpr std::string_view kWords[] = {
    "id", "ids",  "uuid", "guid", "ref", "reference", "number", "no",   "zip",   "tel",    "ssn", "dob", "tax", "vat",
    "ip", "user", "text", "body", "url", "uri",       "href",   "self", "title", "holder", "iss", "sub", "key", "code"};

constexpr std::string_view kHarmless[] = {"token_type", "address_type", "account_type", "card_type", "phone_type"};

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

std::vector<std::string> words_of(std::string_view name) { // "customerId", "customer_id", "customer-id"
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool divides = name[i] == '_' || name[i] == '-' || name[i] == '.' || name[i] == ' ';
    if (divides || (is_upper(name[i]) && i > 0 && !is_upper(name[i - 1]))) words.emplace_back();
    if (!divides) words.back() += name[i];
  }
  for (auto& word : words) word = connector::lower_case(word);
  return words;
}

bool is_telling(std::string_view name) {
  const auto lower = connector::lower_case(name);
  if (std::find(std::begin(kHarmless), std::end(kHarmless), lower) != std::end(kHarmless)) return false;
  if (std::any_of(std::begin(kParts), std::end(kParts),
                  [&](auto part) { return lower.find(part) != std::string::npos; }))
    return true;
  const auto words = words_of(name);
  return std::any_of(words.begin(), words.end(), [](const auto& word) {
    return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
  });
}

bool is_date(std::string_view value) { // 1815-12-10
  constexpr std::string_view kForm = "dddd-dd-dd";
  return value.size() == kForm.size() && std::equal(value.begin(), value.end(), kForm.begin(), [](char c, char form) {
           return form == 'd' ? std::isdigit(static_cast<unsigned char>(c)) != 0 : c == form;
         });
}

std::size_t digits_in(std::string_view value) {
  return static_cast<std::size_t>(
      std::count_if(value.begin(), value.end(), [](unsigned char c) { return std::isdigit(c) != 0; }));
}

bool is_time(std::string_view value) { // 1815-12-10T08:30:00.25+01:00
  constexpr std::size_t kHour = 13, kLongest = 35;
  return value.size() > kHour && value.size() <= kLongest && is_date(value.substr(0, 10)) && value[kHour] == ':' &&
         value.find_first_not_of("0123456789:.+-TZ ") == std::string_view::npos;
}

// An e-mail address, a telephone, card or account number, wherever it stands.
bool has_telling_form(std::string_view value) {
  if (value.find('@') != std::string_view::npos) return true;
  return digits_in(value) >= 7 && !is_date(value) && !is_time(value);
}

// The same of a number: seconds since 1970 have ten digits, a telephone and its country eleven or so.
bool has_telling_length(const TreeValue& value) {
  return (value.IsInt64() || value.IsUint64()) && digits_in(json::to_text(value)) > 10;
}

} // namespace

Pseudonyms::Pseudonyms(Random& random) {
  std::array<std::byte, 32> bytes{};
  random.fill(bytes);
  key_ = Secret(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

void Pseudonyms::replace(std::string_view value) {
  if (!value.empty() && !others_.contains(value)) others_.emplace(value, other_for(value));
}

void Pseudonyms::look_through(const TreeValue& body) {
  if (body.IsArray())
    for (const TreeValue& each : body.GetArray()) look_through(each);
  if (!body.IsObject()) {
    if (body.IsString() && has_telling_form(json::text_of(body))) replace(json::text_of(body));
    return;
  }
  for (const auto& entry : body.GetObject()) {
    const auto name = json::text_of(entry.name);
    const bool telling = is_telling(name);
    if (has_telling_form(name)) replace(name); // {"ada@shop.example": …}
    const auto each = [&](const TreeValue& value) {
      if (telling && value.IsString() && value.GetStringLength() >= kShortest) replace(json::text_of(value));
      if ((telling && (value.IsInt64() || value.IsUint64())) || has_telling_length(value))
        replace(json::to_text(value));
      look_through(value);
    };
    if (entry.value.IsArray())
      for (const TreeValue& value : entry.value.GetArray()) each(value);
    else
      each(entry.value);
  }
}

std::string Pseudonyms::of_value(std::string_view value) const {
  if (const auto other = others_.find(value); other != others_.end()) return other->second;
  return std::string(value);
}

void Pseudonyms::look_through_form(std::string_view form) {
  for (std::size_t at = 0; at < form.size();) {
    const auto end = std::min(form.find('&', at), form.size());
    const auto pair = form.substr(at, end - at);
    const auto divide = std::min(pair.find('='), pair.size());
    const auto name = form_unescaped(pair.substr(0, divide));
    const auto value = form_unescaped(pair.substr(std::min(divide + 1, pair.size())));
    if (name && value && (is_telling(*name) || has_telling_form(*value))) replace(*value);
    at = end + 1;
  }
}

std::string Pseudonyms::of_url(std::string_view url) const {
  const auto scheme = url.find("://");
  const auto path = url.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
  if (path == std::string_view::npos) return std::string(url);
  return std::string(url.substr(0, path)) + of_form(url.substr(path));
}

std::string Pseudonyms::of_form(std::string_view form) const {
  std::string text;
  for (std::size_t at = 0; at <= form.size();) {
    const auto end = std::min(form.find_first_of("/?&=#", at), form.size());
    const auto part = form.substr(at, end - at);
    const auto plain = form_unescaped(part);
    const bool known = plain && others_.contains(*plain);
    text += known ? url_escaped(of_value(*plain)) : std::string(part);
    if (end < form.size()) text += form[end];
    at = end + 1;
  }
  return text;
}

std::string Pseudonyms::of_json(const TreeValue& body) const {
  std::string text;
  json::Writer writer(text);
  const auto write = [&](const TreeValue& value, const auto& again) -> void {
    if (value.IsObject()) {
      writer.begin_object();
      for (const auto& entry : value.GetObject()) {
        writer.key(of_value(json::text_of(entry.name)));
        again(entry.value, again);
      }
      writer.end_object();
    } else if (value.IsArray()) {
      writer.begin_array();
      for (const TreeValue& each : value.GetArray()) again(each, again);
      writer.end_array();
    } else if (value.IsString()) {
      const auto written = json::text_of(value);
      writer.value(others_.contains(written) ? of_value(written) : of_text(std::string(written)));
    } else {
      writer.raw(of_value(json::to_text(value)));
    }
  };
  write(body, write);
  return text;
}

// The longest first: one may stand in another.
std::string Pseudonyms::of_text(std::string text) const {
  std::vector<const std::pair<const std::string, std::string>*> longest_first;
  for (const auto& each : others_)
    if (each.first.size() >= kShortestPart) longest_first.push_back(&each);
  std::stable_sort(longest_first.begin(), longest_first.end(),
                   [](const auto* a, const auto* b) { return a->first.size() > b->first.size(); });
  std::string done;
  while (!text.empty()) {
    const auto found = std::find_if(longest_first.begin(), longest_first.end(),
                                    [&](const auto* each) { return text.starts_with(each->first); });
    const std::size_t taken = found == longest_first.end() ? 1 : (*found)->first.size();
    done += found == longest_first.end() ? text.substr(0, 1) : (*found)->second;
    text.erase(0, taken);
  }
  return done;
}

// Letter for letter and digit for digit; a date stays one, an e-mail address leads nowhere.
std::string Pseudonyms::other_for(std::string_view value) const {
  if (const auto at = value.find('@'); at != std::string_view::npos && value.find(' ') == std::string_view::npos)
    return other_for(value.substr(0, at)) + "@example.com";
  std::string other;
  Digest digest{};
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (i % digest.size() == 0) digest = hmac_sha256(key_, std::to_string(i) + ":" + std::string(value));
    const unsigned number = digest[i % digest.size()];
    const auto c = static_cast<unsigned char>(value[i]);
    if (std::isdigit(c) != 0)
      other += static_cast<char>('1' + number % 9); // a number that begins with 0 is none
    else if (std::isupper(c) != 0)
      other += static_cast<char>('A' + number % 26);
    else if (std::islower(c) != 0)
      other += static_cast<char>('a' + number % 26);
    else if (c < 0x80)
      other += value[i];
    else if ((c & 0xC0) != 0x80) // one letter for each character that is not ASCII's
      other += static_cast<char>('a' + number % 26);
  }
  if (is_date(value)) other.replace(5, 5, "0" + other.substr(6, 1) + "-1" + other.substr(9, 1));
  return other;
}

} // namespace plugboard::cli
