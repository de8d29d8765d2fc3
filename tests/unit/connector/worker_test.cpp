// A connector in a worker, with the real plugboard-worker and the connector that does everything wrong.
#include "bench.hpp"

#include "core/connector/file_bytes.hpp"

#include <sys/wait.h>

#include <filesystem>
#include <future>
#include <set>

namespace plugboard::connector {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class WorkerTest : public Bench, public ::testing::WithParamInterface<const char*> {
 public:
  WorkerTest() : Bench(2) {}

  Settings in_worker() {
    const std::string name = GetParam();
    Settings made = settings(std::string(CHAOS_PLUGINS) + "/" + name + "/1.0.0/" + name + ".so");
    made.isolation = Isolation::worker;
    made.workers = workers;
    return made;
  }

  LookupRequest request(std::string_view mode = {}, const std::string& customer = "C1") {
    LookupRequest asked;
    asked.caller = std::make_shared<const Caller>(Caller{.tenant = "default"});
    asked.identifiers.push_back({"customer_id", customer, true, "login"});
    asked.params = mode.empty() ? "{}" : "{\"mode\": \"" + std::string(mode) + "\"}";
    return asked;
  }

  Outcome say(std::string_view mode, Duration patience = seconds(20)) {
    return ask("record", in(patience), request(mode));
  }

  void await_up() {
    const Deadline limit = in(seconds(30));
    while (connector->containment().state != WorkerState::up && !limit.passed(clock.now()))
      std::this_thread::sleep_for(milliseconds(5));
    ASSERT_EQ(connector->containment().state, WorkerState::up);
  }

  void await_second_start() {
    const Deadline limit = in(seconds(20));
    while (connector->containment().starts < 2 && !limit.passed(clock.now()))
      std::this_thread::sleep_for(milliseconds(2));
    ASSERT_EQ(connector->containment().starts, 2U);
  }

