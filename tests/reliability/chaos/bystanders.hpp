// The 39 well-behaved connectors beside the chaos connector, and the agents that ask them all the while: 200 contexts a
// second of 25 sections, at times of their own. What happens elsewhere must not be seen in their answers. The load runs
// on a thread of its own. [one thread]
#pragma once

#include "tests/bench/load.hpp"
#include "tests/reliability/chaos/chaos_hub.hpp"
#include "tests/support/process.hpp"

#include <atomic>
#include <mutex>
#include <random>
#include <thread>

namespace plugboard::test {

// Their systems, and how they stand in a hub's configuration.
class Bystanders {
 public:
  explicit Bystanders(Isolation isolation);

  void add_to(HubConfig& config) const;
  void hang_up(); // on the hub; at once, where it would close what nobody uses after half a minute

  static constexpr int kCount = 39, kAsked = 25;

 private:
  Process systems_;
  std::vector<std::string> connectors_;
};

class BystanderLoad final : private bench::Caller {
 public:
  BystanderLoad(HubProcess& hub, std::uint64_t seed, double rate = 200);
  ~BystanderLoad();
  BystanderLoad(const BystanderLoad&) = delete;
  BystanderLoad& operator=(const BystanderLoad&) = delete;

  // Since the last take.
  struct Seen {
    bench::Latencies latencies;
    std::uint64_t contexts = 0, sections = 0, not_ok = 0, unanswered = 0;
    std::vector<std::string> examples; // of what was not ok; a few
  };

  Seen take();

 private:
  bench::Ask next() override;
  void answered(std::uint64_t tag, const bench::Message& answer, bench::Nanoseconds took) override;
  void unanswered(std::uint64_t tag) override;
  void run(int port, std::uint64_t seed, double rate);

  const std::string session_;
  std::mt19937_64 random_; // [its thread]
  std::vector<int> order_; // [its thread]
  std::mutex mutex_;
  Seen seen_;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

} // namespace plugboard::test
