// Who is refused, and who waits, when a hub is asked too much.
#include "tests/integration/hub_test.hpp"

#include <thread>
#include <vector>

namespace plugboard::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class OverloadTest : public HubTest {
 protected:
  void SetUp() override {
    upstream.on("/orders", UpstreamReply{.body = R"({"basket": "kettle"})"});
    upstream.on("/hangs", UpstreamReply{.hang = true});
  }

  HubConfig shop() const {
    HubConfig config;
    config.clients.insert(config.clients.rfind(']'), R"(,
      {"id": "crowd", "channel": "chat", "key": {"env": "CROWD_KEY"}, "sections": ["*"], "purpose": "support",
       "scopes": ["session:create", "session:read", "context:read"]})");
    config.environment["CROWD_KEY"] = kCrowd;
    config.add("shop", rest_connector(upstream.port(), R"({"orders": )" + rest_section("/orders") + R"(, "hangs": )" +
                                                           rest_section("/hangs") + "}"));
    return config;
  }

  static std::string context(const std::string& session, const std::string& actor) {
    return R"({"session": ")" + session + R"(", "actor": ")" + actor + R"(", "sections": ["shop.orders"]})";
  }

  // Each of these sessions asks at once, over a connection of its own.
  static std::vector<Connection> burst(HubProcess& hub, const std::vector<std::string>& sessions) {
    std::vector<Connection> open;
    for (std::size_t i = 0; i < sessions.size(); ++i) open.push_back(*Connection::tcp(hub.port()));
    for (std::size_t i = 0; i < sessions.size(); ++i)
      EXPECT_TRUE(open[i].send(bytes_of({.path = "/v1/context", .key = kCrowd, .body = context(sessions[i], "a")})));
    return open;
  }

  static std::vector<std::string> sessions(HubProcess& hub, int count) {
    std::vector<std::string> made;
    for (int i = 0; i < count; ++i) {
      const auto id = std::to_string(i);
      made.push_back(hub.session({.subject = "u-" + id, .customer_id = id}, kCrowd));
    }
    return made;
  }

  static double metric(HubProcess& hub, const std::string& name) {
    const auto page = hub.admin("/metrics").body;
    const auto at = page.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stod(page.substr(at + name.size() + 2));
  }

  static constexpr const char* kCrowd = "crowd-key-0123456789abcdef";
  Upstream upstream;
};

// One request at a time, which never ends: whoever comes then is refused, but for what must always be answered.
TEST_F(OverloadTest, AnswersHealthAndRevocationWhenThereIsNoRoom) {
  auto config = shop();
  config.threads = 1;
  config.more = R"("overload": {"under_way_per_thread": 1},)";
  auto& hub = run(config);
  const auto session = hub.session(), other = hub.session();
  const auto body = R"({"session": ")" + session + R"(", "sections": ["shop.hangs"], "deadline_ms": 20000})";
  auto waiting = Connection::tcp(hub.port());
  ASSERT_TRUE(waiting->send(bytes_of({.path = "/v1/context", .key = kDesk, .body = body})));
  ASSERT_TRUE(eventually([&] { return !upstream.requests("/hangs").empty(); }));

  const auto refused = hub.post("/v1/context", body);
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.problem(), "overloaded");
  EXPECT_GE(std::stoi(refused.header("retry-after")), 1);
  EXPECT_EQ(hub.post("/v1/sessions/introspect", R"({"session": ")" + other + "\"}").status, 503);
  EXPECT_EQ(hub.get("/healthz").status, 200);
  EXPECT_EQ(hub.admin("/admin/v1/connectors").status, 200);
  EXPECT_EQ(hub.post("/v1/sessions/revoke", R"({"session": ")" + other + "\"}").status, 204);
  EXPECT_THAT(hub.admin("/metrics").body, HasSubstr("plugboard_requests_overloaded_total{by=\"hub\"} 2"));
  ASSERT_FALSE(hub.events("hub.overloaded").empty());

  EXPECT_EQ(hub.post("/v1/sessions/revoke", R"({"session": ")" + session + "\"}").status, 204);
  EXPECT_EQ(waiting->read().problem(), "session-unknown");
  EXPECT_TRUE(eventually(
      [&] { return hub.post("/v1/sessions/introspect", R"({"session": ")" + session + "\"}").status == 200; }));
}

// What comes at once is answered one after the other: nobody is told to come again who can be answered soon.
TEST_F(OverloadTest, LetsABurstOfOneClientInOneByOneBesideTheOthers) {
  auto config = shop();
  config.threads = 1;
  auto& hub = run(config);
  const auto session = hub.session();
  const auto crowd = sessions(hub, 60);
  for (int i = 0; i < 3; ++i) ASSERT_EQ(hub.post("/v1/context", context(session, "me")).status, 200);
  const auto before = metric(hub, "plugboard_requests_paced_total");
  auto asking = burst(hub, crowd);
  EXPECT_EQ(hub.post("/v1/context", context(session, "me")).status, 200);
  std::size_t answered = 0, refused = 0;
  for (auto& one : asking) {
    const auto answer = one.read();
    if (answer.status == 200)
      ++answered;
    else if (answer.status == 429 && !answer.header("retry-after").empty())
      ++refused;
    else
      ADD_FAILURE() << answer.status << " " << answer.body;
  }
  EXPECT_EQ(answered + refused, crowd.size());
  const auto paced = metric(hub, "plugboard_requests_paced_total") - before;
  EXPECT_GT(paced, 0);
  EXPECT_GE(static_cast<double>(answered), paced);
}

TEST_F(OverloadTest, AsksNothingForWhoWentAwayBeforeItsTurn) {
  auto config = shop();
  config.threads = 1;
  auto& hub = run(config);
  const auto session = hub.session();
  const auto crowd = sessions(hub, 60);
  for (int i = 0; i < 3; ++i) ASSERT_EQ(hub.post("/v1/context", context(session, "me")).status, 200);
  EXPECT_EQ(metric(hub, "plugboard_requests_paced_total"), 0) << "who asks one after the other is no crowd";
  burst(hub, crowd).clear();
  std::this_thread::sleep_for(std::chrono::milliseconds(300)); // longer than anybody waits
  EXPECT_EQ(hub.post("/v1/context", context(session, "me")).status, 200);
  const auto paced = metric(hub, "plugboard_requests_paced_total"),
             refused = metric(hub, "plugboard_requests_overloaded_total{by=\"client\"}");
  EXPECT_GT(paced, 4);
  EXPECT_LE(static_cast<double>(upstream.requests("/orders").size()), 4 + 60 - refused - paced / 2);
}

} // namespace
} // namespace plugboard::test
