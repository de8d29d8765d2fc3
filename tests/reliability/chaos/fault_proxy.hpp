// Stands between the hub and an upstream that speaks HTTP/1.1 with Content-Length, and spoils what comes back: by a
// seed, with a chance for each answer, or for a connection and then all of its answers. It serves on a thread of its
// own. [any thread]
#pragma once

#include "tests/bench/loop.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>

namespace plugboard::test {

enum class Fault : std::uint8_t {
  latency = 1, // whole, but late
  jitter,      // in pieces, each after a moment of its own
  drop,        // never; the connection stays
  reset,       // half of it, then RST
  half_close,  // half of it, then FIN; goes on reading
  drip,        // a byte at a time
  truncate,    // all of the head and half of the body, then the connection is closed
  corrupt,     // one byte is another
  duplicate,   // twice
  extra,       // and, a moment later, while nothing is asked for, the answer that somebody else was given before
};

std::string_view name_of(Fault fault);

struct FaultPlan {
  std::uint64_t seed = 1;
  std::map<Fault, double> an_answer{};    // chance of each
  std::map<Fault, double> a_connection{}; // chance that all its answers suffer from it
  std::chrono::milliseconds latency{50};  // of `latency`, exactly
  std::chrono::milliseconds most_gap{20}; // of `jitter` between two pieces, of `extra` after the answer
  std::chrono::milliseconds drip{1000};   // between two bytes

  // A request came over a connection that had been given more than its answers. When both crossed on the wire, neither
  // side could know of the other's, and HTTP/1.1 has no means to tell that this is not the request's answer; else
  // whoever sent it did not look. [the proxy's thread]
  struct Reuse {
    Fault fault; // extra or duplicate
    std::string_view surplus, request;
    std::chrono::nanoseconds since; // the surplus was sent
    bool crossed;
  };

  std::function<void(const Reuse&)> reused{};
  // How long those at both ends have been kept from running so far: for so long a request may have been about to be
  // sent, or to be seen. [the proxy's thread]
  std::function<std::chrono::nanoseconds()> waited{};
};

class FaultProxy {
 public:
  FaultProxy(int upstream_port, FaultPlan plan);
  ~FaultProxy();
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;

  int port() const { return port_; }

  std::uint64_t answers() const;                 // that came from the upstream
  std::map<Fault, std::uint64_t> faults() const; // how often each was done

 private:
  struct Relay;
  void serve(Relay& relay);

  int port_ = 0;
  std::atomic<bool> over_{false};
  mutable std::mutex mutex_;
  std::uint64_t answers_ = 0;
  std::map<Fault, std::uint64_t> faults_;
  std::unique_ptr<Relay> relay_; // [the thread]
  std::thread thread_;
};

} // namespace plugboard::test
