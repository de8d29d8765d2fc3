// What clients may send, and what becomes of what they may not: a problem for them, nothing for anybody else.
#include "tests/integration/hub_test.hpp"

namespace plugboard::test {
namespace {

class RequestTest : public HubTest {
 protected:
  HubConfig with_canary() const {
    HubConfig config;
    config.add("canary", canary.connector());
    return config;
  }

  Canary canary;
};

TEST_F(RequestTest, RefusesWhatIsNoSoundJson) {
  auto& hub = run(with_canary());
  const auto session = hub.session();
  const auto good = R"({"session": ")" + session + "\"";
  const std::string deep = good + R"(, "sections": [{"name": "canary.song", "params": )";
  const std::pair<const char*, std::string> cases[] = {
      {"nothing", ""},
      {"text", "who is this customer?"},
      {"cut short", good},
      {"more after it", good + "} {}"},
      {"too deep", deep + std::string(5000, '[') + std::string(5000, ']') + "}]}"},
      {"deeper than allowed", deep + "{\"a\":" + std::string(70, '[') + std::string(70, ']') + "}}]}"},
      {"a key twice", good + R"(, "session": "x"})"},
      {"a key twice, deep within", deep + R"({"a": {"b": 1, "b": 2}}}]})"},
      {"a key twice, written differently", good + R"(, "s\u0065ssion": "x"})"},
      {"not UTF-8", good + ", \"actor\": \"\xff\xfe\"}"},
      {"half a surrogate pair", good + R"(, "actor": "\ud800"})"},
      {"a comment", good + "/* hello */}"},
      {"a number that is none", good + ", \"deadline_ms\": 01}"},
  };
  for (const auto& [what, body] : cases)
    for (const auto* path : {"/v1/context", "/v1/sessions", "/v1/sessions/introspect", "/v1/sessions/revoke"}) {
      auto answer = hub.post(path, body);
      EXPECT_EQ(answer.status, 400) << what << path;
      EXPECT_EQ(answer.problem(), "malformed") << what << path << answer.body;
      EXPECT_TRUE(answer.json().has("/detail")) << what;
    }
  EXPECT_TRUE(hub.context(session, R"(, "deadline_ms": 10000)").truth("/complete"));
}

TEST_F(RequestTest, RefusesWhatIsTooLarge) {
  auto& hub = run(with_canary());
  const auto session = hub.session();
  auto answer =
      hub.post("/v1/context", R"({"session": ")" + session + R"(", "actor": ")" + std::string(70'000, 'x') + "\"}");
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.problem(), "too-large");

  // Said before it is sent: the hub does not wait for a gigabyte.
  auto connection = Connection::tcp(hub.port());
  connection->send("POST /v1/context HTTP/1.1\r\nHost: hub.test\r\nAuthorization: Bearer " + std::string(kDesk) +
                   "\r\nContent-Length: 1000000000\r\n\r\n");
  EXPECT_EQ(connection->read().status, 413);
  EXPECT_TRUE(hub.context(session, R"(, "deadline_ms": 10000)").truth("/complete"));
}

TEST_F(RequestTest, NamesThePlaceOfWhatItDoesNotTake) {
  auto& hub = run(with_canary());
  const auto session = hub.session();
  const std::pair<std::string, std::string> cases[] = {
      {R"("sections": "canary.song")", "/sections"},
      {R"("sections": [])", "/sections"},
      {R"("sections": [7])", "/sections/0"},
      {R"("sections": ["Canary.Song"])", "/sections/0"},
      {R"("sections": ["canary.song", {"name": "canary.*"}])", "/sections/1/name"},
      {R"("sections": [{"name": "canary.song", "param": {}}])", "/sections/0/param"},
      {R"("sections": ["canary.song", "canary.song"])", "/sections"},
      {R"("required": ["canary.*"])", "/required"},
      {R"("deadline_ms": 0)", "/deadline_ms"},
      {R"("deadline_ms": 30001)", "/deadline_ms"},
      {R"("deadline_ms": "soon")", "/deadline_ms"},
      {R"("max_age_ms": -1)", "/max_age_ms"},
      {R"("purpose": "curiosity")", "/purpose"},
      {R"("actor": "")", "/actor"},
      {R"("language": "not a language")", "/language"},
      {R"("criticality": "whenever")", "/criticality"},
      {R"("dead_line_ms": 5)", "/dead_line_ms"},
  };
  for (const auto& [member, pointer] : cases) {
    auto answer = hub.post("/v1/context", R"({"session": ")" + session + "\", " + member + "}");
    EXPECT_EQ(answer.status, 400) << member;
    EXPECT_EQ(answer.problem(), "invalid-request") << member;
    EXPECT_THAT(answer.json().text("/detail"), testing::HasSubstr(pointer)) << member;
  }
  EXPECT_EQ(hub.post("/v1/context", "{}").problem(), "invalid-request");
  EXPECT_EQ(hub.post("/v1/context", "[]").problem(), "invalid-request");
  EXPECT_EQ(hub.post("/v1/sessions", R"({"connector": "canary", "credential": {}})").problem(), "invalid-request");
  EXPECT_EQ(hub.post("/v1/sessions", R"({"connector": "login", "credential": "x"})").problem(), "invalid-request");
}

