// Text that came from a database, made safe for JSON. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace plugboard::sql {

bool is_utf8(std::string_view bytes);
bool is_json(std::string_view text);                         // one whole value, well formed, UTF-8
void append_quoted(std::string& out, std::string_view utf8); // "…"

} // namespace plugboard::sql
