// What others say on the way to the log, a plugin's words above all, without what could be a customer's or a
// credential: addresses, long numbers, account numbers, tokens. By their looks: a name or a street stays. Pure.
#pragma once

#include <string>
#include <string_view>

namespace plugboard {

// Each such word becomes "[e-mail]", "[number]" or "[opaque]". Numbers count from seven digits on, whatever separates
// them; opaque words are of 20 characters or more that mix letters and digits.
std::string redacted(std::string_view text);

} // namespace plugboard
