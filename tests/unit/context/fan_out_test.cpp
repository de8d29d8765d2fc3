#include "core/base/on_exit.hpp"
#include "core/context/fan_out.hpp"
#include "tests/support/starvation.hpp"
#include "tests/unit/context/fake_connector.hpp"
#include "tests/unit/context/graph.hpp"

#include <gmock/gmock.h>

namespace plugboard::context {
namespace {

using connector::Outcome;
using connector::Reason;
using connector::Status;
using ::testing::ElementsAre;
using testing::FakeConnector;
using testing::Graph;
using ::testing::IsEmpty;
using testing::named;
using testing::spec;

const Identifier kEmail{"email", "leo@example.com", true, "login"};

class FanOutTest : public ::testing::Test {
 protected:
  Request request_for(const std::vector<std::string>& sections) {
    Request request;
    for (auto section : named(*catalog, sections)) request.asked.push_back({section});
    request.known = {kEmail};
    request.received = clock.now();
    request.deadline = Deadline::after(clock.now(), std::chrono::seconds(1));
    return request;
  }

  void start(Request request) {
    fan_out = std::make_shared<FanOut>(catalog, systems, std::move(request), home);
    fan_out->start([this](Gathered gathered) { answers.push_back(std::move(gathered)); });
  }

  std::shared_ptr<const Catalog> make_catalog() {
    Graph graph;
    graph.connector("first", {spec("a", {{"email"}}, {"first.no"})});
    graph.connector("second", {spec("b", {{"email"}}, {"second.no"})});
    graph.connector("third", {spec("c", {{"first.no"}, {"second.no"}})});
    return graph.build({"email"});
  }

  AnswerSourcePtr source(const std::string& connector) {
    return answers_kept.source({connector, "fake", "1.0.0", "as configured", true, true, {"one"}, {KeepingRules()}});
  }

  FakeClock clock;
  std::unique_ptr<Log> log = no_log();
  boost::asio::io_context io;
  std::unique_ptr<http::Resolver> resolver = http::Resolver::make(io, clock);
  std::unique_ptr<http::Client> client = http::Client::make(io, {}, {}, clock, *log, resolver.get());
  json::Reader reader;
  connector::Home home{io, *client, *resolver, reader, clock, std::this_thread::get_id()};
  std::shared_ptr<FakeConnector> one = std::make_shared<FakeConnector>(), two = std::make_shared<FakeConnector>(),
                                 three = std::make_shared<FakeConnector>();
  FakeConnector &first = *one, &second = *two, &third = *three;
  Metrics metrics;
  SeededRandom random{1};
  Answers answers_kept{std::size_t{1} << 20, random, metrics};
  SystemsPtr systems = std::make_shared<const Systems>(
      Systems{{one, two, three}, {source("first"), source("second"), source("third")}, answers_kept});
  std::shared_ptr<const Catalog> catalog = make_catalog();
  std::shared_ptr<FanOut> fan_out;
  std::vector<Gathered> answers;
};

TEST_F(FanOutTest, AnswersAtOnceWhenEverySystemDoes) {
  first.answers = Status::ok;
  second.answers = Status::ok;
  start(request_for({"first.a", "second.b"}));
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].results.size(), 2u);
}

TEST_F(FanOutTest, StartsNothingMoreOnceAnAnswerMadeTheRestNeedless) {
  first.answers = Status::not_found; // so third.c will never have what it needs, and second.b is of no use either
  start(request_for({"third.c"}));
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].results.back().outcome.reason, Reason::identifier_unknown);
  EXPECT_THAT(second.asked, IsEmpty());
  EXPECT_THAT(second.open, IsEmpty());
}

TEST_F(FanOutTest, WhatIsComputedFromOthersIsHandedTheirsAndNeitherKeptNorShared) {
  Graph graph;
  graph.connector("first", {spec("a", {{"email"}})});
  graph.connector("second", {testing::from("b", {"x"})});
  graph.declarations[1].from["x"] = "first.a";
  catalog = graph.build({"email"});
  first.answers = Status::ok;
  first.answer.data = R"({"of":"a"})";
  auto request = request_for({"second.b"});
  request.asked[0].params = R"({"limit":1})";
  start(request);
  start(request); // one that asks alike, while the first waits
  ASSERT_EQ(second.requests.size(), 2U);
  EXPECT_EQ(second.requests[0].params, R"({"limit":1})");
  ASSERT_EQ(second.requests[0].inputs.size(), 1U);
  EXPECT_EQ(second.requests[0].inputs[0].name, "x");
  EXPECT_EQ(second.requests[0].inputs[0].data, R"({"of":"a"})");
  Outcome outcome;
  outcome.data = "{}";
  second.land(1, outcome);
  second.land(2, outcome);
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[1].results.size(), 2U);
}

