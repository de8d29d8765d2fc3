// A name server on a UDP port of the loopback that answers as the test says, each question anew. [any thread]
#pragma once

#include "tests/support/descriptor.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace plugboard::test {

struct NameAnswer {
  std::vector<std::string> addresses{}; // IPv4 and IPv6; each question gets those of its family
  std::uint32_t ttl = 0;                // seconds
  int code = 0;                         // 3: no such name
  std::string alias{};                  // the addresses are this name's, to which the one asked for leads
  bool silent = false;                  // no answer at all
};

class NameServer {
 public:
  using Answering = std::function<NameAnswer(const std::string& name, bool six)>; // on the server's thread

  explicit NameServer(Answering answering);
  ~NameServer();
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

  std::string address() const; // "127.0.0.1:PORT"

  int questions() const { return questions_; } // about IPv4 addresses: one a look-up

 private:
  void serve();
  std::string answer(const std::string& question);

  const Answering answering_;
  Descriptor socket_;
  int port_ = 0;
  std::atomic<int> questions_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

} // namespace plugboard::test
