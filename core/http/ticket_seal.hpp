// Lets OpenSSL seal session tickets with our keys. Internal to the identity.
#pragma once

#include "core/http/ticket_keys.hpp"

struct ssl_ctx_st;

namespace plugboard::http {

void seal_tickets_with(TicketKeys& keys, ssl_ctx_st* context); // keys outlive it

} // namespace plugboard::http
