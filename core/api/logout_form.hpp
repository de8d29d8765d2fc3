// The body of a back-channel logout: form-encoded, from a provider, so from anybody. [any thread]
#pragma once

#include "core/base/result.hpp"

#include <string_view>

namespace plugboard::api {

// The value of logout_token, a view of `body`; other parameters do not matter. Error: malformed: it is not there once,
// or holds anything but a token's own characters.
Result<std::string_view> logout_token_in(std::string_view body);

} // namespace plugboard::api
