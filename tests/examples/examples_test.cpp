// The examples behind the real daemon, each in a worker, with systems of their own: a CRM that wants access tokens and
// says under which id a customer is known, a ledger that knows that id and says with ETags what did not change, and a
// score that is computed from what others say.
#include "tests/integration/hub_test.hpp"

#include <atomic>
#include <filesystem>

namespace plugboard::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSecret = "the-crm's-client-secret";

class ExamplesTest : public HubTest {
 protected:
  ExamplesTest() {
    systems_.on("/token", [this](const UpstreamRequest&) {
      const auto number = std::to_string(++tokens_);
      return UpstreamReply{.body = R"({"access_token": "access-)" + number +
                                   R"(", "token_type": "bearer", "expires_in": 3600})"};
    });
    systems_.on("/contacts", [this](const UpstreamRequest& request) {
      if (request.headers.at("authorization") != "Bearer access-" + std::to_string(good_token_))
        return UpstreamReply{.status = 401};
      return UpstreamReply{.body = R"({"contacts": [{"id": 4711, "name": "Ada Byron", "phone": "+46701234512"}]})"};
    });
    systems_.on("/accounts/4711", [this](const UpstreamRequest& request) {
      const auto asked = request.headers.find("if-none-match");
      const std::string etag = "etag: \"" + std::to_string(state_) + "\"\r\n";
      if (asked != request.headers.end() && asked->second == "\"" + std::to_string(state_) + "\"")
        return UpstreamReply{.raw = "HTTP/1.1 304 Not Modified\r\n" + etag + "\r\n"};
      const std::string body =
          R"({"account": "4711", "balance": ")" + std::to_string(state_) + R"(.50", "currency": "SEK"})";
      return UpstreamReply{.raw = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n" + etag +
                                  "content-length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
    });
  }

  HubConfig configuration() {
    HubConfig config;
    fs::copy(config.plugins_dir, plugins_.path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    fs::copy(EXAMPLE_PLUGINS_FOLDER, plugins_.path(),
             fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    config.plugins_dir = plugins_.path();
    config.environment["CRM_SECRET"] = kSecret;
    const std::string place = "127.0.0.1:" + std::to_string(systems_.port());
    const std::string grants = R"(, "isolation": "worker", "grants": {"egress": ["http:)" + place + "\"]}}";
    config.add("crm", R"({"plugin": "crm_http", "config": {"url": "http://)" + place + R"(", "token_url": "http://)" +
                          place + R"(/token", "client_id": "hub", "client_secret": {"env": "CRM_SECRET"}})" + grants);
    config.add("ledger", R"({"plugin": "ledger_blocking", "config": {"url": "http://)" + place + "\"}" + grants);
    return config;
  }

  HubProcess& run_hub() {
    auto& hub = run(configuration());
    hub.keep_secret(kSecret);
    hub.keep_secret("access-1");
    return hub;
  }

  // Of somebody whom the login knows by e-mail alone: the ledger can be asked only because the CRM tells the id.
  static Json ask(HubProcess& hub) {
    return hub.context(hub.session({.customer_id = ""}),
                       R"(, "deadline_ms": 10000, "sections": ["crm.contact", "ledger.balance"])");
  }

  // The score, of the CRM's contact and the shop's payments and tickets, before the connectors that it is computed
  // from.
  HubConfig with_score(const std::string& from = R"("contact": "crm.contact", "payments": "shop.payments",
                                                    "tickets": "shop.tickets")",
                       const std::string& more = "") {
    systems_.on("/payments", UpstreamReply{.body = R"({"payments": [{"id": "1", "kind": "chargeback"}]})"});
    systems_.on("/tickets",
                UpstreamReply{.body = R"({"tickets": [{"id": "1", "type": "complaint", "status": "open"}]})"});
    auto config = configuration();
    config.connectors.insert(config.connectors.begin(), {"risk", R"({"plugin": "derive_risk", "config": {"high": 50},
      "isolation": "worker", "from": {)" + from + "}" + more + "}"});
    config.add("shop", rest_connector(systems_.port(), R"({
      "payments": {"shape": "payments/v1", "needs": [["customer_id"]], "url": "/payments?of={customer_id}", "mapping": "identity"},
      "tickets": {"shape": "tickets/v1", "needs": [["customer_id"]], "url": "/tickets?of={customer_id}", "mapping": "identity"}})"));
    config.clients.insert(config.clients.rfind(']'), R"(,
      {"id": "till", "channel": "till", "key": {"env": "TILL_KEY"}, "sections": ["risk.score"], "purpose": "support",
       "scopes": ["session:create", "context:read", "context:explain"]})");
    config.environment["TILL_KEY"] = kTill;
    return config;
  }

  static constexpr const char* kTill = "till-key-0123456789abcdef"; // of a client that may see the score, and no more

  static Answer ask_till(HubProcess& hub, const std::string& path = "/v1/context") {
    return hub.post(path,
                    R"({"session": ")" + hub.session({.customer_id = ""}, kTill) +
                        R"(", "deadline_ms": 10000, "sections": ["risk.score", "crm.contact", "shop.payments"]})",
                    kTill);
  }

  Upstream systems_;
  std::atomic<int> tokens_ = 0, good_token_ = 1, state_ = 1;

 private:
  TempFolder plugins_;
};

