// Steady around a connector that answers as the test says: what goes down, what comes up, and what is left of it.
#include "core/connector/steady.hpp"

#include "core/connector/examine.hpp"
#include "tests/support/starvation.hpp"
#include "tests/unit/connector/lookup_only.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <map>

namespace plugboard::connector {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FakeInner final : public plugboard::testing::LookupOnly {
 public:
  std::function<std::optional<Outcome>(const LookupRequest&)> answers; // none: the call stays open
  std::map<CallId, std::function<void(Outcome)>> open;
  std::vector<LookupRequest> asked;
  std::vector<CallId> cancelled;
  Settings& own = settings_;
  Counts said{};

  Counts counts() const override { return said; }

  CallId lookup(LookupRequest request, Deadline, Home&, std::function<void(Outcome)> done) override {
    auto answer = answers ? answers(request) : std::nullopt;
    if (remembers) asked.push_back(std::move(request));
    const CallId id = ++last_ << 8;
    if (answer)
      done(std::move(*answer));
    else
      open.emplace(id, std::move(done));
    return id;
  }

  CallId authenticate(AuthenticateRequest, Deadline, Home&, AuthenticateDone done) override {
    ++logins;
    done(Authenticated(Rejected{!fails, failed(Status::error, Reason::unreachable), std::nullopt}));
    return 0;
  }

  CallId subject(SubjectRequest, Deadline, Home&, SubjectDone done) override {
    ++erasures;
    done(Subject(Rejected{false, failed(Status::error, Reason::unreachable), std::nullopt}));
    return 0;
  }

  void cancel(CallId id) override {
    cancelled.push_back(id);
    open.erase(id);
  }

  void stop() override {
    for (auto& [id, done] : std::exchange(open, {})) done(failed(Status::unavailable, Reason::plugin_disabled));
  }

  void answer(CallId call, Outcome outcome) { // by number from 1
    const auto done = std::move(open.at(call << 8));
    open.erase(call << 8);
    done(std::move(outcome));
  }

  bool remembers = true, fails = false;
  int logins = 0, erasures = 0;

 private:
  CallId last_ = 0;
};

class SteadyTest : public ::testing::Test {
 protected:
  SteadyTest() {
    auto inner_connector = std::make_unique<FakeInner>();
    inner = inner_connector.get();
    inner->own.name = "crm";
    inner->own.sections.resize(2);
    inner->own.sections[0].name = "contact";
    inner->own.plugin.manifest.max_concurrency = 4;
    inner_ = std::move(inner_connector);
  }

  void make() {
    steady = std::make_unique<Steady>(std::move(inner_), std::vector<Home*>{&home}, random, *log, metrics);
  }

  Connector::CallId ask(const std::string& tenant = "default", Duration left = seconds(1),
                        const std::string& actor = "") {
    LookupRequest request;
    request.caller = std::make_shared<const Caller>(Caller{.tenant = std::string(tenant), .actor = std::string(actor)});
    return steady->lookup(std::move(request), Deadline::after(clock.now(), left), home,
                          [this](Outcome outcome) { ends.push_back(std::move(outcome)); });
  }

  bool until(const std::function<bool()>& condition) {
    for (const Instant end = clock.now() + seconds(10); !condition() && clock.now() < end;) {
      io.restart();
      io.run_for(milliseconds(1));
    }
    return condition();
  }

  std::vector<std::string> ended() const {
    std::vector<std::string> words;
    for (const Outcome& one : ends)
      words.push_back(std::string(name_of(one.status)) + "/" + std::string(name_of(one.reason)));
    return words;
  }

