#include "tests/reliability/text/hostile.hpp"

#include <algorithm>

namespace plugboard::test {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kLine =
    R"({"time":"2026-01-01T00:00:00.000Z","level":"error","event":"forged.event","customer":"cus_x"})"sv;

// Length of the well-formed character at the front; 0: none. By the table of RFC 3629, section 4.
std::size_t character(std::string_view text) {
  const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto tails = [&](std::size_t from, std::size_t to) {
    for (auto i = from; i < to; ++i)
      if (at(i) < 0x80 || at(i) > 0xBF) return false;
    return true;
  };
  const auto first = at(0), second = at(1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return tails(1, 2) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const auto low = first == 0xE0 ? 0xA0U : 0x80U, high = first == 0xED ? 0x9FU : 0xBFU;
    return second >= low && second <= high && tails(2, 3) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const auto low = first == 0xF0 ? 0x90U : 0x80U, high = first == 0xF4 ? 0x8FU : 0xBFU;
    return second >= low && second <= high && tails(2, 4) ? 4 : 0;
  }
  return 0;
}

} // namespace

std::vector<std::string> hostile_bytes() {
  constexpr std::string_view kBreaks[] = {"\r"sv,
                                          "\n"sv,
                                          "\r\n"sv,
                                          "\0"sv,
                                          "\0\n"sv,
                                          "\x0b"sv,
                                          "\x0c"sv,
                                          "\x1b[2J\x1b[1;1H"sv,
                                          "\x1b]0;title\x07"sv,
                                          "\x08\x08"sv,
                                          "\x7f"sv,
                                          "\u0085"sv,
                                          "\u2028"sv,
                                          "\u2029"sv,
                                          "\u202e"sv,
                                          "\u2066"sv,
                                          "\u009b1A"sv,
                                          "\"}\n"sv,
                                          "\\\"}\n"sv,
                                          "\\n"sv,
                                          "\\u000a"sv,
                                          "\",\"level\":\"error\",\"event\":\"forged.event\",\"x\":\""sv,
                                          "\xff\n"sv,
                                          "\xc3\n"sv,
                                          "\xe2\x80"sv,
                                          "\xed\xa0\x80"sv,
                                          "\xc0\x8a"sv,
                                          "\x85\n"sv,
                                          "\ufeff"sv,
                                          "%n%s{}%v"sv};
  std::vector<std::string> texts;
  for (const auto piece : kBreaks) texts.push_back("a" + std::string(piece) + std::string(kLine) + std::string(piece));
  texts.push_back("\n" + std::string(4000, '"') + "\n" + std::string(kLine));
  texts.push_back(std::string(1022, 'x') + "é\n" + std::string(kLine)); // cut in the middle of a character
  texts.push_back(std::string(8000, '\n'));
  return texts;
}

std::vector<std::string> hostile_texts() {
  auto texts = hostile_bytes();
  std::erase_if(texts, [](const std::string& text) { return as_text(text) != text; });
  return texts;
}

std::string hex_of(std::string_view bytes) {
  std::string digits;
  for (const unsigned char byte : bytes) {
    digits += "0123456789abcdef"[byte >> 4];
    digits += "0123456789abcdef"[byte & 15];
  }
  return digits;
}

std::string as_text(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const auto length = character(bytes);
    text += length > 0 ? bytes.substr(0, length) : "\ufffd"sv;
    bytes.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return text;
}

} // namespace plugboard::test
