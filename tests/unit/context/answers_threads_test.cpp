// Many threads ask the same few questions of one system at once, leave, purge, and are each answered exactly once.
#include "core/context/answers.hpp"
#include "tests/unit/context/answering.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <latch>
#include <thread>

namespace plugboard::context {
namespace {

using connector::Outcome;
using std::chrono::seconds;

// Answers each call on its own thread a moment later, with whose it was.
class SoonConnector final : public testing::FakeConnector {
 public:
  CallId lookup(connector::LookupRequest request, Deadline, connector::Home& home,
                std::function<void(Outcome)> done) override {
    ++calls;
    boost::asio::post(home.io, [done = std::move(done), whose = request.identifiers.at(0).value] {
      done(testing::answered_with(whose));
    });
    return 1;
  }

  void cancel(CallId) override {}

  std::atomic<int> calls = 0;
};

struct Tallied final : Asker {
  Request request;
  std::atomic<int> answers = 0, wrong = 0;
  bool left = false;

  const Request& asked_for() const override { return request; }

  void answered(std::size_t, Outcome outcome) override {
    ++answers;
    if (outcome.data.view() != request.known[0].value) ++wrong;
  }
};

class AnswersThreadsTest : public ::testing::Test {
 protected:
  static constexpr int kThreads = 4, kRounds = 400;

  struct Place {
    explicit Place(const Clock& clock, Log& log)
        : resolver(http::Resolver::make(io, clock)),
          client(http::Client::make(io, {}, {}, clock, log, resolver.get())), home{io,     *client, *resolver,
                                                                                   reader, clock,   {}} {}

    boost::asio::io_context io{1};
    std::unique_ptr<http::Resolver> resolver;
    std::unique_ptr<http::Client> client;
    json::Reader reader;
    connector::Home home;
    std::vector<std::shared_ptr<Tallied>> asked;
  };

  void ask(Place& place, std::uint64_t customer, bool leaves, Duration max_age) {
    auto who = std::make_shared<Tallied>();
    who->request.tenant = "default";
    who->request.known = {{"email", "customer-" + std::to_string(customer) + "@example.com", true, "login"}};
    const Question question{.source = source, .tenant = who->request.tenant, .identifiers = who->request.known};
    const auto until = Deadline::after(clock.now(), seconds(10));
    auto found = answers.ask(question, system, {who, 0, &place.home, until, customer}, max_age);
    if (found.outcome) who->answered(0, std::move(*found.outcome));
    if (leaves && found.flight && who->answers == 0) {
      answers.leave(found.flight, *who, 0);
      who->left = true;
    }
    place.asked.push_back(std::move(who));
  }

  SystemClock clock;
  std::unique_ptr<Log> log = no_log();
  Metrics metrics;
  SeededRandom random{1};
  Answers answers{std::size_t{16} << 20, random, metrics};
  std::shared_ptr<SoonConnector> system = std::make_shared<SoonConnector>();
  AnswerSourcePtr source = answers.source({"crm",
                                           "fake",
                                           "1.0.0",
                                           "f",
                                           true,
                                           true,
                                           {"contact"},
                                           {{std::chrono::microseconds(200), std::chrono::microseconds(200), {}, {}}}});
};

TEST_F(AnswersThreadsTest, AnswersEachOnceWithItsOwn) {
  std::vector<std::unique_ptr<Place>> places;
  for (int t = 0; t < kThreads; ++t) places.push_back(std::make_unique<Place>(clock, *log));
  std::vector<std::thread> threads;
  std::latch begin(kThreads), all_asked(kThreads);
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      auto& place = *places[static_cast<std::size_t>(t)];
      auto busy = boost::asio::make_work_guard(place.io);
      SeededRandom own(static_cast<std::uint64_t>(t));
      begin.arrive_and_wait();
      for (int i = 0; i < kRounds; ++i) {
        ask(place, own.below(5), own.below(4) == 0, own.below(4) == 0 ? seconds(0) : seconds(60));
        if (own.below(3) == 0) place.io.poll();
        if (own.below(50) == 0) answers.purge({"default", "", "crm", ""});
        if (own.below(50) == 0) answers.tend(clock.now());
        place.io.poll_one();
      }
      all_asked.arrive_and_wait();
      while (answers.figures().flights > 0) place.io.poll();
      busy.reset();
    });
  for (auto& thread : threads) thread.join();
  for (auto& place : places) {
    place->io.restart();
    place->io.poll();
    for (const auto& who : place->asked) {
      EXPECT_EQ(who->wrong, 0);
      EXPECT_LE(who->answers, 1);
      EXPECT_TRUE(who->left || who->answers == 1);
    }
  }
  EXPECT_LT(system->calls, kThreads * kRounds);
}

} // namespace
} // namespace plugboard::context
