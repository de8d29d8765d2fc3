// Systems that answer badly: each spoils its own section, with the reason, and nothing else.
#include "tests/integration/hub_test.hpp"

namespace plugboard::test {
namespace {

class BadUpstreamTest : public HubTest {
 protected:
  Canary canary;
  Upstream upstream;
};

struct Bad {
  std::string name;
  UpstreamReply reply;
  std::string status, reason;
};

std::vector<Bad> bad_answers() {
  const std::string cut =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"half\": ";
  return {
      {"html", {.body = "<!doctype html><h1>Sign in</h1>", .content_type = "text/html"}, "error", "upstream_malformed"},
      {"html_called_json", {.body = "<!doctype html>"}, "error", "upstream_malformed"},
      {"half_a_body", {.raw = cut, .close = true}, "error", "upstream_malformed"},
      {"ten_megabytes", {.body = R"({"text":")" + std::string(10'000'000, 'x') + "\"}"}, "invalid", "too_large"},
      {"key_twice", {.body = R"({"a":1,"a":2})"}, "error", "upstream_malformed"},
      {"too_deep", {.body = std::string(200, '[') + std::string(200, ']')}, "error", "upstream_malformed"},
      {"not_utf8", {.body = "{\"a\":\"\xff\"}"}, "error", "upstream_malformed"},
      {"array", {.body = "[1]"}, "error", "upstream_malformed"},
      {"no_http", {.raw = "SSH-2.0-OpenSSH_9.2\r\n", .close = true}, "error", "upstream_malformed"},
      {"two_lengths",
       {.raw = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\n{}", .close = true},
       "error",
       "upstream_malformed"},
      {"failing", {.status = 500}, "error", "upstream_failed"},
      {"signed_out", {.status = 401}, "error", "upstream_unauthorized"},
      {"refusing", {.status = 422}, "error", "upstream_refused"},
      {"moved",
       {.raw = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"},
       "error",
       "upstream_refused"},
      {"gone", {.status = 410}, "not_found", ""},
      {"unknown", {.status = 404}, "not_found", ""},
  };
}

TEST_F(BadUpstreamTest, SpoilsItsOwnSectionAlone) {
  std::string sections;
  for (const auto& bad : bad_answers()) {
    upstream.on("/" + bad.name, bad.reply);
    sections += (sections.empty() ? "{" : ", ") + json_string(bad.name) + ": " + rest_section("/" + bad.name);
  }
  HubConfig config;
  config.add("bad", rest_connector(upstream.port(), sections + "}", R"("breaker": {"enabled": false}, )"));
  config.add("canary", canary.connector());
  auto& hub = run(config);
  const auto session = hub.session();
  for (int round = 0; round < 2; ++round) { // the second over what the first left of the connections
    auto context = hub.context(session, R"(, "deadline_ms": 15000)");
    EXPECT_FALSE(context.truth("/complete"));
    EXPECT_EQ(status_of(context, "canary.song"), "ok");
    for (const auto& bad : bad_answers()) {
      EXPECT_EQ(status_of(context, "bad." + bad.name), bad.status) << bad.name;
      EXPECT_EQ(reason_of(context, "bad." + bad.name), bad.reason) << bad.name;
      EXPECT_FALSE(context.has("/sections/bad." + bad.name + "/data")) << bad.name;
    }
  }
  EXPECT_EQ(hub.get("/healthz").status, 200);
}

// The system answers, soundly, with somebody else's record: it is never shown.
TEST_F(BadUpstreamTest, NeverShowsAnotherCustomersRecord) {
  const std::string name = "Eve of another account";
  upstream.on("/contact", UpstreamReply{.body = R"({"customer_id": "2002", "name": ")" + name + "\"}"});
  HubConfig config;
  config.add("crm", rest_connector(upstream.port(), R"({"contact": {"shape": "contact/v1", "needs": [["customer_id"]],
    "echo": {"/customer_id": "customer_id"}, "url": "/contact?id={customer_id}",
    "yields": {"crm.rep": {"from": "/rep"}}, "mapping": {"customer_id": "/customer_id", "name": "/name"}},
    "rep": {"shape": "record/v1", "needs": [["crm.rep"]], "url": "/rep?id={crm.rep}", "mapping": "identity"}})"));
  config.add("canary", canary.connector());
  auto& hub = run(config);
  hub.keep_secret(name);
  const auto session = hub.session();
  auto answer = hub.post("/v1/context", R"({"session": ")" + session + R"(", "deadline_ms": 10000})");
  EXPECT_EQ(answer.body.find(name), std::string::npos);
  EXPECT_EQ(answer.body.find("2002"), std::string::npos);
  auto context = answer.json();
  EXPECT_EQ(status_of(context, "crm.contact"), "invalid");
  EXPECT_EQ(reason_of(context, "crm.contact"), "wrong_customer");
  EXPECT_EQ(status_of(context, "crm.rep"), "skipped"); // nothing is followed from there
  EXPECT_EQ(status_of(context, "canary.song"), "ok");

