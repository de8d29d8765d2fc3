// What holds the calls of one connector back, for all homes: a breaker for each tenant, the limit and its line, budgets
// for calls beside those asked for, and what is learned of how long calls take. One lock, held for nothing long; a call
// that nothing holds back begins without it. No I/O, no clock. Shared by the connector's lanes. [any thread]
#pragma once

#include "core/connector/breaker.hpp"
#include "core/connector/call_budget.hpp"
#include "core/connector/call_limit.hpp"
#include "core/connector/fair_line.hpp"
#include "core/connector/hedge_delay.hpp"
#include "core/connector/steadiness.hpp"

#include <atomic>
#include <deque>
#include <mutex>
#include <vector>

namespace plugboard::connector {

class Restraint {
 public:
  // sections: how many; what is no lookup counts as one more. most: places for calls. random: outlives it.
  Restraint(const SteadyRules& rules, std::size_t sections, std::size_t most, Random& random);
  Restraint(const Restraint&) = delete;
  Restraint& operator=(const Restraint&) = delete;

  class Ward { // what is known for one tenant; lives as long as the restraint
   public:
    Ward(std::string_view tenant, const BreakerRules& rules) : tenant_(tenant), breaker_(rules) {}

    const std::string& tenant() const { return tenant_; }

   private:
    friend class Restraint;
    const std::string tenant_;
    Breaker breaker_;
    std::atomic<bool> open_ = false;
  };

  Ward& ward_of(std::string_view tenant); // beyond a thousand they share one

  enum class Way : std::uint8_t { admitted = 1, waits, broken, full };

  struct Entry {
    Way way = Way::admitted;
    bool probe = false;
    std::uint64_t ticket = 0;                   // waits
    Duration retry_after{};                     // broken, full
    std::optional<FairLine::Waiter> given_up{}; // waits: who gave way
  };

  // Admitted: it has a place, which leave() gives back. Waits: it gets one by somebody's leave().
  Entry enter(Ward& ward, std::string_view actor, const FairLine::Waiter& waiter, Instant now);
  bool give_up(std::uint64_t ticket); // false: it does not wait any more; it may be told yet that it has a place

  // For who waited, and has a place now: its system may have failed in between.
  bool is_open(const Ward& ward) const { return ward.open_; }

  Breaker::Entry knock(Ward& ward, Instant now); // without a place: what is no lookup

  struct Ended {
    std::size_t section = 0;
    Symptom symptom = Symptom::none;
    bool extra = false; // a retry, or a hedge
    bool probe = false;
    Instant started{};
    bool has_place = true;
  };

  enum class Turn : std::uint8_t { none = 1, opened, closed };

  struct Left {
    std::vector<FairLine::Waiter> next{}; // they have a place now: tell them
    Turn breaker = Turn::none;
  };

  Left leave(Ward& ward, const Ended& call, Instant now);
  Left leave_unused(Instant now); // a place that came when nobody needed it any more

  bool may_retry(Ward& ward);                     // and it counts
  bool may_hedge(Ward& ward, std::size_t places); // and it counts, and has a place; places: free below

  Duration usual(std::size_t section) const { return Duration(sections_[section].usual); }

  Duration slow(std::size_t section) const { return Duration(sections_[section].slow); }

  Duration hedge_wait(std::size_t section) const { return Duration(sections_[section].wait); } // 0: none

  std::size_t waiting() const { return waiting_; }

  const SteadyRules& rules() const { return rules_; }

  Random& random() { return random_; }

  // Breakers, limit and what was learned; names: of the sections.
  Steadiness now(Instant now, const std::vector<std::string>& names) const;

 private:
  struct Section {
    explicit Section(const SteadyRules& rules) : learned(rules), slow(learned.slow().count()) {}

    HedgeDelay learned;
    std::atomic<Duration::rep> usual = 0, slow, wait = 0; // as learned
  };

  bool try_take_place();
  Entry enter_slowly(Ward& ward, std::string_view actor, const FairLine::Waiter& waiter, Instant now);
  Duration expected_wait() const;
  void learn(const Ended& call, Duration took, Instant now);
  void give_places(Left& left, Instant now);

  const SteadyRules rules_;
  Random& random_;
  std::deque<Section> sections_;
  mutable std::mutex mutex_;
  std::deque<Ward> wards_;
  CallLimit limit_;
  FairLine line_;
  CallBudget retries_, hedges_;
  std::atomic<std::size_t> places_; // the limit
  std::atomic<std::size_t> running_ = 0;
  std::atomic<std::size_t> waiting_ = 0; // raised before a look for a place, as in Turnstile
};

} // namespace plugboard::connector
