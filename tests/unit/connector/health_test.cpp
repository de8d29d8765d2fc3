// A connector asked how it is: what it may answer, and what the watch makes of that.
#include "bench.hpp"

#include "core/connector/health_watch.hpp"

namespace plugboard::connector {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class HealthTest : public Bench {
 protected:
  void TearDown() override {
    if (watch != nullptr) watch->close();
    Bench::TearDown();
  }

  void run(bool blocking = false) {
    Settings settings = probe(blocking);
    settings.timeout = milliseconds(200);
    settings.health_every = milliseconds(100);
    start(std::move(settings));
    watch = std::make_shared<HealthWatch>(*connector, *homes[0]->home, random, log, metrics);
    watch->begin();
  }

  bool becomes(Condition condition) {
    return eventually([&] { return watch->now().condition == condition; });
  }

  template <class F>
  bool eventually(F holds) {
    const Deadline limit = in(seconds(20));
    while (!holds() && !limit.passed(clock.now())) std::this_thread::sleep_for(milliseconds(2));
    return holds();
  }

  std::size_t said(const std::string& event) const {
    std::size_t count = 0;
    const std::string text = log.text();
    for (auto at = text.find(event); at != std::string::npos; at = text.find(event, at + 1)) ++count;
    return count;
  }

  void answer_with(std::int32_t status, std::string_view message = {}) {
    control.on_check = [this, status, message](const plugboard_host* host, const plugboard_request& request,
                                               plugboard_call* call) {
      EXPECT_EQ(request.operation, 7);
      EXPECT_EQ(request.tenant.size, 0U);
      EXPECT_GT(request.deadline_ns, 0);
      const plugboard_reply reply = reply_of(now_status != 0 ? now_status.load() : status, {}, message);
      ++checks;
      host->complete(host, call, &reply);
    };
  }

  SeededRandom random{1};
  std::atomic<int> checks = 0, now_status = 0;
  std::shared_ptr<HealthWatch> watch;
  std::atomic<int> open = 0, most = 0; // as long as the connector: it cancels what is open when it stops
};

TEST_F(HealthTest, IsNotOfferedByWhomHasNoSuchExtension) {
  run();
  EXPECT_TRUE(becomes(Condition::not_offered));
  EXPECT_EQ(metrics.text().find("plugboard_connector_healthy"), std::string::npos);
}

TEST_F(HealthTest, IsSaidOncePerChangeAndAskedAgain) {
  answer_with(PLUGBOARD_FAILED, "the disk is full: make room");
  run(true);
  EXPECT_TRUE(becomes(Condition::unhealthy));
  EXPECT_EQ(watch->now().message, "the disk is full: make room");
  EXPECT_NE(metrics.text().find("plugboard_connector_healthy{connector=\"crm\"} 0"), std::string::npos);
  EXPECT_TRUE(eventually([&] { return checks > 3; }));
  EXPECT_EQ(said("connector.unhealthy"), 1U) << log.text();
  now_status = PLUGBOARD_OK;
  EXPECT_TRUE(becomes(Condition::healthy));
  EXPECT_NE(metrics.text().find("plugboard_connector_healthy{connector=\"crm\"} 1"), std::string::npos);
  EXPECT_EQ(connector->counts().calls, 0U) << "a check is nobody's call";
  EXPECT_EQ(connector->counts().failures, 0U);
}

TEST_F(HealthTest, IsIllWhenItDoesNotAnswerInTimeAndIsAskedByOneCheckAtOnce) {
  control.on_check = [&](const plugboard_host*, const plugboard_request&, plugboard_call*) {
    ++checks;
    most = std::max(most.load(), ++open);
  };
  control.on_cancel = [&](plugboard_call*) { --open; };
  run();
  EXPECT_TRUE(becomes(Condition::unhealthy));
  EXPECT_TRUE(eventually([&] { return checks > 2; }));
  EXPECT_EQ(most, 1);
}

TEST_F(HealthTest, CountsWhatItBreaks) {
  control.on_check = [&](const plugboard_host* host, const plugboard_request&, plugboard_call* call) {
    const plugboard_reply reply = reply_of(checks++ == 0 ? 4711 : PLUGBOARD_OK);
    host->complete(host, call, &reply);
    if (checks > 1) host->complete(host, call, &reply);
  };
  run();
  EXPECT_TRUE(eventually([&] { return connector->counts().protocol_violations >= 2; }));
  EXPECT_NE(metrics.text().find("kind=\"bad_answer\"} 1"), std::string::npos);
  EXPECT_EQ(metrics.text().find("kind=\"completed_twice\"} 0"), std::string::npos);
}

} // namespace
} // namespace plugboard::connector
