// How answers look to people: colours where a terminal shows them, columns that line up. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plugboard::cli {

enum class Colour : std::uint8_t { plain = 1, dim, bold, red, green, yellow, blue };

struct Terminal {
  bool colours = false; // a terminal, and NO_COLOR is not set
  std::size_t width = 100;

  static Terminal of_stdout();
  std::string paint(Colour colour, std::string_view text) const;
};

// Text from outside may hold anything: control characters are shown, never obeyed.
std::string harmless(std::string_view text);
std::size_t columns(std::string_view utf8); // code points, a good guess at columns
std::string padded(std::string_view text, std::size_t width);
std::string table(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows,
                  const Terminal& terminal);

} // namespace plugboard::cli
