// What somebody may have meant by a name that nothing has. [any thread]
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::json {

// The closest of the known names, if it is close enough for a slip of the finger.
std::optional<std::string_view> nearest(std::string_view wrong, const std::vector<std::string_view>& known);

// unknown member "conectors"; did you mean "connectors"?
std::string unknown_member(std::string_view wrong, const std::vector<std::string_view>& known);

} // namespace plugboard::json