  SeededRandom random{1};
  std::shared_ptr<Workers> workers =
      std::make_shared<Workers>(PLUGBOARD_WORKER, std::vector<wire::Layer>(), random, ::geteuid() == 0);
};

INSTANTIATE_TEST_SUITE_P(Executions, WorkerTest, ::testing::Values("chaos", "chaos_async"),
                         [](const auto& one) { return std::string(one.param); });

std::string how(const Outcome& outcome) {
  return std::string(name_of(outcome.status)) + "/" + std::string(name_of(outcome.reason));
}

TEST_P(WorkerTest, AnswersLikeOneInTheHub) {
  Settings made = in_worker();
  made.limits.memory_bytes = std::uint64_t{2} << 30; // a huge reply is made in several copies
  start(std::move(made));
  EXPECT_EQ(how(say("")), "ok/none");
  EXPECT_EQ(how(ask("contact", in(seconds(20)), request("wrong_type"))), "invalid/shape");
  EXPECT_EQ(how(say("wrong_customer")), "invalid/wrong_customer");
  EXPECT_EQ(how(say("duplicate_keys")), "invalid/plugin_protocol");
  EXPECT_EQ(how(say("huge_reply")), "invalid/too_large");
  EXPECT_EQ(how(say("")), "ok/none");
  const Containment kept = connector->containment();
  EXPECT_EQ(kept.starts, 1U);
  EXPECT_EQ(kept.crashes + kept.killed, 0U);
}

TEST_P(WorkerTest, ServesCallsOfEveryHomeAtOnce) {
  start(in_worker());
  Inbox<Outcome> inbox;
  constexpr int kCalls = 200;
  for (int i = 0; i < kCalls; ++i)
    begin(inbox, "record", in(seconds(30)), static_cast<std::size_t>(i % 2), request({}, "C" + std::to_string(i)));
  std::set<std::string> customers;
  for (int i = 0; i < kCalls; ++i) {
    const Outcome outcome = inbox.take();
    if (outcome.status == Status::ok)
      customers.emplace(outcome.data.view());
    else
      EXPECT_EQ(outcome.reason, Reason::overloaded); // more than may wait for sixteen places
  }
  EXPECT_GT(customers.size(), 64U); // each its own
}

TEST_P(WorkerTest, AnswersForAWorkerThatCrashedAndBringsItUpAgain) {
  start(in_worker());
  const auto before = connector->containment().pid;
  EXPECT_EQ(how(say("segv")), "unavailable/plugin_crashed");
  await_up();
  EXPECT_NE(connector->containment().pid, before);
  EXPECT_EQ(how(say("")), "ok/none");
  const Containment kept = connector->containment();
  EXPECT_EQ(kept.crashes, 1U);
  ASSERT_EQ(kept.last_exits.size(), 1U);
  if (kept.profile == "standard") { // a sanitizer has its own way to end a process
    EXPECT_EQ(kept.last_exits[0].how.substr(0, 9), "signal 11") << kept.last_exits[0].how;
  }
}

TEST_P(WorkerTest, KeepsNothingOfTheWorkersThatWere) {
  const auto descriptors = [] {
    const std::filesystem::directory_iterator open("/proc/self/fd"), none;
    return std::distance(open, none);
  };
  start(in_worker());
  std::ptrdiff_t before = 0;
  for (int crashes = 0; crashes < 12; ++crashes) {
    EXPECT_EQ(how(say("_exit")), "unavailable/plugin_crashed");
    await_up();
    for (int i = 0; i < 20; ++i) ASSERT_EQ(how(say("")), "ok/none"); // of use again
    if (crashes == 1) before = descriptors();
  }
  EXPECT_LE(descriptors(), before);
}

TEST_P(WorkerTest, SaysHowAWorkerEnded) {
  start(in_worker());
  EXPECT_EQ(how(say("exit")), "unavailable/plugin_crashed");
  await_up();
  EXPECT_EQ(connector->containment().last_exits.at(0).how.substr(0, 9), "exit code");
}

TEST_P(WorkerTest, StopsTryingAtOnceWhenAWorkerDoesNothingButCrash) {
  start(in_worker());
  std::string last;
  for (int i = 0; i < 3; ++i) {
    last = how(say("abrt"));
    if (i < 2) await_up();
  }
  EXPECT_EQ(last, "unavailable/plugin_crashed");
  const Deadline limit = in(seconds(10));
  while (connector->containment().state != WorkerState::breaker_open && !limit.passed(clock.now()))
    std::this_thread::sleep_for(milliseconds(2));
  EXPECT_EQ(connector->containment().state, WorkerState::breaker_open);
  EXPECT_EQ(how(say("")), "unavailable/breaker_open");
  EXPECT_EQ(connector->containment().last_exits.size(), 3U);
}

TEST_P(WorkerTest, KillsOneThatGoesOnWithWhatWasCancelled) {
  start(in_worker());
  const Instant begun = clock.now();
  EXPECT_EQ(how(say("ignore_cancel", milliseconds(100))), "timeout/deadline");
  EXPECT_LT(clock.now() - begun, seconds(5));
  const Deadline limit = in(seconds(20));
  while (connector->containment().killed == 0 && !limit.passed(clock.now()))
    std::this_thread::sleep_for(milliseconds(5));
  EXPECT_EQ(connector->containment().killed, 1U);
  await_up();
  EXPECT_EQ(how(say("")), "ok/none");
  EXPECT_NE(connector->containment().last_exits.at(0).how.find("cancelled"), std::string::npos);
}

TEST_P(WorkerTest, KillsOneThatBreaksTheRulesOfTheWire) {
  start(in_worker());
  for (const char* mode : {"declared_length", "unknown_type", "wire_other_call", "zero_lengths"}) {
    EXPECT_EQ(how(say(mode)), "invalid/plugin_protocol") << mode;
    await_up();
    for (int i = 0; i < 20; ++i) ASSERT_EQ(how(say("")), "ok/none") << mode; // of use again
  }
  EXPECT_EQ(connector->containment().killed, 4U);
  EXPECT_EQ(connector->counts().protocol_violations >= 4, true);
}

TEST_P(WorkerTest, ListensToLittleOfWhatOneSaysThatSaysFarTooMuch) {
  start(in_worker());
  auto asked = request();
  asked.params = R"({"mode": "log_flood", "ms": 1000})";
  const Outcome outcome = ask("record", in(seconds(20)), asked);
  ASSERT_EQ(how(outcome), "ok/none");
  const std::string answer(outcome.data);
  EXPECT_LT(std::stol(answer.substr(answer.find("\"got\":") + 6)), 20'000) << answer;
  EXPECT_EQ(how(say("")), "ok/none");
}

TEST_P(WorkerTest, LeavesNothingWhenItStops) {
  start(in_worker());
  EXPECT_EQ(how(say("")), "ok/none");
  const auto pid = connector->containment().pid;
  ASSERT_TRUE(std::filesystem::exists("/proc/" + std::to_string(pid)));
  connector->stop();
  EXPECT_FALSE(std::filesystem::exists("/proc/" + std::to_string(pid)));
  EXPECT_EQ(connector->containment().state, WorkerState::stopped);
  EXPECT_EQ(how(say("")), "unavailable/plugin_disabled");
}

TEST_P(WorkerTest, AnswersAtOnceWhileAStartIsKeptWaiting) {
  start(in_worker());
  std::promise<void> go_on;
  workers->where_it_may_block([held = go_on.get_future().share()] { held.wait(); });
  EXPECT_EQ(how(say("segv")), "unavailable/plugin_crashed");
  await_second_start();
  EXPECT_EQ(connector->containment().state, WorkerState::starting);
  EXPECT_EQ(how(say("")), "unavailable/starting");
  go_on.set_value();
  await_up();
  EXPECT_EQ(how(say("")), "ok/none");
}

TEST_P(WorkerTest, LeavesNothingOfAStartThatItsStopOvertakes) {
  start(in_worker());
  std::promise<void> go_on;
  workers->where_it_may_block([held = go_on.get_future().share()] { held.wait(); });
  EXPECT_EQ(how(say("segv")), "unavailable/plugin_crashed");
  await_second_start();
  connector->stop(); // waits for nobody
  EXPECT_EQ(connector->containment().state, WorkerState::stopped);
  go_on.set_value();
  std::promise<void> done;
  workers->where_it_may_block([&done] { done.set_value(); });
  done.get_future().wait();
  siginfo_t info{};
  EXPECT_NE(::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT), 0); // no child
}

TEST_P(WorkerTest, LeavesNothingWhenItStopsAtAnyMomentOfAStart) {
  for (int i = 0; i < 8; ++i) {
    start(in_worker());
    EXPECT_EQ(how(say("segv")), "unavailable/plugin_crashed");
    const Deadline limit = in(seconds(20));
    while (connector->containment().starts < 2 && !limit.passed(clock.now())) std::this_thread::yield();
    std::this_thread::sleep_for(i * milliseconds(1));
    connector->stop();
    siginfo_t info{};
    EXPECT_NE(::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT), 0) << i; // no child
    connector.reset();
  }
}

