// Time and metrics through the wrapper, on the test kit's host.
#include <plugboard/plugin.hpp>
#include <plugboard/testkit.hpp>

#include <gtest/gtest.h>

namespace plugboard::testkit {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// Asks its system every second until it is done; counts how often.
class Poller : public AsyncLookup {
 public:
  Poller(Host host, std::string_view) : host_(host) {}

  void lookup(const Request&, Call call) override { poll(std::move(call), 1); }

 private:
  void poll(Call call, int times) {
    host_.metrics().count("polls_total", {times < 3 ? "early" : "late"});
    host_.clock().after(seconds(1), std::move(call), [this, times](Call asked, Status status) {
      if (status != Status::ok) return asked.fail(status, "");
      if (times < 5) return poll(std::move(asked), times + 1);
      asked.complete(Section{.data = R"({"times": )" + std::to_string(times) + "}"});
    });
  }

  Host host_;
};

TEST(FakeClockTest, MovesOnlyWhenMovedAndTellsInOrder) {
  FakeHost fake;
  fake.metrics().declare("polls_total", {{"early", "late"}});
  Running plugin(fake, connector<Poller>());
  auto asked = plugin.lookup({});
  EXPECT_EQ(fake.clock().waiting(), 1U);
  fake.clock().advance(std::chrono::milliseconds(4999));
  EXPECT_FALSE(asked.answered());
  fake.clock().advance(std::chrono::milliseconds(1));
  EXPECT_EQ(asked.wait().data, R"({"times": 5})");
  EXPECT_EQ(fake.metrics().sum("polls_total", {"early"}), 2);
  EXPECT_EQ(fake.metrics().sum("polls_total", {"late"}), 3);

  const Host host = fake;
  EXPECT_EQ(host.clock().monotonic(), hours(1) + seconds(5));
  EXPECT_EQ(host.clock().wall().time_since_epoch(), seconds(1'767'225'605));
}

TEST(FakeClockTest, EndsTheWaitOfACallThatNobodyWaitsFor) {
  FakeHost fake;
  Running plugin(fake, connector<Poller>());
  auto first = plugin.lookup({});
  auto second = plugin.lookup({});
  first.cancel();
  EXPECT_EQ(first.wait().status, Status::cancelled);
  EXPECT_FALSE(second.answered());
  plugin.stop();
  EXPECT_EQ(second.wait().status, Status::cancelled);
}

TEST(FakeClockTest, WaitsForTheConnectorItself) {
  FakeHost fake;
  const Host host = fake;
  std::vector<Status> told;
  EXPECT_EQ(host.clock().after(seconds(2), [&](Status status) { told.push_back(status); }), Status::ok);
  EXPECT_EQ(host.clock().after(seconds(1), [&](Status) { throw std::runtime_error("it broke"); }), Status::ok);
  fake.clock().advance(seconds(3));
  EXPECT_EQ(told, std::vector<Status>{Status::ok});
  EXPECT_TRUE(fake.logged("it broke"));
}

TEST(FakeClockTest, MayBeMissing) {
  FakeHost fake;
  fake.without(PLUGBOARD_HOST_CLOCK_V1);
  fake.without(PLUGBOARD_HOST_METRICS_V1);
  Running plugin(fake, connector<Poller>());
  EXPECT_EQ(plugin.lookup({}).wait().status, Status::unsupported);
  const Host host = fake;
  EXPECT_EQ(host.clock().after(seconds(1), [](Status) {}), Status::unsupported);
  EXPECT_EQ(host.metrics().count("x_total"), Status::unsupported);
}

TEST(FakeMetricsTest, TakesOnlyWhatIsDeclared) {
  FakeHost fake;
  fake.metrics().declare("depth");
  fake.metrics().declare("seconds", {{"a", "b"}});
  const Host host = fake;
  EXPECT_EQ(host.metrics().set("depth", 3), Status::ok);
  EXPECT_EQ(host.metrics().observe("seconds", 0.5, {"b"}), Status::ok);
  EXPECT_EQ(host.metrics().observe("seconds", 0.5, {"c"}), Status::not_found);
  EXPECT_EQ(host.metrics().set("depth", 3, {"a"}), Status::not_found);
  EXPECT_EQ(host.metrics().count("x_total", {"1", "2", "3", "4", "5"}), Status::not_found);
  EXPECT_EQ(fake.metrics().recorded("seconds", {"b"}), std::vector<double>{0.5});
  EXPECT_EQ(fake.metrics().refused(), (std::vector<std::string>{"seconds", "depth"}));
}

} // namespace
} // namespace plugboard::testkit
