#include "core/base/redacted.hpp"

#include <algorithm>

namespace plugboard {
namespace {

constexpr std::size_t kLongNumber = 7, kLongWord = 20;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

bool is_of_word(char c) { // of base64, a token, an address, an account number
  return is_digit(c) || is_letter(c) || c == '_' || c == '-' || c == '+' || c == '.' || c == '@' || c == '%' ||
         c == '~';
}

std::size_t count_digits(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
}

// Digits with one separator between two at most: "+46 70-123 45 67", "4111 1111 1111 1111". 0: it starts here none.
std::size_t number_length(std::string_view text) {
  std::size_t end = 0, at = 0;
  if (!text.empty() && text[0] == '+') ++at;
  while (at < text.size()) {
    if (is_digit(text[at]))
      end = ++at;
    else if (end > 0 && at == end && std::string_view(" -./()").find(text[at]) != std::string_view::npos)
      ++at;
    else
      break;
  }
  return count_digits(text.substr(0, end)) >= kLongNumber ? end : 0;
}

std::size_t word_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && is_of_word(text[length])) ++length;
  return length;
}

bool is_address(std::string_view word) {
  const auto at = word.find('@') != std::string_view::npos ? word.find('@') : word.find("%40");
  return at != std::string_view::npos && at > 0 && at + 1 < word.size();
}

// A token, a hash, an account number of letters and digits: with digits in it, or with capitals and small letters as
// only chance mixes them. Not a long name in code, nor a file's.
bool is_opaque(std::string_view word) {
  if (word.size() < kLongWord) return false;
  const auto count = [&](char first, char last) {
    return static_cast<std::size_t>(
        std::count_if(word.begin(), word.end(), [&](char c) { return c >= first && c <= last; }));
  };
  const std::size_t small = count('a', 'z'), capital = count('A', 'Z');
  return (count_digits(word) >= 2 && std::any_of(word.begin(), word.end(), is_letter)) ||
         (small * 4 >= word.size() && capital * 4 >= word.size());
}

} // namespace

std::string redacted(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const bool starts = out.empty() || !is_of_word(out.back());
    const auto word = starts ? text.substr(0, word_length(text)) : std::string_view();
    const auto number = starts || !is_digit(out.back()) ? number_length(text) : 0;
    if (is_address(word)) {
      out += "[e-mail]";
      text.remove_prefix(word.size());
    } else if (is_opaque(word)) {
      out += "[opaque]";
      text.remove_prefix(word.size());
    } else if (number > 0) {
      out += "[number]";
      text.remove_prefix(number);
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

} // namespace plugboard
