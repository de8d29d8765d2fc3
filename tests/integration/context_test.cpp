// What may be asked of a context, and what a client, a purpose and an assurance let through.
#include "tests/integration/hub_test.hpp"

namespace plugboard::test {
namespace {

using testing::ElementsAre;

class ContextTest : public HubTest {
 protected:
  void SetUp() override {
    for (const auto* path : {"/orders", "/payments", "/card", "/mail"}) upstream.on(path, UpstreamReply{});
    config.add("shop", rest_connector(upstream.port(), R"({
      "orders": {"shape": "record/v1", "needs": [["customer_id"]], "mapping": "identity", "description": "What was bought",
                 "url": "/orders?customer={customer_id}&limit={params.limit}&since={params.since}&lang={language}&tenant={tenant}"},
      "payments": )" + rest_section("/payments") + "}"));
    config.add("vault", rest_connector(upstream.port(), R"({"card": )" + rest_section("/card") + "}",
                                       R"("assurance": "aal2", )"));
    config.add("mail", rest_connector(upstream.port(), R"({"inbox": {"shape": "record/v1", "mapping": "identity",
      "needs": [[{"type": "email", "verified": true}]], "url": "/mail?of={email}"}})"));
    config.add("canary", canary.connector());
  }

  // Asked and answered; the deadline is for slow machines.
  static Json ask(HubProcess& hub, const std::string& session, const std::string& more,
                  const std::string& key = kDesk) {
    return hub.context(session, R"(, "deadline_ms": 10000)" + more, key);
  }

  Canary canary;
  Upstream upstream;
  HubConfig config;
};

TEST_F(ContextTest, GivesEverythingThatTheClientMaySeeWhenNothingIsNamed) {
  auto& hub = run(config);
  auto context = ask(hub, hub.session({.acr = "two-factor"}), "");
  EXPECT_TRUE(context.truth("/complete")) << context.dump();
  EXPECT_THAT(context.names("/sections"),
              ElementsAre("shop.orders", "shop.payments", "vault.card", "mail.inbox", "canary.song"));
  EXPECT_EQ(context.text("/assurance"), "aal2");
  EXPECT_EQ(context.text("/customer/identifiers/0/value"), "ada@shop.example");
  EXPECT_EQ(context.text("/context_id").size(), 36U);
  EXPECT_EQ(context.size("/required_missing"), 0U);
  EXPECT_EQ(context.dump("/sections/shop.orders/source"), R"({"connector":"shop","plugin":"rest","version":"1.0.0"})");
  EXPECT_EQ(context.text("/sections/shop.orders/shape"), "record/v1");
  EXPECT_EQ(context.integer("/sections/shop.orders/age_ms"), 0);
  // Declared order, whatever the order asked in.
  context = ask(hub, hub.session(), R"(, "sections": ["canary.song", "shop.payments", "shop.orders"])");
  EXPECT_THAT(context.names("/sections"), ElementsAre("shop.orders", "shop.payments", "canary.song"));
}

TEST_F(ContextTest, OpensPatternsToWhatTheClientMaySee) {
  auto& hub = run(config);
  EXPECT_THAT(ask(hub, hub.session(), R"(, "sections": ["shop.*"])").names("/sections"),
              ElementsAre("shop.orders", "shop.payments"));
  const auto bots = hub.session({}, kBot);
  for (const auto* all : {"", R"(, "sections": ["*"])", R"(, "sections": ["*", "shop.*"])"}) {
    auto context = ask(hub, bots, all, kBot);
    EXPECT_THAT(context.names("/sections"), ElementsAre("canary.song"));
    EXPECT_TRUE(context.truth("/complete"));
  }
}

// Not for this client, and not there at all: the same answer, to the byte.
TEST_F(ContextTest, DoesNotTellDeniedFromUnknown) {
  auto& hub = run(config);
  auto context =
      ask(hub, hub.session({}, kBot),
          R"(, "sections": ["canary.song", "shop.orders", "shop.nothing", "nobody.nothing", "vault.card"])", kBot);
  EXPECT_FALSE(context.truth("/complete"));
  EXPECT_EQ(status_of(context, "canary.song"), "ok");
  for (const auto* name : {"shop.orders", "shop.nothing", "nobody.nothing", "vault.card"})
    EXPECT_EQ(context.dump("/sections/" + std::string(name)), R"({"status":"denied"})") << name;
  EXPECT_TRUE(upstream.requests().empty()); // nobody was asked about what is not shown
  EXPECT_EQ(hub.get("/v1/sections", kBot).json().size("/sections"), 1U);
}

TEST_F(ContextTest, CarriesParametersAndLanguageToTheSystem) {
  auto& hub = run(config);
  const auto session = hub.session();
  ask(hub, session,
      R"(, "sections": [{"name": "shop.orders", "params": {"limit": 5, "since": "2026-01-01 & more"}}], "language": "sv")");
  EXPECT_EQ(upstream.requests("/orders").at(0).target,
            "/orders?customer=1001&limit=5&since=2026-01-01%20%26%20more&lang=sv&tenant=default");
  EXPECT_EQ(upstream.requests("/orders").at(0).headers.at("accept-language"), "sv");
  ask(hub, session, R"(, "sections": ["shop.orders"])");
  EXPECT_EQ(upstream.requests("/orders").at(1).target, "/orders?customer=1001&tenant=default");
  // A pattern beside it does not take the parameters away.
  ask(hub, session, R"(, "sections": ["shop.*", {"name": "shop.orders", "params": {"limit": 7}}])");
  EXPECT_EQ(upstream.requests("/orders").at(2).target, "/orders?customer=1001&limit=7&tenant=default");
}

TEST_F(ContextTest, PassesTheTraceOn) {
  auto& hub = run(config);
  const auto session = hub.session();
  const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const auto body = R"({"session": ")" + session + R"(", "sections": ["shop.orders"], "deadline_ms": 10000})";
  hub.ask({.path = "/v1/context",
           .key = kDesk,
           .body = body,
           .headers = {{"Traceparent", trace}, {"Tracestate", "shop=1,desk=2"}}});
  hub.ask({.path = "/v1/context", .key = kDesk, .body = body, .headers = {{"Traceparent", "rubbish"}}});
  auto asked = upstream.requests("/orders");
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0].headers.at("traceparent").substr(0, 35), trace.substr(0, 35));
  EXPECT_EQ(asked[0].headers.at("tracestate"), "shop=1,desk=2");
  if (asked[1].headers.contains("traceparent")) {
    EXPECT_NE(asked[1].headers.at("traceparent"), "rubbish");
  }
}

