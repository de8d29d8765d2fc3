// The services of the hub as a connector meets them, within the hub and in a worker: it must not be able to tell.
#include "bench.hpp"

#include "core/connector/pool.hpp"

#include <plugboard/host_kv.h>

#include <gmock/gmock.h>

namespace plugboard::connector {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

class ServedTest : public Bench, public ::testing::WithParamInterface<Isolation> {
 public:
  ServedTest() : Bench(2) {}

  Settings served() {
    Settings made = settings(SERVED_PLUGIN);
    made.isolation = GetParam();
    made.workers = workers;
    return made;
  }

  Outcome say(std::string_view section, Duration patience = seconds(20)) {
    LookupRequest asked;
    asked.caller = std::make_shared<const Caller>(Caller{.tenant = "default"});
    asked.identifiers.push_back({"customer_id", "C1", true, "login"});
    return ask(section, in(patience), std::move(asked));
  }

  // A worker tells of what is counted a little later.
  bool shows(const std::string& line) {
    const Deadline limit = in(seconds(20));
    while (metrics.text().find(line) == std::string::npos && !limit.passed(clock.now()))
      std::this_thread::sleep_for(milliseconds(5));
    return metrics.text().find(line) != std::string::npos;
  }

  SeededRandom random{1};
  std::shared_ptr<Workers> workers =
      std::make_shared<Workers>(PLUGBOARD_WORKER, std::vector<wire::Layer>(), random, ::geteuid() == 0);
};

// No sandbox can be built around a process under ThreadSanitizer.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WITHOUT_WORKERS
#endif
#endif
#ifdef WITHOUT_WORKERS
const auto kPlaces = ::testing::Values(Isolation::in_process);
#else
const auto kPlaces = ::testing::Values(Isolation::in_process, Isolation::worker);
#endif

INSTANTIATE_TEST_SUITE_P(Places, ServedTest, kPlaces, [](const auto& one) { return std::string(name_of(one.param)); });

TEST_P(ServedTest, WaitsWithoutAThread) {
  start(served());
  const Outcome outcome = say("waits");
  EXPECT_EQ(outcome.status, Status::ok) << log.text();
  const std::string data(outcome.data.view());
  const auto waited = std::stol(data.substr(data.find(": ") + 2));
  EXPECT_GE(waited, 30);
  EXPECT_LT(waited, 20'000);
  EXPECT_THAT(data, HasSubstr("\"year\": 20"));
}

TEST_P(ServedTest, ManyWaitAtOnce) {
  start(served());
  Inbox<Outcome> inbox;
  LookupRequest asked;
  asked.identifiers.push_back({"customer_id", "C1", true, "login"});
  for (std::size_t i = 0; i < 60; ++i) begin(inbox, "waits", in(seconds(20)), i % 2, asked);
  for (std::size_t i = 0; i < 60; ++i) EXPECT_EQ(inbox.take().status, Status::ok);
}

// One that asks for no pause at all, again and again, neither keeps the thread nor uses up its stack.
TEST_P(ServedTest, WaitsForNothingAsOftenAsItLikes) {
  start(served());
  LookupRequest asked;
  asked.identifiers.push_back({"customer_id", "C1", true, "login"});
  asked.params = GetParam() == Isolation::in_process ? R"({"times": 100000})" : R"({"times": 500})";
  EXPECT_EQ(ask("waits_often", in(seconds(60)), std::move(asked)).data, R"({"waited": true})") << log.text();
}

TEST_P(ServedTest, WaitsNoLongerThanItsCall) {
  start(served());
  EXPECT_EQ(say("waits_for_ever", milliseconds(50)).status, Status::timeout);
  const Deadline limit = in(seconds(20)); // it was told, and its place is free
  const std::string told = "the wait ended as " + std::to_string(PLUGBOARD_CANCELLED);
  while (log.text().find(told) == std::string::npos && !limit.passed(clock.now()))
    std::this_thread::sleep_for(milliseconds(5));
  EXPECT_THAT(log.text(), HasSubstr(told));
  EXPECT_EQ(say("waits").status, Status::ok);
}

TEST_P(ServedTest, StopsWhileItWaits) {
  start(served());
  Inbox<Outcome> inbox;
  LookupRequest asked;
  asked.identifiers.push_back({"customer_id", "C1", true, "login"});
  begin(inbox, "waits_for_ever", in(seconds(60)), 0, std::move(asked));
  connector->stop();
  EXPECT_EQ(inbox.take().reason, Reason::plugin_disabled);
}

TEST_P(ServedTest, CountsWhatItsManifestDeclares) {
  start(served());
  EXPECT_TRUE(shows("plugboard_plugin_served_answers_total{connector=\"crm\",kind=\"wrong\",way=\"short\"} 0"));
  EXPECT_EQ(say("counts").data, R"({"counted": true})");
  EXPECT_TRUE(shows("plugboard_plugin_served_answers_total{connector=\"crm\",kind=\"right\",way=\"long\"} 3"));
  EXPECT_TRUE(shows("plugboard_plugin_served_depth{connector=\"crm\"} 7.5"));
  EXPECT_TRUE(shows("plugboard_plugin_served_size_bytes_bucket{connector=\"crm\",le=\"10\"} 0"));
  EXPECT_TRUE(shows("plugboard_plugin_served_size_bytes_bucket{connector=\"crm\",le=\"100\"} 1"));
  EXPECT_TRUE(shows("plugboard_plugin_served_size_bytes_sum{connector=\"crm\"} 550"));
}

TEST_P(ServedTest, RefusesAndCountsWhatItsManifestDoesNotDeclare) {
  start(served());
  EXPECT_EQ(say("miscounts").data, R"({"refused": true})");
  EXPECT_TRUE(shows("plugboard_connector_metrics_refused_total{connector=\"crm\"} 4"));
  EXPECT_THAT(metrics.text(), testing::Not(HasSubstr("ada@example.com")));
  EXPECT_TRUE(shows("plugboard_plugin_served_answers_total{connector=\"crm\",kind=\"right\",way=\"long\"} 0"));
}

// A store that forgets when its test ends, and answers on a thread of its own, as the real one does.
class MemoryValues final : public KeptValues {
 public:
  void get(KeptKey key, Done done) override {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(name(key));
    if (found == entries_.end()) return later({PLUGBOARD_NOT_FOUND, 0, {}}, done);
    later({PLUGBOARD_OK, found->second.version, found->second.value.copy()}, done);
  }

  void put(KeptKey key, Secret value, Duration, std::int64_t only_if, Done done) override {
    const std::lock_guard lock(mutex_);
    KeptResult& entry = entries_[name(key)];
    const bool meant = only_if == PLUGBOARD_KV_ANY || entry.version == std::max<std::int64_t>(only_if, 0);
    if (!meant) return later({PLUGBOARD_CONFLICT, 0, {}}, done);
    entry.value = std::move(value);
    later({PLUGBOARD_OK, ++entry.version, {}}, done);
  }

  void remove(KeptKey key, std::int64_t, Done done) override {
    const std::lock_guard lock(mutex_);
    later({entries_.erase(name(key)) > 0 ? PLUGBOARD_OK : PLUGBOARD_NOT_FOUND, 0, {}}, done);
  }

  std::vector<std::string> names() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> all;
    for (const auto& [name, entry] : entries_) all.push_back(name);
    return all;
  }

 private:
  static std::string name(const KeptKey& key) { return key.tenant + "/" + key.connector + "/" + key.key; }

  void later(KeptResult result, Done done) {
    auto kept = std::make_shared<KeptResult>(std::move(result));
    thread_.run([kept, done = std::move(done)] { done(std::move(*kept)); });
  }

  mutable std::mutex mutex_;
  std::map<std::string, KeptResult> entries_;
  Pool thread_{1};
};

TEST_P(ServedTest, KeepsValuesForTheCallsTenant) {
  const auto values = std::make_shared<MemoryValues>();
  Settings made = served();
  made.kept = values;
  start(made);
  EXPECT_EQ(say("recalls").status, Status::not_found);
  EXPECT_EQ(say("keeps").data, R"({"kept": "third"})") << log.text();
  EXPECT_EQ(say("recalls").data, R"({"kept": "third"})");
  EXPECT_EQ(values->names(), std::vector<std::string>{"default/crm/kept"});
  connector->stop();
}

TEST_P(ServedTest, SaysThatNothingIsKeptWhereThereIsNoStore) {
  start(served());
  EXPECT_EQ(say("keeps").reason, Reason::plugin_failed);
}

TEST_P(ServedTest, GivesWhatASecretWasReplacedWith) {
  Settings made = served();
  std::mutex mutex;
  std::string value = "old";
  made.secrets["/token"] = [&]() -> Result<Secret> {
    const std::lock_guard lock(mutex);
    return Secret(value);
  };
  made.replace_secret = [&](const std::string& handle, Secret with, std::function<void(Result<void>)> done) {
    const std::lock_guard lock(mutex);
    EXPECT_EQ(handle, "/token");
    value = with.reveal();
    done({});
  };
  start(made);
  EXPECT_EQ(say("tells_secret").data, R"({"bytes": 3})");
  EXPECT_EQ(say("replaces").data, R"({"bytes": 7})") << log.text();
  for (int i = 0; i < 30; ++i) static_cast<void>(say("replaces"));
  EXPECT_THAT(log.text(), HasSubstr("it was replaced too often")) << "each is a record and a write";
  EXPECT_THAT(log.text(), testing::Not(HasSubstr("rotated")));
  connector->stop();
}

TEST_P(ServedTest, CountsNothingUnderANameThatWasOfAnotherType) {
  EXPECT_TRUE(metrics.claim("plugboard_plugin_served_depth", MetricType::histogram));
  start(served());
  EXPECT_THAT(log.text(), HasSubstr("plugin.metric_changed"));
  EXPECT_EQ(say("counts").data, R"({"counted": true})");
  EXPECT_TRUE(shows("plugboard_plugin_served_size_bytes_sum{connector=\"crm\"} 550"));
  EXPECT_THAT(metrics.text(), testing::Not(HasSubstr("plugboard_plugin_served_depth")));
}

TEST_P(ServedTest, TellsAllThatItHoldsOfACustomer) {
  start(served());
  const Subject told = ask_right(Right::export_data, "C1");
  ASSERT_TRUE(told) << log.text();
  EXPECT_EQ(told->data, R"({"customer":"C1","why":"request 7","orders":[1, 2],"invoices":[3]})");
  const Subject nobody = ask_right(Right::export_data, "nobody");
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().outcome.status, Status::not_found);
  const Subject badly = ask_right(Right::export_data, "badly");
  ASSERT_FALSE(badly);
  EXPECT_EQ(badly.error().outcome.reason, Reason::plugin_protocol);
  EXPECT_EQ(connector->counts().protocol_violations, 1U);
  EXPECT_TRUE(shows("plugboard_connector_calls_total{connector=\"crm\",section=\"export\",status=\"not_found\"} 1"));
}

