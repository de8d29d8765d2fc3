// Call → bytes of an HTTP/1.1 request, head and body in one piece. [any thread]
#pragma once

#include "core/base/result.hpp"
#include "core/http/client.hpp"

#include <string>
#include <string_view>

namespace plugboard::http {

// Error: invalid_argument, when something in it could break the message or is for the client alone to say.
Result<void> check_call(const Call& call);

bool says_length(const Call& call); // content-length is sent, were it 0

void write_call(const Call& call, std::string_view host, std::string& out); // one that was checked; host: host_header()
                                                                            // of its origin. What was in `out` goes

} // namespace plugboard::http
