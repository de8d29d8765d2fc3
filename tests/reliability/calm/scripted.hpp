// A hub before one system that does what a promise's script says: well, failing, slow. Counts what the system is asked,
// and when; asks the hub from as many threads as wanted. [asking: one thread; the system: its own]
#pragma once

#include "tests/support/hub_process.hpp"
#include "tests/support/upstream.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace plugboard::test {

using Moment = std::chrono::steady_clock::time_point;
using Milliseconds = std::chrono::milliseconds;

struct Told { // of one section
  std::string status, reason;
  double took_ms = 0;
  bool retry_after = false;
  Moment at{};

  bool is(const std::string& what, const std::string& why) const { return status == what && reason == why; }
};

class Scripted { // the system's part
 public:
  // The n-th request of one path, from 0, and whose customer it is about. The status to answer; after a while.
  struct Deed {
    int status = 200;
    Milliseconds after{0};
  };

  using Script = std::function<Deed(std::uint64_t request, const std::string& customer)>;

  explicit Scripted(std::vector<std::string> paths);

  void plays(const std::string& path, Script script); // from now on; its requests are counted anew
  std::vector<Moment> asked(const std::string& path) const;

  Upstream& upstream() { return upstream_; }

 private:
  struct Path {
    Script script;
    std::vector<Moment> asked;
  };

  UpstreamReply answer(const std::string& path, const UpstreamRequest& request);

  mutable std::mutex mutex_;
  std::map<std::string, Path> paths_;
  Upstream upstream_;
};

// Asks for a section, or several, over one connection, again and again.
class Caller {
 public:
  Caller(int port, std::string session, std::string key = kDesk);

  std::vector<Told> ask(const std::vector<std::string>& sections);

  Told ask(const std::string& section) { return ask(std::vector{section}).at(0); }

 private:
  std::string session_, key_;
  Connection connection_;
};

double counter_of(HubProcess& hub, const std::string& series); // of /metrics; 0: not there

} // namespace plugboard::test
