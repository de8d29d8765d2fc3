// How many calls at once, for how long, and what becomes of the rest.
#include "bench.hpp"

#include <latch>

namespace plugboard::connector {
namespace {

struct Given { // a call as the plugin holds it
  const plugboard_host* host;
  plugboard_call* call;
};

class LimitsTest : public Bench {
 public:
  LimitsTest() : Bench(2) {
    control.on_call = [this](const plugboard_host* host, const plugboard_request&, plugboard_call* call) {
      given.put({host, call});
      if (!hold) return;
      release.wait();
      answer(host, call, "{}");
    };
    control.on_cancel = [this](plugboard_call* call) { cancelled.put(call); };
  }

  // Blocking calls stay inside until finish().
  Settings holding(unsigned places) {
    hold = true;
    Settings made = probe(true);
    made.max_concurrency = places;
    return made;
  }

  void finish() {
    if (!std::exchange(finished, true)) release.count_down();
  }

  void TearDown() override {
    finish();
    Bench::TearDown();
  }

  Settings async(unsigned places = 0) {
    Settings made = probe(false);
    made.max_concurrency = places;
    return made;
  }

  void expect_counts(std::uint64_t in_flight, std::uint64_t waiting) {
    EXPECT_EQ(connector->counts().in_flight, in_flight);
    EXPECT_EQ(connector->counts().waiting, waiting);
  }

