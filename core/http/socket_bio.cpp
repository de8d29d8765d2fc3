#include "core/http/socket_bio.hpp"

namespace plugboard::http {
namespace {

Socket& socket_of(BIO* bio) {
  return *static_cast<Socket*>(BIO_get_data(bio));
}

int write_bytes(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const auto moved = socket_of(bio).write({bytes, static_cast<std::size_t>(size)});
  if (moved.io == Io::moved) return static_cast<int>(moved.bytes);
  if (moved.io == Io::wait_write) BIO_set_retry_write(bio);
  return -1;
}

int read_bytes(BIO* bio, char* into, int size) {
  BIO_clear_retry_flags(bio);
  const auto moved = socket_of(bio).read({into, static_cast<std::size_t>(size)});
  if (moved.io == Io::moved) return static_cast<int>(moved.bytes);
  if (moved.io == Io::wait_read) BIO_set_retry_read(bio);
  if (moved.io == Io::ended) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return moved.io == Io::ended ? 0 : -1;
}

long control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
  return 0;
}

} // namespace

BIO_METHOD* make_socket_bio_method() {
  auto* method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "plugboard socket");
  BIO_meth_set_write(method, write_bytes);
  BIO_meth_set_read(method, read_bytes);
  BIO_meth_set_ctrl(method, control);
  return method;
}

BIO* make_socket_bio(BIO_METHOD* method, Socket& socket) {
  auto* bio = BIO_new(method);
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, &socket);
  BIO_set_init(bio, 1);
  return bio;
}

} // namespace plugboard::http
