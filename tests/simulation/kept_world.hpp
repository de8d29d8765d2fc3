// Who asks through kept and shared answers, in simulated time: the hub's real Answers, on two homes of one thread,
// before a system that is slow, silent or failing as it likes. Wholly made of its seed; two minutes of it. What each
// asker gets is held against what it asked for, and each call against who waits for it.
#pragma once

#include "core/base/log.hpp"
#include "core/context/answers.hpp"
#include "core/http/client.hpp"
#include "core/http/resolver.hpp"
#include "tests/simulation/event.hpp"

#include <boost/asio/io_context.hpp>

#include <map>
#include <memory>
#include <queue>
#include <string>
#include <tuple>
#include <vector>

namespace plugboard::context {

// What is broken on purpose, in what stands around Answers, to see that it is found.
enum class KeptMutant : std::uint8_t {
  none = 1,
  forgets_whom,        // the question does not say about whom
  forgets_the_actor,   // the answers are said to be the same whoever asks
  takes_any_age,       // the asker's limit is not passed on
  keeps_longer,        // than the configuration says
  never_purges,        // what an operator wants gone stays
  gives_stale_forever, // the end of what may be given instead of a failure is not looked at
  asks_alone,          // nobody takes another's answer
  waits_on,            // whoever has no more time does not say so
  leaves_the_call,     // nor is its call ended
  goes_on_after_close, // asks although the connector has been stopped
};

class KeptGround { // what worlds have in common, since it is dear: homes and a clock. One world at a time.
 public:
  KeptGround();

  void run() { // what was posted
    while (io_a.poll() + io_b.poll() > 0) io_a.restart(), io_b.restart();
    io_a.restart();
    io_b.restart();
  }

  FakeClock clock;
  Metrics metrics;
  boost::asio::io_context io_a, io_b;
  std::unique_ptr<Log> log;
  std::unique_ptr<http::Resolver> resolver;
  std::unique_ptr<http::Client> client;
  json::Reader reader;
  connector::Home homes[2];
};

class KeptWorld {
 public:
  KeptWorld(std::uint64_t seed, KeptMutant mutant, KeptGround& ground);
  ~KeptWorld();
  KeptWorld(const KeptWorld&) = delete;
  KeptWorld& operator=(const KeptWorld&) = delete;

  std::string run(); // what promise was broken first, and the seed; "": none

  struct Seen {
    std::uint64_t asked = 0, calls = 0, cached = 0, shared = 0, stale = 0, left = 0, purges = 0;
  };

  const Seen& seen() const { return seen_; }

 private:
  class System;
  class Person;

  struct Call {
    std::string about; // all that the system saw
    Instant began{};
    Deadline until = Deadline::never();
    std::function<void(connector::Outcome)> done;
    bool is_joinable = false; // a later question might have waited for it instead of calling
    bool is_refresh = false;  // nobody need wait for it
  };

  struct Was { // a call, after it
    std::string about;
    Instant began{}, landed{};
  };

  enum class What : std::uint8_t { ask = 1, leave, answer, purge, reload, close };
  using Event = test::Event<What>;

  bool chance(unsigned percent) { return random_.below(100) < percent; }

  Duration between(unsigned least_ms, unsigned most_ms);
  void push(What kind, Duration after, std::size_t which = 0);
  void broken(const std::string& promise);
  void handle(const Event& event);

  void configure();
  void ask(std::size_t number);
  void leave(Person& person);
  void told(Person& person, const connector::Outcome& outcome);
  void give_stale(Person& person, const KeptAnswer& answer);
  void hold(const Person& person, const connector::Outcome& outcome, Duration most_age);
  void purge();
  void close();

  connector::Connector::CallId begin(connector::LookupRequest request, const std::string& generation, Deadline until,
                                     std::function<void(connector::Outcome)> done);
  void answer(connector::Connector::CallId id);
  connector::Outcome outcome_of(const Call& call, connector::Connector::CallId id);
  void hold_calls();

  const std::uint64_t seed_;
  const KeptMutant mutant_;
  KeptGround& ground_;
  SeededRandom random_;
  std::unique_ptr<Answers> answers_;
  std::shared_ptr<System> system_;
  AnswerSourcePtr source_;
  KeepingRules rules_;
  std::string generation_;
  std::vector<std::shared_ptr<Person>> persons_;
  std::vector<Person*> waiting_;
  std::map<connector::Connector::CallId, Call> calls_; // under way
  connector::Connector::CallId last_call_ = 0;
  std::vector<Was> history_;
  std::map<std::string, Instant> purged_; // customers, lately: what began before is not to be seen again
  std::priority_queue<Event> events_;
  Person* asking_ = nullptr; // while it does
  Instant began_{};
  bool closed_ = false;
  std::string broken_;
  Seen seen_;
};

} // namespace plugboard::context
