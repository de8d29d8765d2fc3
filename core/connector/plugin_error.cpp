#include "core/connector/plugin_error.hpp"

#include "core/base/text.hpp"

#include <cstring>

namespace plugboard::connector {

std::string words_of(const plugboard_error& error, std::int32_t code) {
  std::string words(error.message, ::strnlen(error.message, sizeof error.message));
  if (words.empty()) return "it refused, with code " + std::to_string(code) + " and without a word why";
  for (char& c : words) // a line of a log and of a terminal
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  while (!words.empty() && !is_utf8(words)) words.pop_back(); // cut within a character, or rubbish from there on
  return words.empty() ? "it refused, in words that are no text" : words;
}

} // namespace plugboard::connector