TEST_F(RequestTest, KnowsItsPathsAndMethods) {
  auto& hub = run(with_canary());
  EXPECT_EQ(hub.get("/v1/nothing", kDesk).problem(), "not-found");
  EXPECT_EQ(hub.get("/admin/v1/clients", kDesk).problem(), "not-found"); // the admin's calls are not here
  EXPECT_EQ(hub.get("/metrics", kDesk).problem(), "not-found");
  auto wrong = hub.get("/v1/context", kDesk);
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.header("allow"), "POST");
  EXPECT_EQ(hub.post("/healthz", "{}").status, 405);
  EXPECT_EQ(hub.get("/healthz").body, R"({"status":"ok"})");
  EXPECT_EQ(hub.get("/readyz").body, R"({"status":"ok"})");
  EXPECT_EQ(hub.get("/openapi.json").json().text("/openapi").substr(0, 4), "3.1.");
  EXPECT_EQ(hub.post("/v1/context?session=x", "{}").problem(), "invalid-request"); // nothing travels in a URL
}

TEST_F(RequestTest, TakesAKeyInOneHeaderOfAnyCaseAndNoneInTwo) {
  auto& hub = run(with_canary());
  const auto status = [&](const std::string& headers) {
    auto connection = Connection::tcp(hub.port());
    connection->send("GET /v1/sections HTTP/1.1\r\nHost: hub.test\r\n" + headers + "\r\n");
    return connection->read().status;
  };
  const std::string key(kDesk);
  EXPECT_EQ(status("Authorization: Bearer " + key + "\r\n"), 200);
  EXPECT_EQ(status("AUTHORIZATION: BEARER " + key + "\r\n"), 200);
  EXPECT_EQ(status(""), 401);
  EXPECT_EQ(status("Authorization: Basic " + key + "\r\n"), 401);
  EXPECT_EQ(status("Authorization: Bearer " + key + "\r\nAuthorization: Bearer " + key + "\r\n"), 401);
  EXPECT_EQ(status("Authorization: Bearer x\r\nAuthorization: Bearer " + key + "\r\n"), 401);
}

TEST_F(RequestTest, OutlivesWhoSendsNoHttpOrGoesAwayInTheMiddle) {
  auto& hub = run(with_canary());
  const auto session = hub.session();
  for (const std::string& bytes :
       {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), std::string("GET /\r\n\r\n"),
        std::string("POST /v1/context HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n"),
        std::string("POST /v1/context HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n")}) {
    auto connection = Connection::tcp(hub.port());
    ASSERT_TRUE(connection->send(bytes));
    EXPECT_GE(connection->read().status, 400);
    EXPECT_TRUE(connection->ends());
  }
  for (int i = 0; i < 5; ++i) {
    auto connection = Connection::tcp(hub.port());
    auto whole = bytes_of({.path = "/v1/context", .key = kDesk, .body = R"({"session": ")" + session + "\"}"});
    connection->send(whole.substr(0, whole.size() * static_cast<std::size_t>(i + 1) / 6));
    connection->close();
  }
  EXPECT_TRUE(hub.context(session, R"(, "deadline_ms": 10000)").truth("/complete"));
}

// One after the other and many at once on one connection: answers come in the order of the questions.
TEST_F(RequestTest, KeepsAConnectionForTheNextRequest) {
  auto& hub = run(with_canary());
  const auto session = hub.session();
  auto connection = Connection::tcp(hub.port());
  const Ask alive{.method = "GET", .path = "/healthz", .key = {}, .body = {}};
  const Ask context{
      .path = "/v1/context", .key = kDesk, .body = R"({"session": ")" + session + R"(", "deadline_ms": 10000})"};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(connection->ask(context).status, 200);
  connection->send(bytes_of(context) + bytes_of(alive) + bytes_of(context));
  EXPECT_TRUE(connection->read().json().has("/context_id"));
  EXPECT_EQ(connection->read().body, R"({"status":"ok"})");
  EXPECT_TRUE(connection->read().json().has("/context_id"));
}

// Whoever asked is gone: nobody waits for the systems any more.
TEST_F(RequestTest, GivesUpWhenTheClientGoesAway) {
  Upstream slow;
  slow.on("/slow", UpstreamReply{.hang = true});
  HubConfig config;
  config.add("slow",
             rest_connector(slow.port(), R"({"one": )" + rest_section("/slow") + "}", R"("timeout_ms": 30000, )"));
  config.add("canary", canary.connector());
  auto& hub = run(config);
  const auto session = hub.session();
  auto connection = Connection::tcp(hub.port());
  connection->send(bytes_of(
      {.path = "/v1/context", .key = kDesk, .body = R"({"session": ")" + session + R"(", "deadline_ms": 30000})"}));
  ASSERT_TRUE(eventually([&] { return slow.requests().size() == 1; }));
  connection->close();
  EXPECT_TRUE(eventually([&] { return !slow.is_open(1); }, std::chrono::seconds(15))); // long before the deadline
  EXPECT_TRUE(hub.context(session, R"(, "sections": ["canary.song"], "deadline_ms": 10000)").truth("/complete"));
}

} // namespace
} // namespace plugboard::test
