#include "tests/reliability/chaos/fault_proxy.hpp"

#include "tests/support/connection.hpp"
#include "tests/support/upstream.hpp"

#include <gmock/gmock.h>

namespace plugboard::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A client, a proxy that does one thing to every answer, and an upstream that answers each target with its own name.
class FaultProxyTest : public testing::Test {
 protected:
  void with(Fault fault) { with(FaultPlan{.an_answer = {{fault, 1.0}}, .latency = kLatency, .drip = milliseconds(1)}); }

  void with(const FaultPlan& plan) {
    for (int i = 0; i < 10; ++i) {
      const auto name = "/" + std::to_string(i);
      upstream_.on(name, {.body = body_of(name)});
    }
    proxy_ = std::make_unique<FaultProxy>(upstream_.port(), plan);
    client_ = connect_tcp(proxy_->port());
  }

  static std::string body_of(const std::string& name) { return "this is what was asked for as " + name; }

  static std::string answer_of(const std::string& name) {
    const auto body = body_of(name);
    return "HTTP/1.1 200 As scripted\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  void ask(const std::string& name) { send_all(client_.get(), "GET " + name + " HTTP/1.1\r\nHost: up\r\n\r\n"); }

  // What comes until there are so many bytes, or the end, or patience is over.
  std::string receive(std::size_t size, milliseconds patience = milliseconds(5000)) {
    std::string bytes;
    while (bytes.size() < size && (last_ = receive_some(client_.get(), bytes, patience)) > 0) continue;
    return bytes;
  }

  static constexpr milliseconds kLatency{80};
  Upstream upstream_;
  std::unique_ptr<FaultProxy> proxy_;
  Descriptor client_;
  long last_ = 1;
};

TEST_F(FaultProxyTest, PassesOnWhatItDoesNotSpoil) {
  with(FaultPlan{});
  for (const std::string name : {"/1", "/2", "/3"}) {
    ask(name);
    EXPECT_EQ(receive(answer_of(name).size()), answer_of(name));
  }
  EXPECT_EQ(proxy_->answers(), 3U);
  EXPECT_TRUE(proxy_->faults().empty());
}

TEST_F(FaultProxyTest, LatencyDelaysTheWholeAnswer) {
  with(Fault::latency);
  const auto begun = steady_clock::now();
  ask("/1");
  EXPECT_EQ(receive(answer_of("/1").size()), answer_of("/1"));
  EXPECT_GE(steady_clock::now() - begun, kLatency);
}

TEST_F(FaultProxyTest, JitterAndDripLoseNothing) {
  for (const auto fault : {Fault::jitter, Fault::drip}) {
    with(fault);
    ask("/1");
    EXPECT_EQ(receive(answer_of("/1").size()), answer_of("/1")) << name_of(fault);
  }
}

TEST_F(FaultProxyTest, DripGivesAByteAtATime) {
  with(FaultPlan{.an_answer = {{Fault::drip, 1.0}}, .drip = milliseconds(300)});
  ask("/1");
  EXPECT_EQ(receive(1).size(), 1U);
}

TEST_F(FaultProxyTest, DropGivesNothingAndStays) {
  with(Fault::drop);
  ask("/1");
  EXPECT_EQ(receive(1, milliseconds(200)), "");
  EXPECT_EQ(last_, -1) << "closed";
}

TEST_F(FaultProxyTest, ResetHalfCloseAndTruncateEndInTheMiddle) {
  for (const auto fault : {Fault::reset, Fault::half_close, Fault::truncate}) {
    with(fault);
    ask("/1");
    const auto whole = answer_of("/1"), got = receive(whole.size());
    EXPECT_LT(got.size(), whole.size()) << name_of(fault);
    EXPECT_TRUE(whole.starts_with(got)) << name_of(fault);
    EXPECT_EQ(last_, fault == Fault::reset ? -1 : 0) << name_of(fault);
  }
}

TEST_F(FaultProxyTest, HalfCloseGoesOnReading) {
  with(Fault::half_close);
  ask("/1");
  receive(10'000);
  ask("/2");
  EXPECT_TRUE(eventually([&] { return upstream_.requests("/2").size() == 1; }));
}

TEST_F(FaultProxyTest, TruncateKeepsTheHead) {
  with(Fault::truncate);
  ask("/1");
  EXPECT_THAT(receive(10'000), testing::HasSubstr("\r\n\r\nthis"));
}

TEST_F(FaultProxyTest, CorruptChangesOneByte) {
  with(Fault::corrupt);
  ask("/1");
  const auto whole = answer_of("/1"), got = receive(whole.size());
  ASSERT_EQ(got.size(), whole.size());
  std::size_t differing = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) differing += whole[i] != got[i];
  EXPECT_EQ(differing, 1U);
}

TEST_F(FaultProxyTest, DuplicateGivesTheAnswerTwice) {
  with(Fault::duplicate);
  ask("/1");
  EXPECT_EQ(receive(2 * answer_of("/1").size()), answer_of("/1") + answer_of("/1"));
}

TEST_F(FaultProxyTest, ExtraGivesSomebodyElsesAnswerToo) {
  with(Fault::extra);
  ask("/1");
  receive(2 * answer_of("/1").size()); // the first has nobody before it
  client_ = connect_tcp(proxy_->port());
  ask("/2");
  EXPECT_EQ(receive(2 * answer_of("/2").size()), answer_of("/2") + answer_of("/1"));
}

TEST_F(FaultProxyTest, AConnectionChosenSuffersInAllItsAnswers) {
  with(FaultPlan{.a_connection = {{Fault::duplicate, 1.0}}});
  for (const std::string name : {"/1", "/2"}) {
    ask(name);
    EXPECT_EQ(receive(2 * answer_of(name).size()), answer_of(name) + answer_of(name));
  }
  EXPECT_EQ(proxy_->faults()[Fault::duplicate], 2U);
}

TEST_F(FaultProxyTest, ClosesWithTheUpstream) {
  with(FaultPlan{});
  upstream_.on("/0", {.close = true});
  ask("/0");
  EXPECT_FALSE(receive(10'000).empty());
  EXPECT_EQ(last_, 0);
}

TEST_F(FaultProxyTest, DoesTheSameAgainWithTheSameSeed) {
  std::vector<std::uint64_t> seen;
  for (const std::uint64_t seed : {7U, 7U, 8U}) {
    with(FaultPlan{.seed = seed, .an_answer = {{Fault::duplicate, 0.5}}});
    std::uint64_t pattern = 1;
    for (std::uint64_t i = 0; i < 40; ++i) {
      const auto before = proxy_->faults()[Fault::duplicate];
      ask("/1");
      ASSERT_TRUE(eventually([&] { return proxy_->answers() == i + 1; }));
      pattern = pattern * 2 + (proxy_->faults()[Fault::duplicate] - before);
    }
    seen.push_back(pattern);
  }
  EXPECT_EQ(seen[0], seen[1]);
  EXPECT_NE(seen[0], seen[2]);
}

} // namespace
} // namespace plugboard::test