TEST_F(ContextTest, SaysWhichRequiredSectionsDidNotCome) {
  upstream.on("/payments", UpstreamReply{.status = 500});
  auto& hub = run(config);
  auto context = ask(
      hub, hub.session(),
      R"(, "sections": ["shop.orders"], "required": ["shop.payments", "canary.song", "nobody.nothing", "vault.card"])");
  EXPECT_FALSE(context.truth("/complete"));
  EXPECT_THAT(context.texts("/required_missing"), ElementsAre("shop.payments", "nobody.nothing", "vault.card"));
  EXPECT_THAT(context.names("/sections"),
              ElementsAre("shop.orders", "shop.payments", "vault.card", "canary.song", "nobody.nothing"));
  EXPECT_EQ(reason_of(context, "shop.payments"), "upstream_failed");
}

TEST_F(ContextTest, AsksForMoreProofWhereASectionNeedsIt) {
  auto& hub = run(config);
  auto weak = ask(hub, hub.session(), R"(, "sections": ["vault.card", "shop.orders"])");
  EXPECT_FALSE(weak.truth("/complete"));
  EXPECT_EQ(status_of(weak, "vault.card"), "step_up_required");
  EXPECT_EQ(weak.dump("/sections/vault.card/challenge"),
            R"({"error":"insufficient_user_authentication","acr_values":"aal2"})");
  EXPECT_EQ(status_of(weak, "shop.orders"), "ok");
  EXPECT_TRUE(upstream.requests("/card").empty());
  auto strong = ask(hub, hub.session({.acr = "two-factor"}), R"(, "sections": ["vault.card", "shop.orders"])");
  EXPECT_TRUE(strong.truth("/complete"));
  EXPECT_EQ(status_of(strong, "vault.card"), "ok");
}