TEST_F(FanOutTest, CancelsWhatIsUnderWayWhenNobodyWaits) {
  start(request_for({"first.a", "second.b"}));
  fan_out->cancel();
  EXPECT_THAT(first.cancelled, ElementsAre(1));
  EXPECT_THAT(second.cancelled, ElementsAre(1));
  EXPECT_THAT(answers, IsEmpty());
}

TEST_F(FanOutTest, AsksNobodyWhenTheTimeIsUpBeforeItBegins) {
  auto request = request_for({"first.a", "third.c"});
  clock.advance(std::chrono::milliseconds(990)); // the hub keeps the last 20 for writing
  start(std::move(request));
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_THAT(first.asked, IsEmpty());
  for (const auto& result : answers[0].results) {
    EXPECT_EQ(result.outcome.status, Status::timeout);
    EXPECT_EQ(result.outcome.reason, Reason::deadline);
  }
}

// As a request does it: holds the fan-out that holds it.
struct Waiting {
  std::shared_ptr<FanOut> fan_out;
};

class StarvedFanOutTest : public FanOutTest, public ::testing::WithParamInterface<int> {
 protected:
  // What happens to it, in order; the n-th allocation of one of the steps fails. False: it has less than n.
  bool run(std::size_t starved, int n) {
    Answers nothing_yet(std::size_t{1} << 20, random, metrics);
    const OnExit over([this] {
      for (auto* system : {&first, &second, &third}) system->land_all();
      hear_messages();
    });
    const auto asked = std::make_shared<const Systems>(Systems{systems->connectors, systems->sources, nothing_yet});
    auto waiting = std::make_shared<Waiting>();
    const std::weak_ptr<Waiting> left = waiting;
    waiting->fan_out = std::make_shared<FanOut>(catalog, asked, request_for({"first.a", "second.b", "third.c"}), home);
    bool answered = false;
    std::function<void(Gathered)> done = [held = waiting, &answered](const Gathered&) {
      held->fan_out.reset();
      answered = true;
    };
    FanOut& one_context = *std::exchange(waiting, nullptr)->fan_out;
    Outcome of_one = saying("first.no"), of_two = saying("second.no"), of_three = saying("third.no");
    const std::function<void()> steps[] = {
        [&] { one_context.start(std::move(done)); }, [&] { answer(first, std::move(of_one)); },
        [&] { answer(second, std::move(of_two)); }, [&] { answer(third, std::move(of_three)); }};
    bool came = false;
    for (std::size_t step = 0; step < std::size(steps) && !left.expired(); ++step) {
      try {
        const plugboard::testing::Starvation starvation(step == starved ? n : 0);
        steps[step]();
        came = came || (step == starved && starvation.came());
      } catch (const std::bad_alloc&) {
        came = true;
        hear_messages(); // some are told by one
        EXPECT_TRUE(left.expired()) << "it waits for ever; step " << step << ", allocation " << n;
      }
    }
    EXPECT_TRUE(left.expired() || answered) << n;
    EXPECT_TRUE(came || answered) << n;
    return came;
  }

  void hear_messages() { // a few of them: by the fake clock the timer is early each time
    io.restart();
    for (int i = 0; i < 20; ++i) io.poll_one();
  }

  static Outcome saying(std::string identifier) {
    Outcome outcome;
    outcome.status = Status::ok;
    outcome.yields = {{std::move(identifier), "a number too long to be kept in place", true, "system"}};
    return outcome;
  }

  static void answer(FakeConnector& system, Outcome outcome) {
    if (system.open.empty()) return;
    const auto call = system.open.extract(system.open.begin());
    call.mapped()(std::move(outcome));
  }
};

TEST_P(StarvedFanOutTest, LetsGoOfWhoWaitsWhenMemoryEnds) {
  int n = 1;
  while (n < 200 && run(static_cast<std::size_t>(GetParam()), n)) ++n;
  EXPECT_GT(n, 1) << "nothing failed";
  EXPECT_LT(n, 200);
}

INSTANTIATE_TEST_SUITE_P(Step, StarvedFanOutTest, ::testing::Range(0, 4));

} // namespace
} // namespace plugboard::context
