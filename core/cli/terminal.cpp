#include "core/cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace plugboard::cli {

Terminal Terminal::of_stdout() {
  Terminal terminal;
  const char* no_colour = std::getenv("NO_COLOR"); // NOLINT(concurrency-mt-unsafe): one thread
  terminal.colours = ::isatty(STDOUT_FILENO) && !(no_colour && *no_colour);
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) terminal.width = size.ws_col;
  return terminal;
}

std::string Terminal::paint(Colour colour, std::string_view text) const {
  if (!colours || colour == Colour::plain) return std::string(text);
  static constexpr const char* kCodes[] = {"", "", "2", "1", "31", "32", "33", "34"};
  return "\x1b[" + std::string(kCodes[static_cast<std::size_t>(colour)]) + "m" + std::string(text) + "\x1b[0m";
}

std::string harmless(std::string_view text) {
  std::string shown;
  for (unsigned char c : text) {
    if (c >= 0x20 && c != 0x7f) {
      shown += static_cast<char>(c);
      continue;
    }
    char escape[8];
    std::snprintf(escape, sizeof escape, "\\x%02x", c);
    shown += escape;
  }
  return shown;
}

std::size_t columns(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

std::string padded(std::string_view text, std::size_t width) {
  std::string result(text);
  auto have = columns(text);
  if (have < width) result.append(width - have, ' ');
  return result;
}

std::string table(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows,
                  const Terminal& terminal) {
  std::vector<std::size_t> widths;
  for (const auto& head : heads) widths.push_back(columns(head));
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
  std::string text;
  auto line = [&](const std::vector<std::string>& cells, Colour colour) {
    std::string row;
    for (std::size_t i = 0; i < cells.size(); ++i)
      row += i + 1 < cells.size() ? padded(cells[i], widths[i] + 2) : cells[i];
    text += terminal.paint(colour, row) + "\n";
  };
  line(heads, Colour::dim);
  for (const auto& row : rows) line(row, Colour::plain);
  return text;
}

} // namespace plugboard::cli
