// Where a text stops being JSON, and why, for people. Off the way of a request that succeeds. [any thread]
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rapidjson {
struct ParseResult;
}

namespace plugboard::json {

inline constexpr std::string_view kNumberTooLarge =
    "A number is larger than 64 bits or a double hold; send it as a string.";

// "line 3, column 5: "; columns count characters.
std::string place_of(std::string_view text, std::size_t offset);

// What RapidJSON's parse of this very text found, with its place.
std::string syntax_message(std::string_view text, const rapidjson::ParseResult& result);

// Parses for the fault alone; none: the text is JSON as far as RapidJSON can tell.
std::optional<std::string> syntax_fault(std::string_view text, bool comments_allowed);

} // namespace plugboard::json
