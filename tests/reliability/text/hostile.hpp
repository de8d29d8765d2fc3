// Texts that try to be more than text where somebody writes them down: to end a line, to begin an event of their own,
// to move a terminal's cursor. Values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plugboard::test {

inline constexpr std::string_view kForged = "forged.event"; // what they would have the log say

std::vector<std::string> hostile_bytes(); // any bytes
std::vector<std::string> hostile_texts(); // those of them that are UTF-8

std::string hex_of(std::string_view bytes);
// How a text that may not be UTF-8 stands in a log: each byte that belongs to no character as U+FFFD.
std::string as_text(std::string_view bytes);

} // namespace plugboard::test
