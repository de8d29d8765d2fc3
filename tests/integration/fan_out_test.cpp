// Forty systems asked at once, over real sockets.
#include "tests/integration/hub_test.hpp"

namespace plugboard::test {
namespace {

constexpr int kSections = 40;

class FanOutTest : public HubTest {
 protected:
  // Forty sections "shop.s0" … of one system.
  HubConfig forty() const {
    std::string sections;
    for (int i = 0; i < kSections; ++i)
      sections += std::string(i ? ", " : "{") + json_string("s" + std::to_string(i)) + ": " +
                  rest_section("/s" + std::to_string(i));
    HubConfig config;
    config.add("shop", rest_connector(upstream.port(), sections + "}"));
    return config;
  }

  static std::string name(int i) { return "shop.s" + std::to_string(i); }

  Upstream upstream;
};

TEST_F(FanOutTest, HasFortySectionsInFlightAtOnce) {
  for (int i = 0; i < kSections; ++i)
    upstream.on("/s" + std::to_string(i), [this, i](const UpstreamRequest&) -> UpstreamReply {
      if (!upstream.barrier("all", kSections)) return {.status = 500};
      return {.body = R"({"i":)" + std::to_string(i) + "}"};
    });
  auto& hub = run(forty());
  auto context = hub.context(hub.session(), R"(, "deadline_ms": 20000)");
  EXPECT_TRUE(context.truth("/complete"));
  ASSERT_EQ(context.size("/sections"), std::size_t{kSections});
  for (int i = 0; i < kSections; ++i) {
    EXPECT_EQ(status_of(context, name(i)), "ok");
    EXPECT_EQ(context.integer("/sections/" + name(i) + "/data/i"), i);
  }
  EXPECT_EQ(upstream.requests().size(), std::size_t{kSections});
}

TEST_F(FanOutTest, AnswersByTheDeadlineWhenOneOfFortyHangs) {
  for (int i = 0; i < kSections; ++i) upstream.on("/s" + std::to_string(i), UpstreamReply{.body = "{\"good\":true}"});
  upstream.on("/s17", UpstreamReply{.hang = true});
  auto& hub = run(forty());
  auto session = hub.session();

  auto began = std::chrono::steady_clock::now();
  auto context = hub.context(session, R"(, "deadline_ms": 2000)");
  auto took = std::chrono::steady_clock::now() - began;

  EXPECT_LT(took, std::chrono::milliseconds(2500)); // the deadline, and some for a busy machine
  EXPECT_GE(context.number("/took_ms"), 1900);      // it was waited for
  EXPECT_FALSE(context.truth("/complete"));
  ASSERT_EQ(context.size("/sections"), std::size_t{kSections});
  for (int i = 0; i < kSections; ++i) EXPECT_EQ(status_of(context, name(i)), i == 17 ? "timeout" : "ok") << i;
  EXPECT_EQ(reason_of(context, "shop.s17"), "deadline");
  EXPECT_FALSE(context.has("/sections/shop.s17/data"));

  // The hung connection is given up, and nothing else is ever asked over it.
  auto hung = upstream.requests("/s17").at(0).connection;
  EXPECT_TRUE(eventually([&] { return !upstream.is_open(hung); }));
  upstream.on("/s17", UpstreamReply{.body = "{\"good\":true}"});
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(hub.context(session, R"(, "deadline_ms": 10000)").truth("/complete"));
  std::size_t over_hung = 0;
  for (const auto& request : upstream.requests()) over_hung += request.connection == hung ? 1 : 0;
  std::size_t before_hang = 0;
  for (const auto& request : upstream.requests()) {
    if (request.connection != hung) continue;
    ++before_hang;
    if (request.path == "/s17") break;
  }
  EXPECT_EQ(over_hung, before_hang);
}

// The contract's other half: connections that answered are kept and used again.
TEST_F(FanOutTest, KeepsConnectionsThatAnswered) {
  for (int i = 0; i < kSections; ++i) upstream.on("/s" + std::to_string(i), UpstreamReply{});
  auto config = forty();
  auto& hub = run(config);
  auto session = hub.session();
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(hub.context(session, R"(, "deadline_ms": 10000)").truth("/complete"));
  EXPECT_EQ(upstream.requests().size(), 10U * kSections);
  EXPECT_LE(upstream.connections(), 2U * kSections); // at most forty for each of the two threads
}

TEST_F(FanOutTest, StartsASectionTheMomentItsNeedIsKnown) {
  // first yields what second needs; slow is still on its way then, and waits until second was asked.
  upstream.on("/first", UpstreamReply{.body = R"({"ticket":"t-9"})"});
  upstream.on("/second", [this](const UpstreamRequest&) {
    upstream.open("second was asked");
    return UpstreamReply{};
  });
  upstream.on("/slow", [this](const UpstreamRequest&) {
    upstream.await("second was asked");
    return UpstreamReply{};
  });
  HubConfig config;
  config.add("desk", rest_connector(upstream.port(), R"({
    "slow": )" + rest_section("/slow") + R"(,
    "second": {"shape": "record/v1", "needs": [["desk.ticket"]], "url": "/second?t={desk.ticket}", "mapping": "identity"},
    "first": )" + rest_section("/first", R"("yields": {"desk.ticket": {"from": "/ticket"}}, )") +
                                                         "}"));
  auto& hub = run(config);
  auto context = hub.context(hub.session(), R"(, "deadline_ms": 20000)");
  EXPECT_TRUE(context.truth("/complete")) << context.dump();
  EXPECT_EQ(upstream.requests("/second").at(0).target, "/second?t=t-9");
  EXPECT_THAT(context.names("/sections"), testing::ElementsAre("desk.slow", "desk.second", "desk.first"));
}

// Asked for alone, a section still gets what it needs; what is asked only for that is not shown.
TEST_F(FanOutTest, AsksWhoYieldsWhatIsNeededButDoesNotShowIt) {
  upstream.on("/first", UpstreamReply{.body = R"({"ticket":"t-9"})"});
  upstream.on("/second", UpstreamReply{.body = R"({"found":true})"});
  HubConfig config;
  config.add("desk", rest_connector(upstream.port(), R"({
    "second": {"shape": "record/v1", "needs": [["desk.ticket"]], "url": "/second?t={desk.ticket}", "mapping": "identity"},
    "first": )" + rest_section("/first", R"("yields": {"desk.ticket": {"from": "/ticket"}}, )") +
                                                         "}"));
  auto& hub = run(config);
  auto session = hub.session();
  auto context = hub.context(session, R"(, "sections": ["desk.second"], "deadline_ms": 10000)");
  EXPECT_TRUE(context.truth("/complete"));
  EXPECT_THAT(context.names("/sections"), testing::ElementsAre("desk.second"));

