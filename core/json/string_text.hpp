// What a JSON string says, from what stands between its quotes. For bytes that are read without a Reader's tape.
#pragma once

#include <string>
#include <string_view>

namespace plugboard::json {

// Replaces `out`. False: an escape that JSON does not have, or half of a character; then `out` says nothing of use.
bool unescape(std::string_view inside, std::string& out);

} // namespace plugboard::json