  SystemClock clock;
  SeededRandom random{1};
  std::unique_ptr<Log> log = no_log();
  Metrics metrics;
  boost::asio::io_context io;
  std::unique_ptr<http::Resolver> resolver = http::Resolver::make(io, clock);
  std::unique_ptr<http::Client> client = http::Client::make(io, {}, {}, clock, *log, resolver.get());
  json::Reader reader;
  Home home{io, *client, *resolver, reader, clock, std::this_thread::get_id()};
  std::vector<Outcome> ends; // before steady: the last of them come when that goes
  FakeInner* inner = nullptr;
  std::unique_ptr<Connector> inner_;
  std::unique_ptr<Steady> steady;
};

Outcome good() {
  Outcome outcome;
  outcome.data = "{}";
  return outcome;
}

Outcome unreachable() {
  return failed(Status::error, Reason::unreachable);
}

TEST_F(SteadyTest, HandsOnWhatIsAskedAndAnswered) {
  make();
  inner->answers = [](const LookupRequest&) { return good(); };
  EXPECT_EQ(ask("se"), 0U) << "answered already";
  EXPECT_THAT(ended(), ElementsAre("ok/none"));
  EXPECT_EQ(inner->asked.at(0).caller->tenant, "se");
  EXPECT_EQ(ends[0].course.calls, 1U);
}

TEST_F(SteadyTest, AsksAgainAfterAFailureThatMayPass) {
  make();
  inner->answers = [this](const LookupRequest&) { return inner->asked.empty() ? unreachable() : good(); };
  ask("se");
  EXPECT_TRUE(until([&] { return !ends.empty(); }));
  EXPECT_THAT(ended(), ElementsAre("ok/none"));
  EXPECT_EQ(ends[0].course.retries, 1U);
  EXPECT_EQ(inner->asked.at(1).caller->tenant, "se") << "the same question";
  EXPECT_EQ(steady->steadiness().retries, 1U);
}

TEST_F(SteadyTest, StartsNoRetryThatNobodyWaitsFor) {
  make();
  inner->answers = [](const LookupRequest&) { return unreachable(); };
  const auto id = ask();
  ASSERT_NE(id, 0U);
  steady->cancel(id);
  io.run_for(milliseconds(80));
  EXPECT_EQ(inner->asked.size(), 1U);
  EXPECT_THAT(ends, IsEmpty());
}

TEST_F(SteadyTest, LeavesASystemAloneThatFailsAndOnlyForThatTenant) {
  inner->own.steady.retry.attempts = 1;
  make();
  inner->answers = [](const LookupRequest& request) {
    return request.caller->tenant == "bad" ? unreachable() : good();
  };
  for (int i = 0; i < 19; ++i) ask("bad");
  std::this_thread::sleep_for(milliseconds(260));
  ask("bad");
  ask("good");
  EXPECT_EQ(ended().back(), "ok/none");
  ask("bad");
  EXPECT_EQ(ended().back(), "unavailable/breaker_open");
  EXPECT_GT(ends.back().retry_after, Duration::zero());
  EXPECT_LE(ends.back().retry_after, milliseconds(1250));
  EXPECT_EQ(steady->steadiness().refused_by_breaker, 1U);
}

TEST_F(SteadyTest, TakesNoRefusedCredentialForAFailureAndTriesLoginsOnce) {
  make();
  const auto log_in = [&] {
    AuthenticateRequest request;
    request.tenant = "default";
    std::string said;
    steady->authenticate(std::move(request), Deadline::never(), home, [&](Authenticated answer) {
      said = answer.error().credential ? "rejected" : std::string(name_of(answer.error().outcome.reason));
    });
    return said;
  };
  for (int i = 0; i < 50; ++i) EXPECT_EQ(log_in(), "rejected");
  inner->fails = true;
  int failures = 0;
  while (failures < 100 && log_in() == "unreachable") {
    ++failures;
    std::this_thread::sleep_for(milliseconds(20));
  }
  EXPECT_LT(failures, 60);
  EXPECT_EQ(log_in(), "breaker_open");
  EXPECT_EQ(inner->logins, 50 + failures) << "each once";
}

TEST_F(SteadyTest, ErasesOnceHoweverItEnded) {
  inner->own.steady.retry.attempts = 5;
  make();
  Reason ended{};
  steady->subject({Right::erase, "default", {}, {}, {}, {}}, Deadline::never(), home,
                  [&](Subject answer) { ended = answer.error().outcome.reason; });
  EXPECT_EQ(ended, Reason::unreachable);
  io.run_for(milliseconds(300)); // a look-up would have been made again by now
  EXPECT_EQ(inner->erasures, 1);
}

TEST_F(SteadyTest, LetsTenantsTakeTurnsForAPlace) {
  make();
  for (int i = 0; i < 10; ++i) ask("many");
  ask("few");
  EXPECT_EQ(inner->asked.size(), 4U);
  EXPECT_EQ(steady->counts().waiting, 7U);
  inner->answer(1, good());
  inner->answer(2, good());
  EXPECT_TRUE(until([&] { return inner->asked.size() == 6; }));
  EXPECT_EQ(inner->asked.at(5).caller->tenant, "few");
  for (Connector::CallId call = 3; call <= 11; ++call) {
    EXPECT_TRUE(until([&] { return inner->open.contains(call << 8); }));
    inner->answer(call, good());
  }
  EXPECT_EQ(ends.size(), 11U);
  EXPECT_GT(ends.back().course.waited, Duration::zero());
}

TEST_F(SteadyTest, EndsWhoWaitsWithTheDeadline) {
  make();
  for (int i = 0; i < 4; ++i) ask();
  ask("default", milliseconds(20));
  EXPECT_TRUE(until([&] { return !ends.empty(); }));
  EXPECT_THAT(ended(), ElementsAre("timeout/deadline"));
  inner->answer(1, good());
  io.run_for(milliseconds(5));
  EXPECT_EQ(inner->asked.size(), 4U) << "it was given up unexecuted";
}

TEST_F(SteadyTest, GivesThePlaceOfWhoWasCancelledToTheNext) {
  make();
  std::vector<Connector::CallId> ids;
  for (int i = 0; i < 6; ++i) ids.push_back(ask());
  steady->cancel(ids[4]);
  steady->cancel(ids[0]);
  EXPECT_TRUE(until([&] { return inner->asked.size() == 5; }));
  EXPECT_EQ(inner->open.size(), 4U);
  EXPECT_EQ(steady->counts().waiting, 0U);
}

class SteadyHedgeTest : public SteadyTest {
 protected:
  void learn() { // that calls take next to nothing
    inner->answers = [](const LookupRequest&) { return good(); };
    for (int i = 0; i < 150; ++i) ask();
    ends.clear();
    inner->asked.clear();
    inner->answers = nullptr;
  }
};

TEST_F(SteadyHedgeTest, AsksASecondTimeWhatTakesLongAndCancelsWhoLoses) {
  make();
  learn();
  ask("se");
  EXPECT_TRUE(until([&] { return inner->open.size() == 2; }));
  EXPECT_EQ(inner->asked.at(1).caller->tenant, "se");
  inner->answer(152, good());
  EXPECT_THAT(ended(), ElementsAre("ok/none"));
  EXPECT_TRUE(ends[0].course.hedge_answered);
  EXPECT_THAT(inner->cancelled, ElementsAre(Connector::CallId{151} << 8));
  EXPECT_EQ(steady->steadiness().running, 0U);
}

TEST_F(SteadyHedgeTest, HedgesNothingWithoutAFreePlace) {
  make();
  learn();
  for (int i = 0; i < 4; ++i) ask();
  inner->said.in_flight = 4;
  io.run_for(milliseconds(50));
  EXPECT_EQ(inner->asked.size(), 4U);
}

TEST_F(SteadyHedgeTest, HedgesNothingWhereThreadsBelowAreHeld) {
  make();
  learn();
  ask();
  inner->said.in_flight = 4; // of these, three were given up and do not know it
  io.run_for(milliseconds(50));
  EXPECT_EQ(inner->asked.size(), 1U);
}

TEST_F(SteadyHedgeTest, KeepsItsBudget) {
  inner->own.plugin.manifest.max_concurrency = 1000;
  make();
  learn();
  for (int i = 0; i < 100; ++i) ask();
  io.run_for(milliseconds(60));
  EXPECT_LE(inner->asked.size(), 105U);
  EXPECT_GT(inner->asked.size(), 100U);
}

TEST_F(SteadyTest, StartsNothingAfterItWasStopped) {
  make();
  for (int i = 0; i < 6; ++i) ask();
  inner->answers = [](const LookupRequest&) { return unreachable(); };
  steady->stop();
  EXPECT_EQ(ends.size(), 6U);
  io.run_for(milliseconds(80));
  EXPECT_EQ(inner->asked.size(), 4U);
  ask();
  EXPECT_EQ(ended().back(), "unavailable/plugin_disabled");
}

TEST_F(SteadyTest, NeedsNoMemoryForACallThatNothingHoldsBack) {
  make();
  inner->remembers = false;
  inner->answers = [](const LookupRequest&) { return Outcome(); };
  const LookupRequest question;
  std::size_t answered = 0;
  const auto ask_once = [&] {
    steady->lookup(LookupRequest(question), Deadline::never(), home, [&answered](Outcome) { ++answered; });
  };
  for (int i = 0; i < 200; ++i) ask_once();
  const testing::Starvation starvation(1);
  ask_once();
  EXPECT_FALSE(starvation.came());
  EXPECT_EQ(answered, 201U);
}

} // namespace
} // namespace plugboard::connector
