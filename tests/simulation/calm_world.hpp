// Forty systems in simulated time, each with a fault of its own, and the hub's machines before them: the real Gather of
// each context, and of each connector the real Restraint and Attempts, driven as a lane drives them. One context a
// second, for a minute. Wholly made of its seed. After every event what it did is held against what is promised.
#pragma once

#include "core/connector/attempts.hpp"
#include "core/connector/restraint.hpp"
#include "core/context/gather.hpp"
#include "tests/simulation/event.hpp"

#include <deque>
#include <optional>
#include <queue>
#include <string>
#include <tuple>
#include <vector>

namespace plugboard::context {

// What is broken on purpose, to see that it is found.
enum class Mutant : std::uint8_t {
  none = 1,
  retries_after_close, // a pause is not ended with the question
  hedges_for_nothing,  // without asking the budget
  ignores_the_breaker, // who waited is asked though it opened
  keeps_the_place,     // of a call that was cancelled
  answers_another,     // takes the answer to another question for its own
  comes_too_soon,      // after what asked to be left alone for a while
};

class CalmWorld {
 public:
  CalmWorld(std::uint64_t seed, Mutant mutant);
  CalmWorld(const CalmWorld&) = delete;
  CalmWorld& operator=(const CalmWorld&) = delete;

  std::string run(); // what promise was broken first, and the seed; "": none

  struct Seen {
    std::uint64_t calls = 0, retries = 0, hedges = 0, probes = 0, opened = 0, waited = 0, refused = 0, ok = 0;
  };

  const Seen& seen() const { return seen_; }

 private:
  using Which = connector::Attempts::Which;

  enum class Fault : std::uint8_t { none = 1, slow, hung, failing, flapping, lying, retry_after };

  struct System {
    System(Fault its_fault, const connector::SteadyRules& rules, std::size_t most, Random& random)
        : fault(its_fault), places(most), restraint(rules, 1, most, random) {}

    Fault fault;
    std::size_t places, inside = 0, probes_inside = 0;
    Duration usual{}, period{};
    connector::Restraint restraint;
    std::uint64_t ended = 0, retries = 0, hedges = 0;
    std::optional<Instant> open_since[2]; // by tenant

    struct Probes { // of the breaker
      std::optional<Instant> last, before{};
      bool last_went_well = false;
    } probes[2];
  };

  struct Context {
    std::unique_ptr<Gather> gather;
    Instant closes_at{};
    std::size_t tenant = 0;
    std::vector<std::size_t> questions; // by section; 0: none
    std::vector<Action> actions;
    bool happening = false, over = false;
  };

  enum class Phase : std::uint8_t { calls = 1, waits, pauses, over };

  struct Question {
    std::size_t context, section;
    Instant until{}, not_before{};
    Phase phase = Phase::calls;
    connector::Attempts attempts{};
    std::size_t call[2] = {0, 0}; // main, hedge
    std::uint64_t ticket = 0;
    std::optional<connector::Outcome> failure{};
  };

  struct Call {
    std::size_t question = 0;
    Which which = Which::main;
    Instant started{};
    bool probe = false, over = false;
    connector::Outcome answer{};
  };

  enum class What : std::uint8_t { context = 1, closing, gone, answer, too_late, go_on, admitted, look, close };
  using Event = test::Event<What>;

  bool chance(unsigned percent) { return random_.below(100) < percent; }

  Duration between(unsigned least_ms, unsigned most_ms);

  void push(What kind, Instant at, std::size_t which = 0) { events_.push({at, random_.next(), kind, which}); }

  void broken(const std::string& promise);
  void make_systems();
  void handle(const Event& event);
  void begin_context(std::size_t context);
  void happened(std::size_t context);
  void check_end(Context& context);

  void begin(std::size_t context, const Action& action);
  void enter(std::size_t question);
  void ask(std::size_t question, Which which, bool probe);
  void make_answer(Call& call, std::size_t number, const System& system);
  void answered(std::size_t call, connector::Outcome outcome);
  bool pause(std::size_t question, connector::Outcome& outcome);
  void admitted(std::size_t question);
  void hedge(std::size_t call);
  void leave(const Call& call, connector::Symptom symptom);
  void tell(System& system, const std::vector<connector::FairLine::Waiter>& next);
  void withdraw(std::size_t question);
  void finish(std::size_t question, connector::Outcome outcome);
  void close();

  System& system_of(const Question& question) { return systems_[question.section]; }

  connector::Restraint::Ward& ward_of(const Question& question);
  std::string mark(const Question& question) const;

  const std::uint64_t seed_;
  const Mutant mutant_;
  SeededRandom random_;
  const connector::SteadyRules rules_;
  std::shared_ptr<const Catalog> catalog_;
  std::deque<System> systems_;
  std::vector<Context> contexts_;
  std::vector<Question> questions_;
  std::vector<Call> calls_;
  std::priority_queue<Event> events_;
  Instant now_{std::chrono::seconds(1000)};
  bool closed_ = false;
  std::string broken_;
  Seen seen_;
};

} // namespace plugboard::context
