// Text as it stands in JSON and in logs: UTF-8 checked, everything that could break or forge a line escaped.
// json::Writer and the log share it. [any thread]
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace plugboard {

// Length in bytes of the well-formed UTF-8 character at the front; 0 when there is none (also: surrogates, overlong).
std::size_t utf8_length(std::string_view text);
bool is_utf8(std::string_view text);

// Appends `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD. Beyond what JSON demands it
// escapes what a terminal or a line reader acts upon: DEL, C1 controls, line separators, marks that turn text around.
void append_json_string(std::string& out, std::string_view text);

// Appends a number in its shortest form that reads back equal; null when it is not finite.
void append_json_number(std::string& out, double value);

} // namespace plugboard
