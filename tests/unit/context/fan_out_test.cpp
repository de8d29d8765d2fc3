#include "core/context/fan_out.hpp"
#include "tests/unit/context/graph.hpp"

#include <gmock/gmock.h>

namespace plugboard::context {
namespace {

using connector::Outcome;
using connector::Reason;
using connector::Status;
using ::testing::ElementsAre;
using testing::Graph;
using ::testing::IsEmpty;
using testing::named;
using testing::spec;

const Identifier kEmail{"email", "leo@example.com", true, "login"};

// Knows its answer at once, or keeps the call open until it is cancelled.
class FakeConnector final : public connector::Connector {
 public:
  std::optional<Status> answers;
  std::vector<CallId> asked, cancelled;
  std::map<CallId, std::function<void(Outcome)>> open;

  const connector::Settings& settings() const override { return settings_; }

  connector::Counts counts() const override { return {}; }

  connector::State state() const override { return connector::State::ready; }

  CallId lookup(connector::LookupRequest, Deadline, connector::Home&, std::function<void(Outcome)> done) override {
    asked.push_back(++last_);
    if (answers) {
      Outcome outcome;
      outcome.status = *answers;
      done(std::move(outcome));
    } else {
      open[last_] = std::move(done);
    }
    return last_;
  }

  CallId authenticate(connector::AuthenticateRequest, Deadline, connector::Home&,
                      std::function<void(boost::system::result<connector::Proof, connector::Rejected>)>) override {
    return 0;
  }

  void cancel(CallId id) override {
    cancelled.push_back(id);
    open.erase(id);
  }

  void stop() override {}

 private:
  connector::Settings settings_;
  CallId last_ = 0;
};

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
    fan_out = std::make_shared<FanOut>(catalog, std::vector<connector::Connector*>{&first, &second, &third},
                                       std::move(request), home);
    fan_out->start([this](Gathered gathered) { answers.push_back(std::move(gathered)); });
  }

  std::shared_ptr<const Catalog> make_catalog() {
    Graph graph;
    graph.connector("first", {spec("a", {{"email"}}, {"first.no"})});
    graph.connector("second", {spec("b", {{"email"}}, {"second.no"})});
    graph.connector("third", {spec("c", {{"first.no"}, {"second.no"}})});
    return graph.build({"email"});
  }

  FakeClock clock;
  std::unique_ptr<Log> log = no_log();
  boost::asio::io_context io;
  std::unique_ptr<http::Client> client = http::Client::make(io, {}, {}, clock, *log);
  json::Reader reader;
  connector::Home home{io, *client, reader, clock, std::this_thread::get_id()};
  FakeConnector first, second, third;
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

} // namespace
} // namespace plugboard::context
