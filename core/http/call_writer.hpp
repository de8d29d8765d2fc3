// Call → bytes of a request, head and body in one piece. [any thread]
#pragma once

#include "core/base/result.hpp"
#include "core/http/client.hpp"

#include <string>

namespace plugboard::http {

// Error: invalid_argument, when something in it could break the message or is for the client alone to say.
Result<std::string> write_call(const Call& call);

} // namespace plugboard::http
