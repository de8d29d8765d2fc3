// Lets OpenSSL move its bytes by our Socket: its own socket BIO would raise SIGPIPE. Internal to tls.
#pragma once

#include "core/http/socket.hpp"

#include <openssl/bio.h>

namespace plugboard::http {

BIO_METHOD* make_socket_bio_method();                     // the caller's to free
BIO* make_socket_bio(BIO_METHOD* method, Socket& socket); // borrows both; null: no memory

} // namespace plugboard::http
