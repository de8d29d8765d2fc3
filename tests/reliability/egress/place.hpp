// An address and port of this machine that counts who comes: the one that may be reached, or one that may not.
// [any thread]
#pragma once

#include "tests/support/descriptor.hpp"

#include <atomic>
#include <string>
#include <thread>

namespace plugboard::test {

class Place {
 public:
  // address: IPv4 or IPv6; port 0: the system chooses. head: of every answer, which closes its connection.
  explicit Place(const std::string& address, int port = 0, std::string head = "HTTP/1.1 200 OK\r\n");
  ~Place();
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  int port() const { return port_; }

  int visits() const { return visits_; } // connections

 private:
  void serve();

  const std::string answer_;
  Descriptor listener_;
  int port_ = 0;
  std::atomic<int> visits_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

} // namespace plugboard::test