TEST_P(WorkerTest, StopsOneThatHangsInItsStop) {
  Settings made = in_worker();
  made.config = R"({"stop": "sleep"})";
  start(std::move(made));
  const auto pid = connector->containment().pid;
  const Instant begun = clock.now();
  connector->stop();
  EXPECT_LT(clock.now() - begun, seconds(10));
  EXPECT_FALSE(std::filesystem::exists("/proc/" + std::to_string(pid)));
}

TEST_P(WorkerTest, RefusesAPluginThatCrashesBeforeItStarted) {
  Settings made = in_worker();
  made.config = R"({"init": "segv"})";
  const auto started = try_start(std::move(made));
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find("before it had started"), std::string::npos) << started.error().message;
}

TEST_P(WorkerTest, SaysWhichLayersStandAroundIt) {
  start(in_worker());
  const Containment kept = connector->containment();
  EXPECT_EQ(kept.layers.size(), wire::kLayers);
  for (const auto& state : kept.layers) EXPECT_EQ(state.present, state.why_not.empty()) << wire::name_of(state.layer);
}

TEST_P(WorkerTest, DoesNotStartWithALayerMissingThatIsRequired) {
  Settings made = in_worker();
  made.isolation = Isolation::require;
  workers->without = {wire::Layer::seccomp};
  const auto started = try_start(std::move(made));
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find("seccomp"), std::string::npos) << started.error().message;
}

TEST_P(WorkerTest, SaysWhatIsMissingWhenThereIsNoWorkerToStart) {
  workers->program = "/nowhere/plugboard-worker";
  const auto started = try_start(in_worker());
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find("/nowhere/plugboard-worker"), std::string::npos) << started.error().message;
}

} // namespace
} // namespace plugboard::connector
