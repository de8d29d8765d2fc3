#include "tests/reliability/policy/planted.hpp"

#include <algorithm>

namespace plugboard::test {

namespace {

bool luhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, twice = !twice) {
    const int value = (*digit - '0') * (twice ? 2 : 1);
    sum += value / 10 + value % 10;
  }
  return sum % 10 == 0;
}

std::string digits(std::mt19937_64& random, std::size_t count) {
  std::string text;
  for (; count > 0; --count) text += static_cast<char>('0' + random() % 10);
  return text;
}

std::string iban(std::mt19937_64& random, const std::string& country, const std::string& letters, std::size_t more) {
  const auto account = letters + digits(random, more);
  for (int check = 2; check < 99; ++check) {
    const auto text = (check < 10 ? "0" : "") + std::to_string(check);
    int remainder = 0;
    for (char c : account + country + text)
      remainder = c <= '9' ? (remainder * 10 + c - '0') % 97 : (remainder * 100 + c - 'A' + 10) % 97;
    if (remainder == 1) return country + text + account;
  }
  return {};
}

// Letters and digits, with what separates them taken out, also where JSON spells it.
std::string bare(std::string_view bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const auto c = bytes[at];
    if (c == '\\' && at + 5 < bytes.size() && bytes[at + 1] == 'u') {
      const auto value = std::stoi("0" + std::string(bytes.substr(at + 2, 4)), nullptr, 16);
      if (value < 0x80 && std::isalnum(value)) text += static_cast<char>(value);
      at += 5;
    } else if (std::isalnum(static_cast<unsigned char>(c))) {
      text += static_cast<char>(std::toupper(c));
    } else if (c != ' ' && c != '-' && c != '.' && c != '/' && static_cast<unsigned char>(c) < 0x80) {
      text += '|';
    }
  }
  return text;
}

} // namespace

Planted plant(std::mt19937_64& random, std::size_t many) {
  struct Issuer {
    const char* first;
    std::size_t size;
  };

  static constexpr Issuer kIssuers[] = {{"4", 16},    {"4", 19},    {"51", 16},  {"55", 16},   {"2221", 16},
                                        {"2720", 16}, {"34", 15},   {"37", 15},  {"6011", 16}, {"65", 16},
                                        {"3528", 16}, {"36", 14},   {"305", 14}, {"62", 16},   {"62", 19},
                                        {"6759", 16}, {"6304", 18}, {"5018", 16}};
  Planted planted;
  for (std::size_t i = 0; i < many; ++i) {
    const auto& issuer = kIssuers[i % std::size(kIssuers)];
    auto card = issuer.first + digits(random, issuer.size - std::string_view(issuer.first).size());
    while (!luhn(card)) card.back() = static_cast<char>('0' + (card.back() - '0' + 1) % 10);
    planted.cards.push_back(card);
    static const std::vector<std::pair<std::string, std::size_t>> kCountries{
        {"SE", 20}, {"DE", 18}, {"NO", 11}, {"FI", 14}, {"ES", 20}};
    const auto& [country, size] = kCountries[i % kCountries.size()];
    planted.ibans.push_back(iban(random, country, "", size));
    planted.ibans.push_back(iban(random, "NL", "ABNA", 10));
    planted.ibans.push_back(iban(random, "GB", "NWBK", 14));
    planted.codes.push_back("SecurityCode" + digits(random, 6));
  }
  return planted;
}

std::vector<std::string> spellings(const std::string& number) {
  const auto grouped = [&](const std::string& separator) {
    std::string text;
    for (std::size_t i = 0; i < number.size(); ++i) text += (i && i % 4 == 0 ? separator : "") + number[i];
    return text;
  };
  std::string escaped, lower = number;
  for (char c : number) {
    const char* kHex = "0123456789abcdef";
    escaped += std::string("\\u00") + kHex[c >> 4] + kHex[c & 15];
  }
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
  return {number,
          grouped(" "),
          grouped("-"),
          grouped("."),
          grouped("\u00A0"),
          grouped("\\u00a0"),
          grouped("\u2011"),
          escaped,
          lower,
          "paid by " + grouped(" ") + ", thanks",
          "(" + number + ")",
          "no." + number};
}

std::string found(const Planted& planted, std::string_view bytes) {
  const auto text = bare(bytes);
  for (const auto* list : {&planted.cards, &planted.ibans})
    for (const auto& number : *list)
      if (text.find(number) != std::string::npos) return "number " + number;
  for (const auto& code : planted.codes)
    if (bytes.find(code) != std::string_view::npos) return "code " + code;
  return {};
}

} // namespace plugboard::test