TEST_F(ExamplesTest, OneFindsTheIdThatTheOtherAsksWith) {
  auto& hub = run_hub();
  const auto context = ask(hub);
  EXPECT_EQ(context.text("/sections/crm.contact/data/customer_id"), "4711") << context.dump();
  EXPECT_EQ(context.text("/sections/crm.contact/data/name"), "Ada Byron");
  EXPECT_EQ(context.text("/sections/ledger.balance/data/balance"), "1.50");
  const auto form = systems_.requests("/token").at(0);
  EXPECT_EQ(form.body, "grant_type=client_credentials");
  EXPECT_THAT(form.headers.at("authorization"), HasSubstr("Basic "));
}

TEST_F(ExamplesTest, AllCallsShareOneTokenUntilItIsRefused) {
  auto& hub = run_hub();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(status_of(ask(hub), "crm.contact"), "ok");
  EXPECT_EQ(tokens_, 1);
  good_token_ = 2; // the CRM forgot the first
  EXPECT_EQ(status_of(ask(hub), "crm.contact"), "ok") << "asked once more, with a new token";
  EXPECT_EQ(tokens_, 2);
  good_token_ = 99;
  EXPECT_EQ(reason_of(ask(hub), "crm.contact"), "upstream_unauthorized");
}

TEST_F(ExamplesTest, WhatTheLedgerToldOutlivesTheHub) {
  auto& hub = run_hub();
  EXPECT_EQ(ask(hub).text("/sections/ledger.balance/data/balance"), "1.50");
  EXPECT_EQ(systems_.requests("/accounts/4711").back().headers.count("if-none-match"), 0U);
  ASSERT_EQ(hub.stop(), 0);
  good_token_ = 2; // tokens do not outlive it
  ASSERT_TRUE(hub.start());
  EXPECT_EQ(ask(hub).text("/sections/ledger.balance/data/balance"), "1.50") << "it answered 304";
  EXPECT_EQ(systems_.requests("/accounts/4711").back().headers.at("if-none-match"), "\"1\"");
  state_ = 2;
  EXPECT_EQ(ask(hub).text("/sections/ledger.balance/data/balance"), "2.50");
  EXPECT_EQ(ask(hub).text("/sections/ledger.balance/data/balance"), "2.50");
  EXPECT_EQ(systems_.requests("/accounts/4711").back().headers.at("if-none-match"), "\"2\"");
}

