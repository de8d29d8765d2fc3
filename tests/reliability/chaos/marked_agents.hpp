// The agents of D1: each call is of one customer and has a number, a third of them leave before they are answered, a
// third give the hub too little time. Whatever comes back is looked at, every byte of it. [one thread, but owner():
// any]
#pragma once

#include "tests/bench/load.hpp"
#include "tests/reliability/chaos/fault_proxy.hpp"
#include "tests/reliability/chaos/markers.hpp"
#include "tests/reliability/promise.hpp"

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace plugboard::test {

class MarkedAgents final : public bench::Caller {
 public:
  struct Wish {
    std::vector<std::string> systems; // connectors that ask a marked system each
    std::string chaos;                // the chaos connector's name
    std::uint64_t contexts = 0;       // how many to ask for
    double leave = 0.3, hurry = 0.3;  // parts of them
    std::uint64_t seed = 1;
  };

  MarkedAgents(Markers& markers, Wish wish, Showing& showing);

  bool done() const { return asked_for_ >= wish_.contexts; }

  void crash_next() { crash_next_ = true; } // the next context makes the chaos connector's process crash

  Markers::Owner owner(int system, std::string_view call) const; // [any thread]

  // Where the network gave this request that answer so that no hub could have told, it is no leak. [any thread]
  void reused(const FaultPlan::Reuse& reuse);

  // What no customer at all may be told of.
  void look_at_what_all_see(const std::string& what, std::string_view text);
  void judge(); // what was found, at the end: by then all excuses are known

 private:
  struct Customer {
    Markers::Owner owner = 0;
    std::string id, token;
  };

  struct Asked {
    std::shared_ptr<Customer> customer;
    std::uint64_t call = 0; // 0: a session
  };

  bench::Ask next() override;
  void answered(std::uint64_t tag, const bench::Message& answer, bench::Nanoseconds took) override;
  void unanswered(std::uint64_t tag) override;

  bench::Ask start_session();
  bench::Ask context(const std::shared_ptr<Customer>& customer);
  std::string body_of(const Customer& customer, std::uint64_t call, bool slow);
  void look(const Asked& asked, std::string_view head, std::string_view body);
  void look_at_sections(const Asked& asked, std::string_view body);

  struct Leak {
    std::uint64_t call = 0;
    Markers::Owner owner = 0;
    std::string what;
  };

  Markers& markers_;
  const Wish wish_;
  Showing& showing_;
  std::mt19937_64 random_;
  std::deque<std::shared_ptr<Customer>> customers_;
  std::unordered_map<std::uint64_t, Asked> under_way_;
  std::atomic<std::uint64_t> asked_for_{0};
  std::uint64_t last_tag_ = 0, last_customer_ = 0;
  bool crash_next_ = false;
  std::vector<Leak> leaks_;
  std::mutex mutex_;

  struct Reuse {
    bool crossed = false;
    std::string what;
  };

  std::map<std::pair<std::uint64_t, Markers::Owner>, Reuse> reuses_; // by call, and whose answer was there
};

} // namespace plugboard::test
