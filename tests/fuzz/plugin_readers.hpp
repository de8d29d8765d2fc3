// The JSON readers of the plugins, for targets that hold them against the hub's: the SDK's names and the hub's cannot
// stand in one file.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace plugboard::fuzz {

std::optional<std::string> written_by_rest(std::string_view text); // none: refused
std::optional<std::string> written_by_sdk(std::string_view text);  // read by parse_json; none: refused
bool is_taken_by_jwt(std::string_view text);                       // as an object of claims

// RapidJSON, which they and the hub's reader of people's files stand on, refuses a zero with a large exponent, 0e999,
// by its exponent alone; the hub's strict reader knows that it is zero. Also true of what only looks so.
bool has_large_exponent(std::string_view text);

struct Sought {
  bool is_pointer = false; // else nothing was sought
  bool found = false;      // something else than null
};

Sought sought_by_rest(std::string_view pointer, std::string_view text);
Sought sought_by_jwt(std::string_view pointer, std::string_view text); // pointer: not empty

} // namespace plugboard::fuzz