TEST_P(ServedTest, ErasesOnceAndSaysWhatStays) {
  start(served());
  const Subject first = ask_right(Right::erase, "C1");
  ASSERT_TRUE(first) << log.text();
  EXPECT_EQ(first->erased, 2U);
  ASSERT_EQ(first->kept.size(), 1U);
  EXPECT_EQ(first->kept[0].what, "one \"invoice\"");
  EXPECT_EQ(first->kept[0].why, "tax law");
  const Subject again = ask_right(Right::erase, "C1");
  ASSERT_TRUE(again) << log.text();
  EXPECT_EQ(again->erased, 0U) << "there is nothing left to erase";
  const Subject failed = ask_right(Right::erase, "fails");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().outcome.reason, Reason::unreachable);
  EXPECT_THAT(log.text(), HasSubstr("erase: error/unreachable: the plugin says: the archive is away"));
}

// A section must come soon; all of a customer's data may take what the caller gives it, and no longer.
TEST_P(ServedTest, HasTheCallersTimeForASubject) {
  Settings made = served();
  made.timeout = milliseconds(20);
  start(std::move(made));
  const Instant begun = clock.now();
  const Subject late = ask_right(Right::export_data, "never", in(milliseconds(300)));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().outcome.reason, Reason::deadline);
  EXPECT_GE(clock.now() - begun, milliseconds(300));
}

} // namespace
} // namespace plugboard::connector
