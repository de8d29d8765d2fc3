// Stands between a proxy and the hub, passes on every byte both ways, and keeps them, so that afterwards what the proxy
// believes it asked can be held against what the hub answered. A thread a connection. [any thread]
#pragma once

#include "tests/support/descriptor.hpp"

#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace plugboard::test {

struct Tapped { // one connection
  std::string asked, answered;
};

class Tap {
 public:
  explicit Tap(int hub_port);
  ~Tap();
  Tap(const Tap&) = delete;
  Tap& operator=(const Tap&) = delete;

  int port() const { return port_; }

  std::vector<Tapped> connections() const;

 private:
  void accept_all();
  void pass(std::size_t index, const Descriptor& proxy);

  const int hub_port_;
  Descriptor listener_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<Tapped> seen_;
  std::deque<Descriptor> proxies_; // to be shut down at the end
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

} // namespace plugboard::test
