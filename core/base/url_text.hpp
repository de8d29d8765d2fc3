// A part of a URL or of a form's text, and what it stands for (RFC 3986, 2.1). [any thread]
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace plugboard {

// All but letters, digits and "-._~" as % and two digits.
void append_url_escaped(std::string& out, std::string_view text);
std::string url_escaped(std::string_view text);

std::optional<std::string> url_unescaped(std::string_view text);  // none: it has a % that begins no escape
std::optional<std::string> form_unescaped(std::string_view text); // the same, where a + is a blank

} // namespace plugboard
