#include "core/worker/outbox.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <span>
#include <sys/uio.h>
#include <unistd.h>

namespace plugboard::worker {
namespace {

constexpr std::size_t kUsual = 64 * 1024;

// What is left of them after so many bytes; none of it is empty.
std::span<iovec> without(std::span<iovec> parts, std::size_t bytes) {
  while (!parts.empty() && bytes >= parts.front().iov_len) {
    bytes -= parts.front().iov_len;
    parts = parts.subspan(1);
  }
  if (!parts.empty()) {
    parts.front().iov_base = static_cast<char*>(parts.front().iov_base) + bytes;
    parts.front().iov_len -= bytes;
  }
  return parts;
}

} // namespace

Outbox::Hold::Hold(Outbox& outbox) : outbox_(outbox) {
  const std::lock_guard lock(outbox_.mutex_);
  outbox_.holder_ = std::this_thread::get_id();
}

Outbox::Hold::~Hold() {
  const std::lock_guard lock(outbox_.mutex_);
  outbox_.holder_ = {};
  outbox_.flush({});
}

void Outbox::flush_held() {
  const std::lock_guard lock(mutex_);
  flush({});
}

void Outbox::flush(std::string_view tail) {
  std::array<iovec, 2> parts{{{pending_.data(), pending_.size()}, {const_cast<char*>(tail.data()), tail.size()}}};
  for (auto left = without(parts, 0); !left.empty();) {
    const ssize_t sent = ::writev(socket_, left.data(), static_cast<int>(left.size()));
    if (sent < 0 && errno == EFAULT) std::abort(); // what the plugin points to is not there: it dies of it
    if (sent < 0 && errno != EINTR) ::_exit(0);    // the hub is gone, and nobody is left to answer
    left = without(left, sent > 0 ? static_cast<std::size_t>(sent) : 0);
  }
  pending_.clear();
  if (pending_.capacity() > kUsual) pending_ = {};
}

} // namespace plugboard::worker
