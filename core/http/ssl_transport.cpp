#include "core/http/ssl_transport.hpp"

#include "core/http/socket_bio.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <utility>

namespace plugboard::http {

constexpr std::size_t kMaxWrite = 1 << 20;

void FreeSsl::operator()(SSL* ssl) const {
  SSL_free(ssl);
  ERR_clear_error();
}

SslTransport::SslTransport(Socket socket, SslPtr ssl) : socket_(std::move(socket)), ssl_(std::move(ssl)) {}

bool SslTransport::use(BIO_METHOD* socket_bio) {
  auto* bio = ssl_ ? make_socket_bio(socket_bio, socket_) : nullptr;
  if (bio == nullptr) return false;
  SSL_set_bio(ssl(), bio, bio);
  return true;
}

Moved SslTransport::greet() {
  ERR_clear_error();
  const int result = SSL_is_server(ssl()) == 1 ? SSL_accept(ssl()) : SSL_connect(ssl());
  return result == 1 ? Moved{Io::moved} : outcome(result);
}

Moved SslTransport::read(std::span<char> into) {
  ERR_clear_error();
  const int got = SSL_read(ssl(), into.data(), static_cast<int>(into.size()));
  return got > 0 ? Moved{Io::moved, static_cast<std::size_t>(got)} : outcome(got);
}

Moved SslTransport::write(std::string_view bytes) {
  ERR_clear_error();
  const int sent = SSL_write(ssl(), bytes.data(), static_cast<int>(std::min(bytes.size(), kMaxWrite)));
  return sent > 0 ? Moved{Io::moved, static_cast<std::size_t>(sent)} : outcome(sent);
}

bool SslTransport::holds_bytes() const {
  return SSL_has_pending(ssl()) == 1;
}

Moved SslTransport::outcome(int result) {
  switch (SSL_get_error(ssl(), result)) {
  case SSL_ERROR_WANT_READ:
    return {Io::wait_read};
  case SSL_ERROR_WANT_WRITE:
    return {Io::wait_write};
  case SSL_ERROR_ZERO_RETURN:
    return {Io::ended};
  default:
    failed_ = true;
    complaint_ = reason();
    return {Io::failed};
  }
}

} // namespace plugboard::http
