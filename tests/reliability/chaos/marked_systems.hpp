// The systems of D1: a port each, all served by one thread. What is answered to /record?customer=C&call=C.N carries a
// new marker of that call in its head and its body, also when it is an error. Calls that end with ".slow" are answered
// late. [any thread]
#pragma once

#include "tests/bench/loop.hpp"
#include "tests/reliability/chaos/markers.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace plugboard::test {

class MarkedSystems {
 public:
  struct Wish {
    int count = 1;
    std::uint64_t seed = 1;
    std::chrono::milliseconds slow{30}, slowest{90};                        // between them, what ".slow" waits
    std::function<Markers::Owner(int system, std::string_view call)> owner; // 0: no such call
  };

  MarkedSystems(Markers& markers, Wish wish);
  ~MarkedSystems();
  MarkedSystems(const MarkedSystems&) = delete;
  MarkedSystems& operator=(const MarkedSystems&) = delete;

  int port(int system) const { return ports_.at(static_cast<std::size_t>(system)); }

  std::uint64_t answered() const { return answered_; }

  // Requests that no hub should send: a call that nobody made, or one with another customer's id.
  std::vector<std::string> faults() const;

 private:
  struct Office;
  void serve();

  std::vector<int> ports_;
  std::atomic<bool> over_{false};
  std::atomic<std::uint64_t> answered_{0};
  mutable std::mutex mutex_;
  std::vector<std::string> faults_;
  std::unique_ptr<Office> office_; // [the thread]
  std::thread thread_;
};

} // namespace plugboard::test
