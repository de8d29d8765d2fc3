// What must be answered whatever is asked meanwhile: health, an admin's page, and the end of a session. Asked again and
// again from a thread of its own; how long each took, and how much memory the hub takes. [one thread, but for its own]
#pragma once

#include "tests/bench/load.hpp"
#include "tests/reliability/load/stage.hpp"

#include <thread>

namespace plugboard::test {

struct WatchedSeen {
  bench::Latencies health, admin, revoke;
  std::size_t failed = 0;
  std::string first_failure;
  std::int64_t most_resident_kb = 0;
};

class Watched {
 public:
  // to_end: sessions that are revoked one after the other.
  Watched(HubProcess& hub, std::string key, std::vector<std::string> to_end);

  WatchedSeen stop();

 private:
  void ask(const std::stop_token& stop);
  bench::Nanoseconds timed(bool over_socket, const Ask& ask, int expected);

  HubProcess& hub_;
  const std::string key_;
  std::vector<std::string> to_end_;
  WatchedSeen seen_;
  std::jthread thread_;
};

} // namespace plugboard::test
