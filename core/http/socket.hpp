// A connected stream socket: bytes are moved by plain system calls that never block, and readiness.hpp says when it is
// worth to try again. So there are no buffers to keep alive, and what lies under it can be changed here alone. Must be
// gone before its io_context. [the io_context's thread]
#pragma once

#include "core/http/readiness.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace plugboard::http {

enum class Io : std::uint8_t {
  moved = 1, // `bytes` of them
  wait_read, // try again when readable
  wait_write,
  ended,  // the other side has said that no more will come
  failed, // `error` says why
};

struct Moved {
  Io io;
  std::size_t bytes = 0;
  int error = 0; // errno
};

class Socket {
 public:
  static std::optional<Socket> adopt(boost::asio::io_context& io, int fd); // none: fd was closed, errno says why

  Moved read(std::span<char> into);
  Moved write(std::string_view bytes);
  void no_more_writes(); // the other side sees an end; reading goes on
  std::size_t unread();  // of what was written: bytes for which the other side has no room
  void reset_at_close(); // what was not read yet is dropped

  int fd() const { return watched_->fd(); }

  boost::asio::io_context::executor_type executor() const { return watched_->readiness().io().get_executor(); }

  // handler(boost::system::error_code), once; also when the socket is closed or destroyed before.
  template <class Handler>
  void when_readable(Handler handler) {
    watched_->when_readable(WaitHandler(std::move(handler)));
  }

  template <class Handler>
  void when_writable(Handler handler) {
    watched_->when_writable(WaitHandler(std::move(handler)));
  }

 private:
  explicit Socket(std::unique_ptr<Watched> watched) : watched_(std::move(watched)) {}

  std::unique_ptr<Watched> watched_;
};

} // namespace plugboard::http
