// One epoll instance and those who wait in it, for the benchmark's own programs. It owns them. [one thread]
#pragma once

#include "tests/support/descriptor.hpp"

#include <sys/epoll.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace plugboard::bench {

using Nanoseconds = std::chrono::nanoseconds;

Nanoseconds now(); // monotonic

class Watcher {
 public:
  explicit Watcher(test::Descriptor socket) : socket_(std::move(socket)) {}

  virtual ~Watcher() = default;
  virtual void ready(std::uint32_t events) = 0;

  int fd() const { return socket_.get(); }

  bool gone() const { return gone_; }

 protected:
  test::Descriptor socket_;

 private:
  friend class Loop;
  bool gone_ = false;
};

class Loop {
 public:
  Loop();

  void add(std::unique_ptr<Watcher> watcher, std::uint32_t events = EPOLLIN);
  void listen_for(Watcher& watcher, std::uint32_t events);
  void release(Watcher& watcher); // closed at once, destroyed at the end of the turn
  void turn(Nanoseconds wait);    // waits at most so long, then tells those that are ready

 private:
  test::Descriptor epoll_;
  std::unordered_map<Watcher*, std::unique_ptr<Watcher>> watchers_;
  std::vector<std::unique_ptr<Watcher>> released_;
  std::vector<epoll_event> events_;
};

// Non-blocking TCP sockets on the loopback; they throw when there is none.
test::Descriptor listening(int& port); // 0: the system chooses, and it is said here
test::Descriptor connected(int port);
test::Descriptor accepted(int listener); // get() < 0: nobody is there

} // namespace plugboard::bench