  upstream.on("/contact", UpstreamReply{.body = R"({"customer_id": "1001", "name": "Ada"})"});
  EXPECT_EQ(hub.context(session, R"(, "deadline_ms": 10000)").text("/sections/crm.contact/data/name"), "Ada");
}

TEST_F(BadUpstreamTest, SaysWhatDoesNotFollowTheShape) {
  upstream.on("/contact", UpstreamReply{.body = R"({"id": 1001, "since": "last summer"})"});
  HubConfig config;
  config.add("crm", rest_connector(upstream.port(), R"({"contact": {"shape": "contact/v1", "needs": [["customer_id"]],
    "url": "/contact?id={customer_id}", "mapping": {"customer_id": {"from": "/id", "as": "string"}, "customer_since": "/since"}}})"));
  auto& hub = run(config);
  auto context = hub.context(hub.session(), R"(, "deadline_ms": 10000)");
  EXPECT_EQ(status_of(context, "crm.contact"), "invalid");
  EXPECT_EQ(reason_of(context, "crm.contact"), "shape");
  EXPECT_THAT(context.text("/sections/crm.contact/error/detail"), testing::HasSubstr("customer_since"));
  EXPECT_EQ(context.dump().find("last summer"), std::string::npos);
}

TEST_F(BadUpstreamTest, LeavesAloneWhoAsksForIt) {
  upstream.on("/busy", UpstreamReply{.raw = "HTTP/1.1 429 Slow down\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n"});
  HubConfig config;
  config.add("busy", rest_connector(upstream.port(), R"({"one": )" + rest_section("/busy") + "}"));
  config.add("canary", canary.connector());
  auto& hub = run(config);
  const auto session = hub.session();
  for (int i = 0; i < 3; ++i) {
    auto context = hub.context(session, R"(, "deadline_ms": 10000)");
    EXPECT_EQ(reason_of(context, "busy.one"), "upstream_rate_limited");
    EXPECT_GT(context.integer("/sections/busy.one/error/retry_after_ms"), 100'000);
    EXPECT_EQ(status_of(context, "canary.song"), "ok");
  }
  EXPECT_EQ(upstream.requests().size(), 1U);
}

TEST_F(BadUpstreamTest, IsAwayAndComesBack) {
  auto other = std::make_unique<Upstream>();
  const int port = other->port();
  other.reset(); // nobody listens there now
  HubConfig config;
  config.add("shop", rest_connector(port, R"({"orders": )" + rest_section("/orders") + "}"));
  config.add("canary", canary.connector());
  auto& hub = run(config);
  const auto session = hub.session();
  auto context = hub.context(session, R"(, "deadline_ms": 10000)");
  EXPECT_EQ(status_of(context, "shop.orders"), "error");
  EXPECT_EQ(reason_of(context, "shop.orders"), "unreachable");
  EXPECT_EQ(status_of(context, "canary.song"), "ok");

  other = std::make_unique<Upstream>(port);
  other->on("/orders", UpstreamReply{});
  EXPECT_TRUE(eventually([&] { return hub.context(session, R"(, "deadline_ms": 10000)").truth("/complete"); }));
}

TEST_F(BadUpstreamTest, IsNotAskedWithoutAGrant) {
  upstream.on("/orders", UpstreamReply{});
  auto connector = rest_connector(upstream.port(), R"({"orders": )" + rest_section("/orders") + "}");
  connector.replace(connector.find(R"("grants")"), std::string::npos, R"("grants": {"egress": ["http:127.0.0.1:1"]}})");
  HubConfig config;
  config.add("shop", connector).add("canary", canary.connector());
  auto& hub = run(config);
  auto context = hub.context(hub.session(), R"(, "deadline_ms": 10000)");
  EXPECT_EQ(status_of(context, "shop.orders"), "error");
  EXPECT_EQ(reason_of(context, "shop.orders"), "egress_denied");
  EXPECT_EQ(status_of(context, "canary.song"), "ok");
  EXPECT_EQ(upstream.connections(), 0U);
}

} // namespace
} // namespace plugboard::test
