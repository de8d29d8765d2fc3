// Response → bytes, head and body in one piece. [the server's thread]
#pragma once

#include "core/http/server.hpp"
#include "core/http/strict_head.hpp"

#include <string>
#include <string_view>

namespace plugboard::http {

struct Sending {
  std::string_view date_line;
  bool close = false;        // say that the connection ends after it
  bool without_body = false; // answers a HEAD: the head is the same, the body is left out
};

// Appends it; false, with nothing appended, when a header could break the message (a line end in it, a framing header).
bool write_response(std::string& out, const Response& response, const Sending& sending);

// The problem+json that answers what never reaches the handler.
Response problem(const Refusal& refusal);

} // namespace plugboard::http