TEST_F(ExamplesTest, AScoreIsSeenByWhoMaySeeNothingThatItIsComputedFrom) {
  auto& hub = run(with_score());
  const auto answer = ask_till(hub);
  const auto context = answer.json();
  EXPECT_EQ(status_of(context, "risk.score"), "ok") << answer.body;
  EXPECT_EQ(context.number("/sections/risk.score/data/score"), 55);
  EXPECT_EQ(context.text("/sections/risk.score/data/level"), "high");
  EXPECT_TRUE(context.truth("/sections/risk.score/data/saw_tickets"));
  EXPECT_EQ(status_of(context, "crm.contact"), "denied");
  EXPECT_EQ(status_of(context, "shop.payments"), "denied");
  EXPECT_THAT(answer.body, Not(HasSubstr("Ada Byron")));
  EXPECT_THAT(answer.body, Not(HasSubstr("chargeback")));
  EXPECT_THAT(answer.body, Not(HasSubstr("shop.tickets")));

  const auto explained = ask_till(hub, "/v1/context/explain").json();
  EXPECT_EQ(explained.text("/sections/risk.score/inputs/0/input"), "contact") << explained.dump();
  EXPECT_TRUE(explained.truth("/sections/risk.score/inputs/2/optional"));
  EXPECT_FALSE(explained.has("/sections/risk.score/inputs/2/section")) << "it may not know of that section";
}

TEST_F(ExamplesTest, AScoreIsOnRecordAsItself) {
  auto& hub = run(with_score());
  const auto answer =
      hub.post("/v1/context",
               R"({"session": ")" + hub.session({.customer_id = ""}, kTill) + R"(", "deadline_ms": 10000})", kTill);
  ASSERT_EQ(status_of(answer.json(), "risk.score"), "ok") << answer.body;
  const auto records = hub.admin("/admin/v1/audit?client=till").body;
  EXPECT_THAT(records, HasSubstr("risk.score"));
  for (const auto* input : {"crm.contact", "shop.payments", "shop.tickets"})
    EXPECT_THAT(records, Not(HasSubstr(input))) << "nobody was shown that";
}

TEST_F(ExamplesTest, AScoreIsComputedWithoutWhatIsOptionalAndNotWithoutTheRest) {
  auto config = with_score();
  systems_.on("/tickets", UpstreamReply{.status = 500});
  auto& hub = run(config);
  auto context = ask_till(hub).json();
  EXPECT_EQ(context.number("/sections/risk.score/data/score"), 50) << context.dump();
  EXPECT_FALSE(context.truth("/sections/risk.score/data/saw_tickets"));
  systems_.on("/payments", UpstreamReply{.status = 500});
  context = ask_till(hub).json();
  EXPECT_EQ(status_of(context, "risk.score"), "skipped");
  EXPECT_EQ(reason_of(context, "risk.score"), "input_missing");
  EXPECT_EQ(context.text("/sections/risk.score/error/detail"), "payments");
}

TEST_F(ExamplesTest, AHubSaysWhatIsWrongWithWhatAScoreIsComputedFrom) {
  auto& hub = prepare(with_score(R"("contact": "shop.payments", "order": "crm.contact")", R"(, "cache_ttl_ms": 5)"));
  EXPECT_FALSE(hub.start());
  for (const auto* said : {"/connectors/risk/from/order", "is no input", "/connectors/risk/from/contact",
                           "shop.payments is of shape payments/v1", "risk.score is computed from",
                           "/connectors/risk/cache_ttl_ms", "computed from others and never kept"})
    EXPECT_THAT(hub.raw_log(), HasSubstr(said));
}

TEST_F(ExamplesTest, ACrmThatIssuesNoTokenHarmsNobodyElse) {
  systems_.on("/token", UpstreamReply{.status = 401, .body = R"({"error": "invalid_client"})"});
  auto& hub = run_hub();
  EXPECT_EQ(reason_of(ask(hub), "crm.contact"), "upstream_unauthorized");
  EXPECT_THAT(hub.raw_log(), HasSubstr("invalid_client"));
  EXPECT_THAT(hub.raw_log(), Not(HasSubstr(kSecret)));
}

} // namespace
} // namespace plugboard::test
