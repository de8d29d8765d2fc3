// The examples behind the real daemon, each in a worker, with systems of their own: a CRM that wants access tokens and
// says under which id a customer is known, and a ledger that knows that id and says with ETags what did not change.
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

TEST_F(ExamplesTest, ACrmThatIssuesNoTokenHarmsNobodyElse) {
  systems_.on("/token", UpstreamReply{.status = 401, .body = R"({"error": "invalid_client"})"});
  auto& hub = run_hub();
  EXPECT_EQ(reason_of(ask(hub), "crm.contact"), "upstream_unauthorized");
  EXPECT_THAT(hub.raw_log(), HasSubstr("invalid_client"));
  EXPECT_THAT(hub.raw_log(), Not(HasSubstr(kSecret)));
}

} // namespace
} // namespace plugboard::test
