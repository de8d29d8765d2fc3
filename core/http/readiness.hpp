// Says when sockets can be read or written: one epoll for all of an io_context's, behind one descriptor of Asio's. What
// a socket was waited for once stays registered, so that to wait for its next message costs no system call; Asio's own
// wait costs one each time. Made with the first socket, gone with its io_context. [the io_context's thread]
#pragma once

#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include <sys/epoll.h>

namespace plugboard::http {

// Is run once, and lies where it is kept: nothing is allocated for it.
class WaitHandler {
 public:
  using Error = boost::system::error_code;

  WaitHandler() = default;

  template <class F>

  requires(!std::is_same_v<std::decay_t<F>, WaitHandler>) explicit WaitHandler(F f) : act_(&act<F>) {
    static_assert(sizeof(F) <= kRoom && alignof(F) <= alignof(void*) && std::is_nothrow_move_constructible_v<F>);
    ::new (room_.data()) F(std::move(f));
  }

  WaitHandler(WaitHandler&& other) noexcept { take(other); }

  WaitHandler& operator=(WaitHandler&& other) noexcept {
    if (this == &other) return *this;
    if (act_ != nullptr) std::exchange(act_, nullptr)(Do::destroy, *this, nullptr, {});
    take(other);
    return *this;
  }

  ~WaitHandler() {
    if (act_ != nullptr) act_(Do::destroy, *this, nullptr, {});
  }

  explicit operator bool() const { return act_ != nullptr; }

  void operator()(const Error& error) { std::exchange(act_, nullptr)(Do::run, *this, nullptr, error); }

 private:
  enum class Do : std::uint8_t { run = 1, move, destroy };
  using Act = void (*)(Do what, WaitHandler& self, WaitHandler* to, const Error& error);
  static constexpr std::size_t kRoom = 48;

  template <class F>
  static void act(Do what, WaitHandler& self, WaitHandler* to, const Error& error) {
    F& kept = *std::launder(reinterpret_cast<F*>(self.room_.data()));
    if (what == Do::move) ::new (to->room_.data()) F(std::move(kept));
    if (what != Do::run) return kept.~F();
    F f(std::move(kept)); // what it does may destroy where it was kept
    kept.~F();
    f(error);
  }

  void take(WaitHandler& other) {
    act_ = std::exchange(other.act_, nullptr);
    if (act_ != nullptr) act_(Do::move, other, this, {});
  }

  alignas(void*) std::array<std::byte, kRoom> room_;
  Act act_ = nullptr;
};

class Readiness;

// One socket, which it owns. Who waits hears once: of its readiness, or of its end.
class Watched {
 public:
  Watched(Readiness& readiness, int fd);
  ~Watched(); // closes it
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  bool begin(); // false: the system has no room for it, errno says why

  int fd() const { return fd_; }

  Readiness& readiness() const { return readiness_; }

  void when_readable(WaitHandler handler);
  void when_writable(WaitHandler handler);

 private:
  friend class Readiness;
  void happened(std::uint32_t events);
  bool register_for(std::uint32_t events); // false: errno says why not

  Readiness& readiness_;
  const int fd_;
  std::uint32_t registered_ = 0;
  std::size_t place_ = 0; // in the readiness's list
  WaitHandler on_readable_, on_writable_;
};

class Readiness final : public boost::asio::execution_context::service {
 public:
  using key_type = Readiness;
  inline static boost::asio::execution_context::id id; // NOLINT: how Asio tells services apart

  explicit Readiness(boost::asio::execution_context& context);
  ~Readiness() override;

  static Readiness& of(boost::asio::io_context& io) { return boost::asio::use_service<Readiness>(io); }

  boost::asio::io_context& io() { return io_; }

 private:
  friend class Watched;
  using Descriptor = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;
  static constexpr int kAtOnce = 128; // then others of this thread have their turn

  void shutdown() override;
  void enter(Watched& watched);
  void leave(Watched& watched);
  void armed();    // one more waits
  void disarmed(); // one less
  void wait();
  void look();

  boost::asio::io_context& io_;
  std::optional<Descriptor> epoll_; // none: the io_context ends
  std::vector<Watched*> all_;
  std::array<epoll_event, kAtOnce> events_{}; // of the present look
  int count_ = 0, next_ = 0;
  std::size_t armed_ = 0;
  bool waiting_ = false; // without anybody who waits, the io_context has nothing to do with this
};

} // namespace plugboard::http
