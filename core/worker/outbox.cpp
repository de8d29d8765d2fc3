#include "core/worker/outbox.hpp"

#include <cerrno>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace plugboard::worker {
namespace {

constexpr std::size_t kUsual = 64 * 1024;

} // namespace

Outbox::Hold::Hold(Outbox& outbox) : outbox_(outbox) {
  const std::lock_guard lock(outbox_.mutex_);
  outbox_.holder_ = std::this_thread::get_id();
}

Outbox::Hold::~Hold() {
  const std::lock_guard lock(outbox_.mutex_);
  outbox_.holder_ = {};
  outbox_.flush();
}

void Outbox::flush_held() {
  const std::lock_guard lock(mutex_);
  flush();
}

void Outbox::flush() {
  std::string_view left = pending_;
  while (!left.empty()) {
    const ssize_t sent = ::send(socket_, left.data(), left.size(), MSG_NOSIGNAL);
    if (sent > 0) left.remove_prefix(static_cast<std::size_t>(sent));
    if (sent < 0 && errno != EINTR) ::_exit(0); // the hub is gone, and nobody is left to answer
  }
  pending_.clear();
  if (pending_.capacity() > kUsual) pending_ = {};
}

} // namespace plugboard::worker