  // It does not yield this time: who waited is skipped, and says what it lacks.
  upstream.on("/first", UpstreamReply{});
  context = hub.context(session, R"(, "deadline_ms": 10000)");
  EXPECT_FALSE(context.truth("/complete"));
  EXPECT_EQ(status_of(context, "desk.first"), "ok");
  EXPECT_EQ(status_of(context, "desk.second"), "skipped");
  EXPECT_EQ(reason_of(context, "desk.second"), "identifier_unknown");
  EXPECT_EQ(context.text("/sections/desk.second/error/detail"), "desk.ticket");
}

TEST_F(FanOutTest, AsksNoMoreAtOnceThanAConnectorAllows) {
  std::atomic<int> now{0}, most{0};
  for (int i = 0; i < kSections; ++i)
    upstream.on("/s" + std::to_string(i), [&](const UpstreamRequest&) {
      int at_once = ++now;
      for (int seen = most; at_once > seen && !most.compare_exchange_weak(seen, at_once);) continue;
      pause_between_looks(); // long enough for the others to come, if they may
      --now;
      return UpstreamReply{};
    });
  std::string sections;
  for (int i = 0; i < kSections; ++i)
    sections += std::string(i ? ", " : "{") + json_string("s" + std::to_string(i)) + ": " +
                rest_section("/s" + std::to_string(i));
  HubConfig config;
  config.add("shop", rest_connector(upstream.port(), sections + "}", R"("max_concurrency": 3, )"));
  auto& hub = run(config);
  auto context = hub.context(hub.session(), R"(, "deadline_ms": 20000)");
  EXPECT_TRUE(context.truth("/complete")) << context.dump();
  EXPECT_LE(most.load(), 3);
  EXPECT_GE(most.load(), 2); // they do run beside each other
}

} // namespace
} // namespace plugboard::test
