// A second hub with nothing wrong in it, asked all the while for what never comes: how late its answers are is the
// machine's doing. [worst: any thread]
#pragma once

#include "tests/bench/loop.hpp"
#include "tests/support/hub_process.hpp"
#include "tests/support/upstream.hpp"

#include <mutex>
#include <thread>
#include <vector>

namespace plugboard::test {

class DeadlineControl {
 public:
  explicit DeadlineControl(int deadline_ms);

  // How late an answer was that came, or should have come, since then; with a moment before.
  std::chrono::milliseconds worst_since(bench::Nanoseconds begun) const;

 private:
  void ask(const std::stop_token& stop);

  struct Late {
    bench::Nanoseconds came{}, by{};
  };

  const int deadline_ms_;
  Upstream upstream_;
  HubProcess hub_;
  mutable std::mutex mutex_;
  std::vector<Late> all_;
  std::vector<std::jthread> asking_;
};

} // namespace plugboard::test