TEST_F(ContextTest, SkipsWhatLacksAnIdentifier) {
  auto& hub = run(config);
  auto context = ask(hub, hub.session({.email_verified = false}), R"(, "sections": ["mail.inbox"])");
  EXPECT_EQ(status_of(context, "mail.inbox"), "skipped");
  EXPECT_EQ(reason_of(context, "mail.inbox"), "identifier_unverified");
  context = ask(hub, hub.session({.email = ""}), R"(, "sections": ["mail.inbox"])");
  EXPECT_EQ(reason_of(context, "mail.inbox"), "identifier_unknown");
  EXPECT_EQ(context.text("/sections/mail.inbox/error/detail"), "email");
  EXPECT_FALSE(context.truth("/complete"));
  EXPECT_TRUE(upstream.requests("/mail").empty());
  EXPECT_EQ(status_of(ask(hub, hub.session(), R"(, "sections": ["mail.inbox"])"), "mail.inbox"), "ok");
}

TEST_F(ContextTest, KeepsADeadlineThatIsShort) {
  upstream.on("/orders", UpstreamReply{.hang = true});
  auto& hub = run(config);
  auto context = hub.context(hub.session(), R"(, "deadline_ms": 1, "sections": ["shop.orders"])");
  EXPECT_EQ(status_of(context, "shop.orders"), "timeout");
  EXPECT_EQ(reason_of(context, "shop.orders"), "deadline");
}

TEST_F(ContextTest, EndsACallAtTheConnectorsOwnLimit) {
  upstream.on("/hang", UpstreamReply{.hang = true});
  config.add("slow",
             rest_connector(upstream.port(), R"({"one": )" + rest_section("/hang") + "}", R"("timeout_ms": 100, )"));
  auto& hub = run(config);
  auto context = ask(hub, hub.session(), R"(, "sections": ["slow.one", "canary.song"])");
  EXPECT_EQ(status_of(context, "slow.one"), "timeout");
  EXPECT_EQ(reason_of(context, "slow.one"), "connector_timeout");
  EXPECT_EQ(status_of(context, "canary.song"), "ok");
  EXPECT_LT(context.number("/took_ms"), 9000);
}

TEST_F(ContextTest, TakesOnlyPurposesThatAreDeclared) {
  auto& hub = run(config);
  const auto session = hub.session();
  EXPECT_TRUE(
      ask(hub, session,
          R"(, "sections": ["canary.song"], "purpose": "sales", "actor": "agent-17", "criticality": "bulk", "max_age_ms": 0)")
          .truth("/complete"));
  EXPECT_EQ(hub.post("/v1/context", R"({"session": ")" + session + R"(", "purpose": "fraud"})").problem(),
            "invalid-request");
}

TEST_F(ContextTest, ListsTheSectionsOnOffer) {
  auto& hub = run(config);
  auto offer = hub.get("/v1/sections", kDesk).json();
  ASSERT_EQ(offer.size("/sections"), 5U);
  EXPECT_EQ(offer.dump("/sections/0"),
            R"({"name":"shop.orders","shape":"record/v1","description":"What was bought","assurance":"aal1",)"
            R"("untrusted":[""],"needs":[[{"type":"customer_id","verified":false}]]})")
      << "of a record, everything may have been written outside";
  EXPECT_EQ(offer.text("/sections/2/assurance"), "aal2");
  EXPECT_EQ(offer.dump("/sections/3/needs"), R"([[{"type":"email","verified":true}]])");
}

// The first declared system that yields an identifier counts; that the other disagrees is said, without the values.
TEST_F(ContextTest, ReportsWhenTwoSystemsDisagree) {
  upstream.on("/a", UpstreamReply{.body = R"({"account":"acc-of-a"})"});
  upstream.on("/b", UpstreamReply{.body = R"({"account":"acc-of-b"})"});
  upstream.on("/account", UpstreamReply{});
  config.add("two", rest_connector(upstream.port(), R"({
    "a": )" + rest_section("/a", R"("yields": {"account_id": {"from": "/account"}}, )") +
                                                        R"(,
    "b": )" + rest_section("/b", R"("yields": {"account_id": {"from": "/account"}}, )") +
                                                        R"(,
    "c": {"shape": "record/v1", "needs": [["account_id"]], "url": "/account?id={account_id}", "mapping": "identity"}})"));
  auto& hub = run(config);
  auto context = ask(hub, hub.session(), R"(, "sections": ["two.*"])");
  EXPECT_TRUE(context.truth("/complete"));
  EXPECT_EQ(upstream.requests("/account").at(0).target, "/account?id=acc-of-a");
  ASSERT_EQ(context.size("/conflicts"), 1U);
  EXPECT_EQ(context.text("/conflicts/0/type"), "account_id");
  EXPECT_EQ(hub.raw_log().find("acc-of-"), std::string::npos);
}

} // namespace
} // namespace plugboard::test
