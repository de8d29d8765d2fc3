#include "core/base/account_numbers.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace plugboard {

namespace {

enum Class : std::uint8_t { kOther, kSeparator, kDigit };

// Bytes that may stand in a number: digits, and those of separators, some of which are several bytes long.
constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> classes{};
  for (unsigned char c = '0'; c <= '9'; ++c) classes[c] = kDigit;
  for (unsigned char c : {0x20, 0x2D, 0x2E, 0x2F, 0x80, 0x89, 0xA0, 0xAF, 0xC2, 0xE2}) classes[c] = kSeparator;
  for (unsigned char c = 0x90; c <= 0x95; ++c) classes[c] = kSeparator;
  return classes;
}

constexpr auto kClasses = make_classes();
constexpr std::size_t kLeastRun = 10, kLeastCard = 13, kMostCard = 19;
constexpr char kMask = '*';

std::uint8_t class_of(char c) {
  return kClasses[static_cast<unsigned char>(c)];
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Bytes of the separator that begins here; 0: none does. Space, no-break spaces, thin space, dashes, dot, slash.
std::size_t separator_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  const auto c = text[at];
  if (c == ' ' || c == '-' || c == '.' || c == '/') return 1;
  const auto rest = text.substr(at);
  if (rest.starts_with("\u00A0")) return 2;
  for (std::string_view wide : {"\u2009", "\u202F", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015"})
    if (rest.starts_with(wide)) return 3;
  return 0;
}

// Past at most two separators.
std::size_t past_separators(std::string_view text, std::size_t at) {
  at += separator_at(text, at);
  return at + separator_at(text, at);
}

// What was masked before goes on here: at least three masks, whatever separators are between.
bool masks_follow(std::string_view text, std::size_t at) {
  for (int masks = 0; masks < 3; ++masks, ++at) {
    at = past_separators(text, at);
    if (at >= text.size() || text[at] != kMask) return false;
  }
  return true;
}

struct Run { // of digits and separators, as long as it goes
  std::size_t begin, end;
};

// The next run that holds as many digits as the shortest number could have side by side. A run of ten bytes has one at
// every tenth place, so that nothing else needs be looked at.
bool next_run(std::string_view text, std::size_t from, Run& run) {
  for (std::size_t at = from + kLeastRun - 1; at < text.size(); at += kLeastRun) {
    if (class_of(text[at]) == kOther) continue;
    run.begin = run.end = at;
    std::size_t digits = 0;
    while (run.begin > from && class_of(text[run.begin - 1]) != kOther) digits += is_digit(text[--run.begin]);
    for (; run.end < text.size() && class_of(text[run.end]) != kOther; ++run.end) digits += is_digit(text[run.end]);
    if (digits >= kLeastRun) return true;
    from = at = run.end;
  }
  return false;
}

bool passes_luhn(std::string_view digits) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    unsigned digit = static_cast<unsigned>(digits[digits.size() - 1 - i] - '0') << (i & 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 == 0;
}

bool is_bar_code(std::string_view digits) { // EAN-13
  unsigned sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) sum += static_cast<unsigned>(digits[i] - '0') * (i & 1 ? 3 : 1);
  return sum % 10 == 0;
}

// Whether an issuer gives out numbers that begin so and are so long.
bool is_issued(std::string_view digits) {
  const auto size = digits.size();
  const auto first = [&](std::size_t count) {
    unsigned number = 0;
    for (std::size_t i = 0; i < count; ++i) number = number * 10 + static_cast<unsigned>(digits[i] - '0');
    return number;
  };
  const auto within = [](unsigned number, unsigned low, unsigned high) { return number >= low && number <= high; };
  switch (digits[0]) {
  case '2':
    return within(first(4), 2221, 2720) ? size == 16 : within(first(4), 2200, 2205) && size >= 16;
  case '3':
    if (first(2) == 34 || first(2) == 37) return size == 15;
    if (first(2) == 36 || first(2) == 38 || first(2) == 39 || within(first(3), 300, 305) || first(3) == 309)
      return size >= 14;
    return within(first(4), 3528, 3589) && size >= 16;
  case '4':
    return size == 16 || size == 19 || (size == 13 && !is_bar_code(digits));
  case '5':
    return within(first(2), 51, 55) ? size == 16 : size >= 16;
  case '6':
    return size >= 16;
  case '8':
    return size >= 16 && (first(2) == 81 || first(2) == 82 || first(2) == 86);
  case '9':
    return size == 16 && (first(4) == 9792 || first(4) == 9860);
  default:
    return false;
  }
}

// Looks at the numbers that begin with one group and end with it or one that follows, with separators between.
class Card {
 public:
  Card(std::string_view text, std::size_t begin) : text_(text), begin_(begin), next_(begin) {}

  // The digits to be masked; none: no card begins here.
  std::vector<std::size_t> hidden() && {
    is_phone_ = begin_ > 0 && text_[begin_ - 1] == '+';
    for (bool after_card = false;;) {
      const auto end = past_digits(next_);
      const auto count = end - next_;
      if (after_card && (count == 3 || count == 4)) // perhaps its security code
        for (auto at = next_; at < end; ++at) hidden_.push_back(at);
      if (count == 0 || size_ + count > kMostCard) break;
      for (; next_ < end; ++next_) places_[size_++] = next_;
      after_card = ends_card(end);
      if (after_card) hidden_.insert(hidden_.end(), places_.data() + 6, places_.data() + size_ - 4);
      next_ = past_separators(text_, end);
    }
    return std::move(hidden_);
  }

 private:
  bool ends_card(std::size_t end) const {
    if (size_ < kLeastCard || (is_phone_ && size_ <= 15) || masks_follow(text_, end)) return false;
    std::array<char, kMostCard> digits{};
    for (std::size_t i = 0; i < size_; ++i) digits[i] = text_[places_[i]];
    const std::string_view number(digits.data(), size_);
    return is_issued(number) && passes_luhn(number);
  }

  std::size_t past_digits(std::size_t at) const { // no further than one more than a card has
    const auto most = std::min(text_.size(), at + kMostCard + 1);
    while (at < most && is_digit(text_[at])) ++at;
    return at;
  }

  std::string_view text_;
  std::size_t begin_, next_;
  bool is_phone_ = false;
  std::array<std::size_t, kMostCard> places_{}; // of digits
  std::size_t size_ = 0;
  std::vector<std::size_t> hidden_;
};

// ISO 13616: how long a country's IBANs are.
std::size_t iban_size(char a, char b) {
  static constexpr std::string_view kSizes =
      "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22"
      "GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20"
      "MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26"
      "UA29VA22VG24XK20YE30";
  const auto upper = [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; };
  for (std::size_t at = 0; at < kSizes.size(); at += 4)
    if (kSizes[at] == upper(a) && kSizes[at + 1] == upper(b))
      return static_cast<std::size_t>(kSizes[at + 2] - '0') * 10 + static_cast<std::size_t>(kSizes[at + 3] - '0');
  return 0;
}

unsigned mod97(unsigned remainder, char c) {
  if (is_digit(c)) return (remainder * 10 + static_cast<unsigned>(c - '0')) % 97;
  return (remainder * 100 + static_cast<unsigned>((c | 0x20) - 'a') + 10) % 97;
}

// The characters of the IBAN that begins here; none when there is none.
std::vector<std::size_t> iban_at(std::string_view text, std::size_t begin) {
  if (begin + 4 > text.size() || !is_letter(text[begin]) || !is_letter(text[begin + 1]) || !is_digit(text[begin + 2]) ||
      !is_digit(text[begin + 3]))
    return {};
  const auto size = iban_size(text[begin], text[begin + 1]);
  std::vector<std::size_t> places;
  for (auto at = begin; places.size() < size;) {
    if (!places.empty() && places.size() % 2 == 0) at += separator_at(text, at);
    if (at >= text.size() || (!is_digit(text[at]) && !is_letter(text[at]))) return {};
    places.push_back(at++);
  }
  if (places.empty()) return {};
  const auto after = places.back() + 1;
  if (after < text.size() && (is_digit(text[after]) || is_letter(text[after]))) return {};
  if (masks_follow(text, after)) return {};
  unsigned remainder = 0;
  for (std::size_t i = 4; i < size + 4; ++i) remainder = mod97(remainder, text[places[i % size]]);
  return remainder == 1 ? places : std::vector<std::size_t>();
}

// Where an IBAN that goes on in a run may begin.
std::size_t iban_begin(std::string_view text, std::size_t run) {
  constexpr std::size_t kMost = 3 * 34; // letters, with separators
  const auto least = run - std::min(run, kMost);
  while (run > least && (is_letter(text[run - 1]) || class_of(text[run - 1]) != kOther)) --run;
  return run;
}

// Calls hide(place) for each character that may not be seen; the text may be changed by it. The masks that come so
// never make another number out of what is left: where they begin no number ends.
template <class Hide>
void search(std::string_view text, Hide&& hide) {
  Run run{};
  for (std::size_t from = 0; next_run(text, from, run); from = run.end) {
    for (auto at = iban_begin(text, run.begin); at < run.end; ++at)
      if (const auto places = iban_at(text, at); !places.empty())
        for (std::size_t i = 4; i + 4 < places.size(); ++i) hide(places[i]);
    for (auto at = run.begin; at < run.end; ++at)
      if (is_digit(text[at]) && (at == 0 || !is_digit(text[at - 1])))
        for (auto place : Card(text, at).hidden()) hide(place);
  }
}

} // namespace

bool holds_account_number(std::string_view text) {
  bool found = false;
  search(text, [&](std::size_t) { found = true; });
  return found;
}

bool mask_account_numbers(std::string& text) {
  bool found = false;
  search(text, [&](std::size_t place) {
    found = true;
    text[place] = kMask;
  });
  return found;
}

} // namespace plugboard
