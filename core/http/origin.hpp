// How an origin is written, in messages, in Host, and as the key of its pool. [any thread]
#pragma once

#include "core/http/url.hpp"

#include <string>

namespace plugboard::http {

std::string name_of(const Origin& origin);      // "https://api.shop.example:443"
std::string host_header(const Origin& origin);  // without the scheme's own port
Error about(const Origin& origin, Error error); // names it at the start of the message, unless it is named already

} // namespace plugboard::http
