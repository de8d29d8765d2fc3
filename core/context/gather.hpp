// Station 6, the heart: one fan-out as a state machine without I/O, clock or thread of its own. Events go in with the
// time they happened, actions come out for a driver to carry out. So a thousand fan-outs a second can be simulated from
// a seed. Owned by one request, used on its thread.
//
// A section starts the moment what it needs is known and, where it is computed from others, each of those has its
// outcome; one that it cannot be computed without, and that does not come, is its end. Of two sections that yield one
// identifier the first declared counts: its word is waited for while it may still come. What the session brings counts
// before either.
#pragma once

#include "core/base/clock.hpp"
#include "core/connector/input.hpp"
#include "core/connector/outcome.hpp"
#include "core/context/plan.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plugboard::context {

struct Action {
  enum class Kind : std::uint8_t {
    start = 1, // ask this section, with these identifiers and inputs
    cancel,    // its answer is no longer awaited
    arm,       // call timer() at this time
    finish,    // every section asked for has its outcome; nothing comes after this
  };
  Kind kind;
  std::size_t section = 0; // start, cancel: position in the catalog
  std::vector<Identifier> identifiers{};
  Instant at{};
  std::vector<connector::Input> inputs{};
};

// Two sources named different values for one identifier: whose counted, whose did not. No values.
struct Conflict {
  std::string type, kept, ignored; // kept "": nobody's; the ignored one named several by itself
};

struct SectionResult {
  std::size_t section = 0; // position in the catalog
  bool asked = false;
  bool called = false; // its connector was asked; else it was skipped, or never came to its turn
  connector::Outcome outcome;
  Duration started_after{}; // since begin(); for the waterfall
};

class Gather {
 public:
  // closes_at: what has not arrived by then is timed out; a part of the deadline is already kept back for writing.
  Gather(std::shared_ptr<const Catalog> catalog, Plan plan, std::vector<Identifier> known, Instant closes_at);

  // Events. Actions are appended, to be carried out in order. After `finish`, events are ignored.
  void begin(Instant now, std::vector<Action>& actions);
  void arrived(std::size_t section, connector::Outcome outcome, Instant now, std::vector<Action>& actions);
  void timer(Instant now, std::vector<Action>& actions);
  void cancelled(Instant now, std::vector<Action>& actions); // nobody waits any more

  bool finished() const { return finished_; }

  bool running(std::size_t section) const;
  // After `finish`: asked sections and those run for them, declared order. Moved out once.
  std::vector<SectionResult> take_results();

  const std::vector<Conflict>& conflicts() const { return conflicts_; }

 private:
  enum class Phase : std::uint8_t { waiting = 1, running, settled };
  enum class Readiness : std::uint8_t { ready = 1, waits, hopeless };

  struct Entry {
    std::size_t section;
    bool asked;
    Phase phase = Phase::waiting;
    bool called = false;
    connector::Outcome outcome{};
    Instant started{};
  };

  struct Fact { // what is known of one identifier type
    std::optional<Identifier> value;
    bool closed = false; // no better word can come
  };

  struct Prospect {
    Readiness readiness = Readiness::ready;
    connector::Reason reason = connector::Reason::none; // hopeless: what is lacking
    std::string lacking{};
  };

  Prospect prospect_of(const Entry& entry) const;
  Prospect by_needs(const Entry& entry) const;
  Prospect by_inputs(const Entry& entry) const;
  std::vector<connector::Input> inputs_for(const Entry& entry);
  void date_like_inputs(Entry& entry) const;
  std::vector<Identifier> identifiers_for(const Entry& entry) const;
  void learn(TypeId type); // looks again at who has said what about it
  bool start_what_can(Instant now, std::vector<Action>& actions);
  bool break_standstill();
  void settle(Entry& entry, connector::Status status, connector::Reason reason, std::string detail, Instant now);
  void advance(Instant now, std::vector<Action>& actions);
  void finish(Instant now, std::vector<Action>& actions);
  void note_conflicts();
  Entry* entry_of(std::size_t section);
  const Entry* entry_of(std::size_t section) const;
  bool all_asked_settled() const;

  std::shared_ptr<const Catalog> catalog_;
  std::vector<Entry> entries_;
  std::vector<bool> can_start_; // of the plan
  std::vector<Fact> facts_;     // by TypeId
  std::vector<Conflict> conflicts_;
  Instant closes_at_;
  Instant began_{};
  std::size_t running_ = 0;
  bool finished_ = false;
};

} // namespace plugboard::context