  void await_in_flight(std::uint64_t wanted) { // a place is given back by the plugin's thread as its very last act
    for (int i = 0; connector->counts().in_flight != wanted && i < 20'000; ++i) std::this_thread::yield();
    EXPECT_EQ(connector->counts().in_flight, wanted);
  }

  bool hold = false, finished = false;
  std::latch release{1};
  Inbox<Given> given;
  Inbox<plugboard_call*> cancelled;
  Inbox<Outcome> outcomes;
};

TEST_F(LimitsTest, NoMoreRunAtOnceThanThereArePlacesOverAllHomes) {
  start(holding(2));
  for (int i = 0; i < 5; ++i) begin(outcomes, "any", Deadline::never(), static_cast<std::size_t>(i % 2));
  given.take();
  given.take();
  expect_counts(2, 3);
  EXPECT_EQ(given.size(), 0U);
  finish();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(outcomes.take().status, Status::ok);
  await_in_flight(0);
}

TEST_F(LimitsTest, TheManifestsLimitIsNeverRaised) {
  Settings made = holding(1000); // the manifest says 8
  start(made);
  for (int i = 0; i < 9; ++i) begin(outcomes, "any");
  for (int i = 0; i < 8; ++i) given.take();
  expect_counts(8, 1);
}

TEST_F(LimitsTest, AnAsyncPlaceIsFreeWhenItsCallIsAnswered) {
  start(async(1));
  begin(outcomes, "any");
  begin(outcomes, "any", Deadline::never(), 1);
  const Given first = given.take();
  expect_counts(1, 1);
  answer(first.host, first.call, "{}");
  const Given second = given.take(); // the one of the other home
  answer(second.host, second.call, "{}");
  EXPECT_EQ(outcomes.take().status, Status::ok);
  EXPECT_EQ(outcomes.take().status, Status::ok);
}

TEST_F(LimitsTest, AFullLineIsOverloaded) {
  start(async(1));
  for (int i = 0; i < 65; ++i) begin(outcomes, "any"); // one runs, 64 wait
  begin(outcomes, "any");
  const Outcome outcome = outcomes.take();
  EXPECT_EQ(outcome.status, Status::unavailable);
  EXPECT_EQ(outcome.reason, Reason::overloaded);
  expect_counts(1, 64);
}

TEST_F(LimitsTest, WhoWaitsBeyondTheDeadlineIsDroppedUnexecuted) {
  start(async(1));
  begin(outcomes, "any");
  begin(outcomes, "any", in(std::chrono::milliseconds(20)));
  const Outcome late = outcomes.take();
  EXPECT_EQ(late.status, Status::timeout);
  EXPECT_EQ(late.reason, Reason::deadline);
  expect_counts(1, 0);
  const Given first = given.take();
  answer(first.host, first.call, "{}");
  EXPECT_EQ(outcomes.take().status, Status::ok);
  EXPECT_EQ(given.size(), 0U) << "the plugin never saw it";
}

TEST_F(LimitsTest, ADeadlineThatHasPassedIsATimeoutWithoutACall) {
  start(async());
  EXPECT_EQ(ask("any", Deadline(clock.now())).status, Status::timeout);
  EXPECT_EQ(given.size(), 0U);
}

TEST_F(LimitsTest, TheShorterLimitIsNamed) {
  Settings made = async();
  made.timeout = std::chrono::milliseconds(20);
  start(made);
  EXPECT_EQ(ask("any", in(std::chrono::seconds(20))).reason, Reason::connector_timeout);
  EXPECT_EQ(ask("any", in(std::chrono::milliseconds(5))).reason, Reason::deadline);
}

TEST_F(LimitsTest, AfterATimeoutThePluginIsToldAndItsAnswerIsDropped) {
  start(async());
  EXPECT_EQ(ask("any", in(std::chrono::milliseconds(20))).status, Status::timeout);
  const Given call = given.take();
  EXPECT_EQ(cancelled.take(), call.call);
  expect_counts(0, 0);
  answer(call.host, call.call, "{}");
  EXPECT_EQ(connector->counts().protocol_violations, 0U) << "late, and still its right";
  EXPECT_NE(metrics.text().find("plugboard_connector_late_replies_total{connector=\"crm\"} 1"), std::string::npos);
}

TEST_F(LimitsTest, ABlockingPlaceIsTakenUntilTheFunctionReallyReturns) {
  start(holding(1));
  begin(outcomes, "any", in(std::chrono::milliseconds(20)));
  given.take();
  EXPECT_EQ(outcomes.take().status, Status::timeout);
  cancelled.take();
  expect_counts(1, 0);
  begin(outcomes, "any", in(std::chrono::milliseconds(20)));
  EXPECT_EQ(outcomes.take().status, Status::timeout) << "there was no place for it";
  EXPECT_EQ(given.size(), 0U);
  finish();
  await_in_flight(0);
  EXPECT_EQ(ask("any").status, Status::ok);
}

TEST_F(LimitsTest, ACancelledCallIsNeverAnswered) {
  start(async());
  const auto id = begin(outcomes, "any");
  const Given call = given.take();
  homes[0]->run([&] {
    connector->cancel(id);
    connector->cancel(id);
    return 0;
  });
  EXPECT_EQ(cancelled.take(), call.call);
  answer(call.host, call.call, "{}");
  homes[0]->run([] { return 0; }); // whatever was under way has arrived
  EXPECT_EQ(outcomes.size(), 0U);
  expect_counts(0, 0);
  EXPECT_NE(metrics.text().find("plugboard_connector_cancelled_total{connector=\"crm\"} 1"), std::string::npos);
}

TEST_F(LimitsTest, ACancelledCallThatWaitedIsNotCalled) {
  start(async(1));
  begin(outcomes, "any");
  const auto waiting = begin(outcomes, "any");
  homes[0]->run([&] {
    connector->cancel(waiting);
    return 0;
  });
  expect_counts(1, 0);
  const Given first = given.take();
  answer(first.host, first.call, "{}");
  EXPECT_EQ(outcomes.take().status, Status::ok);
  EXPECT_EQ(given.size() + outcomes.size(), 0U);
}

TEST_F(LimitsTest, AnAnswerOnItsWayWhenItsCallIsCancelledIsDropped) {
  start(async());
  Inbox<Outcome> never;
  homes[0]->run([&] {
    const auto id = connector->lookup(for_nobody(), Deadline::never(), *homes[0]->home,
                                      [&](Outcome outcome) { never.put(std::move(outcome)); });
    const Given call = given.take();
    std::thread([&] { answer(call.host, call.call, "{}"); }).join(); // waits in the mailbox of this very thread
    connector->cancel(id);
    return 0;
  });
  homes[0]->run([] { return 0; });
  EXPECT_EQ(never.size(), 0U);
}

TEST_F(LimitsTest, StoppingEndsWhatRunsAndWhatWaits) {
  start(async(1));
  begin(outcomes, "any");
  begin(outcomes, "any", Deadline::never(), 1);
  const Given call = given.take();
  control.on_stop = [&] { answer(call.host, call.call, "{}"); };
  connector->stop();
  for (int i = 0; i < 2; ++i) {
    const Outcome outcome = outcomes.take();
    EXPECT_EQ(outcome.status, Status::unavailable);
    EXPECT_EQ(outcome.reason, Reason::plugin_disabled);
  }
  EXPECT_EQ(cancelled.take(), call.call);
  EXPECT_EQ(ask("any").status, Status::unavailable) << "and everything after it";
  EXPECT_EQ(connector->counts().protocol_violations, 0U);
}

TEST_F(LimitsTest, StoppingWaitsForABlockingCallToReturn) {
  start(holding(1));
  begin(outcomes, "any");
  given.take();
  control.on_stop = [this] { finish(); };
  connector->stop();
  EXPECT_EQ(outcomes.take().status, Status::unavailable);
  expect_counts(0, 0);
  EXPECT_EQ(control.destroys, 1);
}

TEST_F(LimitsTest, ManyCallsFromTwoHomesAreAllAnswered) {
  control.on_call = [](const plugboard_host* host, const plugboard_request&, plugboard_call* call) {
    answer(host, call, "{}");
  };
  Settings made = probe(true);
  made.max_concurrency = 3;
  start(made);
  constexpr int kEach = 300;
  std::vector<std::thread> askers;
  for (std::size_t home = 0; home < 2; ++home)
    askers.emplace_back([&, home] {
      for (int i = 0; i < kEach; ++i) begin(outcomes, "any", Deadline::never(), home);
    });
  for (auto& asker : askers) asker.join();
  int ok = 0, overloaded = 0;
  for (int i = 0; i < 2 * kEach; ++i) {
    const Outcome outcome = outcomes.take();
    ok += outcome.status == Status::ok ? 1 : 0;
    overloaded += outcome.reason == Reason::overloaded ? 1 : 0;
  }
  EXPECT_EQ(ok + overloaded, 2 * kEach);
  EXPECT_GT(ok, 0);
  await_in_flight(0);
  expect_counts(0, 0);
}

TEST_F(LimitsTest, AnAsyncPluginThatBlocksIsNamed) {
  control.on_call = [this](const plugboard_host* host, const plugboard_request&, plugboard_call* call) {
    const Instant until = clock.now() + std::chrono::milliseconds(60);
    while (clock.now() < until) {}
    answer(host, call, "{}");
  };
  start(async());
  EXPECT_EQ(ask("any").status, Status::ok);
  EXPECT_TRUE(log.has("plugin.blocks"));
}

} // namespace
} // namespace plugboard::connector
