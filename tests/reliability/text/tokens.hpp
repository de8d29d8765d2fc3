// JSON as a parser that is not the hub's sees it, numbers kept as text: two texts of the same tokens say the same.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::test {

using Tokens = std::vector<std::string>;

std::optional<Tokens> tokens_of(std::string_view text);  // none: it is no JSON to RapidJSON
bool stands_in(const Tokens& part, const Tokens& whole); // one after the other, without a gap

} // namespace plugboard::test
