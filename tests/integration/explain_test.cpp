// A context explained: the plan and what happened, without a word of what was said.
#include "tests/integration/hub_test.hpp"

#include <future>

namespace plugboard::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kTrace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

class ExplainTest : public HubTest {
 protected:
  void SetUp() override {
    upstream.on("/contact", UpstreamReply{.body = R"({"account": "a-77", "name": "Ada Secret"})"});
    upstream.on("/orders", UpstreamReply{.body = R"({"basket": "secret kettle"})"});
    upstream.on("/hangs", UpstreamReply{.hang = true});
  }

  HubConfig chain() const {
    HubConfig config;
    config.clients.insert(config.clients.rfind(']'), R"(,
      {"id": "ops", "channel": "ops", "key": {"env": "OPS_KEY"}, "sections": ["*"], "purpose": "support",
       "scopes": ["session:create", "context:explain"]},
      {"id": "narrow", "channel": "ops", "key": {"env": "NARROW_KEY"}, "sections": ["shop.*"], "purpose": "support",
       "scopes": ["session:create", "context:explain"]})");
    config.environment["OPS_KEY"] = kOps;
    config.environment["NARROW_KEY"] = kNarrow;
    config.add("crm", rest_connector(
                          upstream.port(),
                          R"({"contact": )" +
                              rest_section("/contact", R"("yields": {"account_id": {"from": "/account"}}, )") + "}"));
    config.add("shop", rest_connector(upstream.port(), R"({"orders": {"shape": "record/v1", "needs": [["account_id"]],
      "url": "/orders?of={account_id}", "mapping": "identity"}, "hangs": )" +
                                                           rest_section("/hangs") + "}"));
    return config;
  }

  static Answer explain(HubProcess& hub, const std::string& session, const std::string& key, const std::string& more) {
    return hub.post("/v1/context/explain", R"({"session": ")" + session + "\"" + more + "}", key);
  }

  static constexpr const char* kOps = "ops-key-0123456789abcdef";
  static constexpr const char* kNarrow = "narrow-key-0123456789abcdef";
  Upstream upstream;
};

TEST_F(ExplainTest, TellsThePlanAndWhatHappenedAndNoData) {
  auto& hub = run(chain());
  const auto answer = explain(hub, hub.session({}, kOps), kOps,
                              R"(, "sections": ["shop.*"], "required": ["shop.hangs"], "deadline_ms": 600)");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto said = answer.json();
  EXPECT_FALSE(said.truth("/complete"));
  EXPECT_EQ(said.text("/required_missing/0"), "shop.hangs");
  EXPECT_EQ(said.number("/deadline_ms"), 600);
  EXPECT_FALSE(said.truth("/sections/crm.contact/asked")) << "it ran for what it yields";
  EXPECT_EQ(said.text("/sections/crm.contact/yields/0"), "account_id");
  EXPECT_EQ(said.text("/sections/shop.orders/status"), "ok");
  EXPECT_EQ(said.text("/sections/shop.orders/waits_for/0/identifier"), "account_id");
  EXPECT_EQ(said.text("/sections/shop.orders/waits_for/0/section"), "crm.contact");
  EXPECT_EQ(said.text("/sections/shop.orders/needs/0/0/type"), "account_id");
  EXPECT_EQ(said.text("/sections/shop.orders/course/by"), "call");
  EXPECT_GE(said.number("/sections/shop.orders/started_ms"), said.number("/sections/crm.contact/took_ms") - 0.2);
  EXPECT_EQ(said.text("/sections/shop.hangs/error/reason"), "deadline");
  EXPECT_GT(said.number("/sections/shop.hangs/took_ms"), 400);
  for (const auto* secret : {"Secret", "secret", "a-77", "1001", "ada@"})
    EXPECT_THAT(answer.body, Not(HasSubstr(secret)));
}

TEST_F(ExplainTest, NamesNothingThatThisClientMayNotKnowOf) {
  auto& hub = run(chain());
  const auto answer =
      explain(hub, hub.session({}, kNarrow), kNarrow, R"(, "sections": ["shop.orders", "crm.contact"])");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto said = answer.json();
  EXPECT_EQ(said.text("/sections/shop.orders/status"), "ok");
  EXPECT_EQ(said.text("/sections/shop.orders/waits_for/0/identifier"), "account_id");
  EXPECT_FALSE(said.has("/sections/shop.orders/waits_for/0/section"));
  EXPECT_EQ(said.text("/sections/crm.contact/status"), "denied");
  EXPECT_FALSE(said.has("/sections/crm.contact/started_ms"));
}

TEST_F(ExplainTest, NeedsItsOwnScope) {
  auto& hub = run(chain());
  EXPECT_EQ(explain(hub, hub.session({}, kBot), kBot, "").problem(), "scope-missing");
  EXPECT_EQ(hub.post("/v1/context", R"({"session": ")" + hub.session({}, kOps) + "\"}", kOps).problem(),
            "scope-missing");
}

TEST_F(ExplainTest, IsOnRecordAsShowingNothing) {
  auto& hub = run(chain());
  ASSERT_EQ(explain(hub, hub.session({}, kOps), kOps, R"(, "sections": ["shop.orders"])").status, 200);
  const auto records = hub.admin("/admin/v1/audit?client=ops").body;
  EXPECT_THAT(records, HasSubstr("shop.orders"));
  EXPECT_THAT(records, HasSubstr(R"("shop.orders":[])"));
}

TEST_F(ExplainTest, PassesTheTraceToEverySystem) {
  auto& hub = run(chain());
  const auto body = R"({"session": ")" + hub.session() + R"(", "sections": ["crm.contact", "shop.orders"]})";
  ASSERT_EQ(hub.ask({.path = "/v1/context", .key = kDesk, .body = body, .headers = {{"traceparent", kTrace}}}).status,
            200);
  const auto requests = upstream.requests();
  ASSERT_EQ(requests.size(), 2u);
  for (const auto& request : requests) EXPECT_EQ(request.headers.at("traceparent"), kTrace) << request.path;
}

TEST_F(ExplainTest, IsReadableInATerminal) {
  auto& hub = run(chain());
  const auto session = hub.session({}, kOps);
  Process command({COMMAND_LINE, "--server", "http://127.0.0.1:" + std::to_string(hub.port()), "context", "explain",
                   session, "--section", "shop.orders"},
                  {{"PLUGBOARD_KEY", kOps}});
  ASSERT_EQ(command.wait(), 0) << command.err();
  EXPECT_THAT(command.out(), HasSubstr("    waits for account_id from crm.contact\n"));
  EXPECT_THAT(command.out(), HasSubstr("complete, aal1, "));
}

} // namespace
} // namespace plugboard::test
