// One home's questions to one connector, around its calls: held back, made again, made twice, as Restraint and Attempts
// say. What is straightforward costs no memory: questions lie in places that are used again. Owned by Steady, and by
// what was posted to it. [the home's thread]
#pragma once

#include "core/connector/attempts.hpp"
#include "core/connector/deadlines.hpp"
#include "core/connector/restraint.hpp"
#include "core/connector/steady_tally.hpp"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace plugboard::connector {

Outcome left_alone(Duration retry_after); // by the breaker, and until when

class SteadyLane final : public std::enable_shared_from_this<SteadyLane> {
 public:
  using LookupDone = std::function<void(Outcome)>;

  struct Shop { // what the lanes of one connector share; outlives all but what is posted to closed ones
    Connector& inner;
    Restraint& restraint;
    SteadyTally& tally;
    std::vector<std::shared_ptr<SteadyLane>> lanes{}; // by home
  };

  SteadyLane(Shop& shop, Home& home, std::size_t index);

  Connector::CallId begin(LookupRequest request, Deadline deadline, LookupDone done);
  void cancel(Connector::CallId id);
  void close(); // ends what waits; later calls are refused. What is under way is ended by the inner connector's stop

  Restraint::Ward& ward_of(std::string_view tenant);
  // Of a call, which is over: tells whoever has a place now, and what became of the breaker.
  void leave(Restraint::Ward& ward, const Restraint::Ended& call);

  Instant now() const { return home_.clock.now(); }

  static std::size_t home_of(Connector::CallId id) { return id & 0xff; }

 private:
  using Which = Attempts::Which;

  struct Call {
    Connector::CallId id = 0; // 0: none, or it is being asked for
    Instant started{};
    bool probe = false;
  };

  struct Asking { // while the inner connector's lookup() runs: its number is not known yet
    const Call* call;
    bool withdrawn = false;
    Asking* outer = nullptr;
  };

  enum class Phase : std::uint8_t { free = 1, calls, waits, pauses };

  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  struct Question {
    Phase phase = Phase::free;
    std::uint32_t slot = 0, generation = 1;
    LookupRequest request; // for a later call
    std::size_t section = 0;
    Deadline deadline = Deadline::never();
    Instant begun{}, until{}, waits_since{}, hedge_at{};
    LookupDone done;
    Restraint::Ward* ward = nullptr;
    Attempts attempts;
    Call main, hedge;
    std::uint64_t ticket = 0;                     // waits
    std::optional<Instant> alarm;                 // that deadlines_ has of it
    std::optional<Outcome> failure;               // of the call before
    std::uint32_t older = kNone, younger = kNone; // among those that may get a hedge
    bool is_listed = false;
  };

  Question& take_slot();
  void give_back(Question& question);
  Question* find(Connector::CallId id);
  Connector::CallId id_of(const Question& question) const;

  void enter(Question& question, LookupRequest* request);
  void ask(Question& question, Which which, bool probe, LookupRequest&& request);
  void ended(Connector::CallId id, Which which, Outcome&& outcome);
  bool pause(Question& question, Outcome& outcome);
  void tell(const std::vector<FairLine::Waiter>& next);
  void time_passed(Connector::CallId id);
  void admitted(Connector::CallId id);
  void gave_way(Connector::CallId id);
  void withdraw(Question& question);
  void withdraw(Question& question, Which which);
  Outcome too_late(const Question& question) const;
  void finish(Question& question, Outcome&& outcome); // which is not the question's own
  void set_alarm(Question& question, Instant at);
  void clear_alarm(Question& question);

  void list(Question& question);
  void unlist(Question& question);
  void arm();
  void look_for_slow_ones();
  void hedge(Question& question);

  Shop& shop_;
  Home& home_;
  const std::size_t index_;
  const bool keeps_; // requests, for another call
  std::deque<Question> questions_;
  std::vector<std::uint32_t> free_;
  std::map<std::string, Restraint::Ward*, std::less<>> wards_;
  std::unique_ptr<Deadlines> deadlines_; // null once closed: a timer must not outlive its io_context
  using Timer =
      boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                        boost::asio::io_context::executor_type>;
  std::unique_ptr<Timer> timer_; // the same
  bool armed_ = false;
  std::uint32_t oldest_ = kNone, youngest_ = kNone;
  Asking* asking_ = nullptr;
  bool closed_ = false;
};

} // namespace plugboard::connector
