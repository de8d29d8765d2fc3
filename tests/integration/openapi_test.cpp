// The published description, held against what a running hub really takes and answers.
#include "tests/integration/hub_test.hpp"

#include "tests/support/sqlite.hpp"

#include <filesystem>

namespace plugboard::test {
namespace {

namespace fs = std::filesystem;

class OpenApiTest : public HubTest {
 protected:
  void SetUp() override {
    upstream.on("/ok", UpstreamReply{.body = R"({"a":1})"});
    upstream.on("/fails", UpstreamReply{.status = 500});
    upstream.on("/hangs", UpstreamReply{.hang = true});
    upstream.on("/other", UpstreamReply{.body = R"({"id":"2002"})"});
    upstream.on("/yields", UpstreamReply{.body = R"({"account":"a-2"})"});
    upstream.on("/codes", UpstreamReply{.status = 202});
    upstream.on("/busy", UpstreamReply{.raw = "HTTP/1.1 429 No\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n"});
  }

  HubConfig every_kind(const TempFolder& plugins) const {
    HubConfig config;
    fs::copy(config.plugins_dir, plugins.path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    fs::create_directories(plugins / "bad_proof/1.0.0");
    fs::copy(std::string(BAD_PLUGINS_FOLDER) + "/bad_proof.so", plugins / "bad_proof/1.0.0/bad_proof.so");
    config.plugins_dir = plugins.path();
    config.add("shop", rest_connector(
                           upstream.port(),
                           R"({"ok": )" + rest_section("/ok", R"("description": "Fine", )") + R"(, "fails": )" +
                               rest_section("/fails") + R"(, "unknown": )" + rest_section("/unknown") +
                               R"(, "hangs": )" + rest_section("/hangs") + R"(, "a": )" +
                               rest_section("/yields", R"("yields": {"account_id": {"from": "/account"}}, )") +
                               R"(, "other": )" + rest_section("/other", R"("echo": {"/id": "customer_id"}, )") + "}"));
    config.add("late", rest_connector(upstream.port(),
                                      R"({"b": )" +
                                          rest_section("/ok", R"("yields": {"account_id": {"from": "/a"}}, )") + "}"));
    config.add("busy", rest_connector(upstream.port(), R"({"one": )" + rest_section("/busy") + "}"));
    config.add("vault",
               rest_connector(upstream.port(), R"({"card": )" + rest_section("/ok") + "}", R"("assurance": "aal2", )"));
    config.add("mail", rest_connector(upstream.port(), R"({"inbox": {"shape": "record/v1", "mapping": "identity",
      "needs": [[{"type": "email", "verified": true}]], "url": "/ok?of={email}"}})"));
    config.add("crm", sqlite_connector("data/shop.db", R"({"contact": {"shape": "contact/v1", "needs": [["email"]],
      "query": "SELECT id AS customer_id FROM customer WHERE mail = :email"}})"));
    config.add("broken", R"({"plugin": "bad_proof", "isolation": "in_process"})");
    const auto sender = "127.0.0.1:" + std::to_string(upstream.port());
    config.environment["SENDER_SECRET"] = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    config.add(
        "code",
        R"({"plugin": "otp", "config": {"issuer": "otp.shop.example", "recipients": {"email": {}}, "sender": {"url": "http://)" +
            sender + R"(/codes", "secret": {"env": "SENDER_SECRET"}}}, "grants": {"egress": ["http:)" + sender +
            "\"]}}");
    return config;
  }

  // What the schema must say of a request: as the hub said, but for what only sense can see.
  static const char* by_schema(const Exchange& exchange) {
    if (exchange.answer.problem() == "malformed" || exchange.answer.status == 413) return "either";
    if (exchange.answer.problem() != "invalid-request") return "yes";
    for (const auto* sense : {"\"fraud\"", "\"nobody\"", "twice", "no language"})
      if (exchange.ask.body.find(sense) != std::string::npos) return "either";
    return "no";
  }

  static std::string line_of(const Exchange& exchange) {
    const auto& [ask, answer] = exchange;
    return R"({"method": )" + json_string(ask.method) + R"(, "path": )" + json_string(ask.path) + R"(, "request": )" +
           json_string(ask.body.size() < 10'000 ? ask.body : "") + R"(, "schema": ")" + by_schema(exchange) +
           R"(", "status": )" + std::to_string(answer.status) + R"(, "type": )" +
           json_string(answer.header("content-type")) + R"(, "answer": )" + json_string(answer.body) + "}\n";
  }

  static void ask_all_kinds_of_things(HubProcess& hub) {
    const auto session = hub.session();
    const auto weak = hub.session({.email_verified = false});
    const auto with = [&](const std::string& more) { return R"({"session": ")" + session + "\"" + more + "}"; };
    for (const auto* path : {"/healthz", "/readyz", "/openapi.json"}) hub.get(path);
    for (const std::string key : {kDesk, kBot, kLobby, ""}) hub.get("/v1/sections", key);
    const std::string good_contexts[] = {
        with(R"(, "deadline_ms": 1500)"),
        with(
            R"(, "deadline_ms": 9000, "sections": ["crm.contact", {"name": "shop.ok", "params": {"limit": 5}}, "nobody.nothing"])"),
        with(
            R"(, "deadline_ms": 9000, "sections": ["shop.a", "late.*"], "required": ["shop.fails"], "max_age_ms": 60000, "purpose": "sales", "actor": "agent-17", "language": "sv-SE", "criticality": "bulk")"),
        R"({"session": ")" + weak + R"(", "sections": ["mail.inbox"], "deadline_ms": 9000})"};
    for (const auto& body : good_contexts)
      for (const auto* path : {"/v1/prefetch", "/v1/context", "/v1/context/explain"}) hub.post(path, body);
    hub.context(hub.session({}, kBot), R"(, "sections": ["shop.ok"])", kBot);
    for (const auto* key : {kDesk, kLobby, "nobody's"})
      hub.post("/v1/prefetch/cancel", R"({"context_id": "none"})", key);
    for (const auto* bad : {"{}", "{", R"({"context_id": 1, "more": 1})"}) hub.post("/v1/prefetch/cancel", bad);
    hub.post("/v1/prefetch/cancel", std::string(70'000, ' ') + "{}");
    const std::string bad_contexts[] = {with(R"(, "sections": [])"),
                                        with(R"(, "sections": "*")"),
                                        with(R"(, "sections": ["Shop"])"),
                                        with(R"(, "sections": [{"name": "shop.*"}])"),
                                        with(R"(, "sections": [{"name": "shop.ok", "more": 1}])"),
                                        with(R"(, "required": ["*"])"),
                                        with(R"(, "deadline_ms": 0)"),
                                        with(R"(, "deadline_ms": 30001)"),
                                        with(R"(, "deadline_ms": 1.5)"),
                                        with(R"(, "max_age_ms": -1)"),
                                        with(R"(, "actor": "")"),
                                        with(R"(, "criticality": "now")"),
                                        with(R"(, "surprise": true)"),
                                        with(R"(, "purpose": "fraud")"),
                                        with(R"(, "language": "no language")"),
                                        R"({"session": 7})",
                                        "{}",
                                        "[]"};
    for (const auto& body : bad_contexts)
      for (const auto* path : {"/v1/prefetch", "/v1/context", "/v1/context/explain"}) hub.post(path, body);
    const std::string bad_sessions[] = {
        R"({"connector": "login"})", R"({"credential": {}})", R"({"connector": "login", "credential": 1})",
        R"({"connector": "login", "credential": {}, "more": 1})", R"({"connector": "nobody", "credential": {}})"};
    for (const auto& body : bad_sessions) hub.post("/v1/sessions", body);
    hub.post("/v1/sessions", R"({"connector": "login", "credential": {"token": "nonsense"}})");
    EXPECT_EQ(hub.post("/v1/sessions", R"({"connector": "broken", "credential": {}})").problem(),
              "authentication-unavailable");
    for (const auto* path : {"/v1/sessions", "/v1/sessions/introspect", "/v1/sessions/revoke", "/v1/context",
                             "/v1/prefetch", "/v1/context/explain"}) {
      hub.post(path, "{");
      hub.post(path, std::string(70'000, ' ') + "{}");
      const auto good = path == std::string("/v1/sessions") ? R"({"connector": "login", "credential": {}})" : with("");
      hub.post(path, good, "nobody's");
      hub.post(path, good, "");
    }
    for (const auto* path : {"/v1/sessions/introspect", "/v1/sessions/revoke"}) {
      hub.post(path, with(R"(, "more": 1)"));
      hub.post(path, "{}");
      hub.post(path, R"({"session": "pbs_nobody's"})");
    }
    for (const auto* path : {"/v1/prefetch", "/v1/context", "/v1/context/explain"}) {
      hub.post(path, R"({"session": "pbs_nobody's"})");
      hub.post(path, with(""), kLobby);
    }
    hub.post("/v1/sessions/introspect", with(""));
    hub.post("/v1/sessions/introspect", with(""), kLobby);
    const auto hasty = hub.admin_post("/admin/v1/clients", R"({"id": "hasty", "sections": ["*"], "scopes": [],
      "rate_limit": {"per_second": 0.001, "burst": 1}})");
    hub.get("/v1/sections", hasty.json().text("/key"));
    const auto too_often = [&](const std::string& path, const std::string& body) {
      EXPECT_EQ(hub.post(path, body, hasty.json().text("/key")).status, 429) << path;
    };
    too_often("/v1/sessions", R"({"connector": "login", "credential": {}, "source": "192.0.2.7"})");
    for (const auto* path :
         {"/v1/sessions/introspect", "/v1/sessions/revoke", "/v1/context", "/v1/prefetch", "/v1/context/explain"})
      too_often(path, with(""));
    too_often("/v1/prefetch/cancel", R"({"context_id": "none"})");
    too_often("/v1/sessions/handoff", R"({"session": "pbs_nobody's", "to": "desk"})");
    too_often("/v1/sessions/redeem", R"({"code": "pbh_nobody's"})");
    EXPECT_EQ(hub.get("/v1/sections", hasty.json().text("/key")).status, 429);
    auto added =
        hub.admin_post("/admin/v1/clients", R"({"id": "reader", "sections": ["*"], "scopes": ["context:read"]})");
    const auto reader = added.json().text("/key");
    hub.post("/v1/sessions", R"({"connector": "login", "credential": {"token": "x"}})", reader);
    hub.post("/v1/sessions/revoke", with(""), reader);
    EXPECT_EQ(hub.post("/v1/sessions/revoke", with("")).status, 204);
  }

  // The ways of a session from one client to another, and of a login in steps.
  static void log_in_by_steps_and_hand_over(HubProcess& hub) {
    EXPECT_EQ(hub.post("/v1/sessions", R"({"connector": "code", "credential": {"email": "ada@shop.example"}})").status,
              202);
    const auto again = [&](const std::string& session, const Customer& customer) {
      return hub.post("/v1/sessions", R"({"connector": "login", "session": ")" + session +
                                          R"(", "credential": {"token": ")" + token_of(customer) + "\"}}");
    };
    EXPECT_EQ(again("pbs_nobody's", {}).status, 404);
    EXPECT_EQ(again(hub.session(), {.subject = "somebody-else"}).status, 409);
    const auto phone = hub.admin_post("/admin/v1/clients", R"({"id": "phone", "channel": "voice", "sections": ["*"],
      "scopes": ["session:create", "session:handoff"]})");
    const auto key = phone.json().text("/key");
    const auto handed = [&](const std::string& session) {
      return hub.post("/v1/sessions/handoff", R"({"session": ")" + session + R"(", "to": "desk"})", key);
    };
    const auto code = handed(hub.session({}, key));
    EXPECT_EQ(code.status, 200) << code.body;
    EXPECT_EQ(handed("pbs_nobody's").status, 404);
    const auto redeem = R"({"code": ")" + code.json().text("/code") + "\"}";
    EXPECT_EQ(hub.post("/v1/sessions/redeem", redeem).status, 201);
    EXPECT_EQ(hub.post("/v1/sessions/redeem", redeem).status, 404);
    const std::pair<const char*, std::string> calls[] = {
        {"/v1/sessions/handoff", R"({"session": "pbs_nobody's", "to": "phone"})"}, {"/v1/sessions/redeem", redeem}};
    for (const auto& [path, good] : calls) {
      hub.post(path, "{", key);
      hub.post(path, "{}", key);
      hub.post(path, std::string(70'000, ' ') + "{}", key);
      hub.post(path, good, "nobody's");
    }
    EXPECT_EQ(hub.post("/v1/sessions/handoff", calls[0].second, kLobby).status, 403);
    const auto reader = hub.admin_post("/admin/v1/clients", R"({"id": "viewer", "sections": [], "scopes": []})");
    EXPECT_EQ(hub.post("/v1/sessions/redeem", redeem, reader.json().text("/key")).status, 403);
  }

  Upstream upstream;
};

TEST_F(OpenApiTest, DescribesWhatTheHubTakesAndAnswers) {
  TempFolder plugins;
  auto& hub = prepare(every_kind(plugins));
  fs::create_directory(hub.folder() / "data");
  run_sqlite(hub.folder() / "data/shop.db",
             "CREATE TABLE customer (id TEXT, mail TEXT);"
             "INSERT INTO customer VALUES ('1', 'ada@shop.example'), ('2', 'ada@shop.example');");
  ASSERT_TRUE(hub.start()) << hub.raw_log();
  ask_all_kinds_of_things(hub);
  log_in_by_steps_and_hand_over(hub);
  std::string lines;
  for (const auto& exchange : hub.exchanges()) lines += line_of(exchange);
  const auto file = hub.folder().write("exchanges.jsonl", lines);
  const auto document = hub.folder().write("openapi.json", hub.get("/openapi.json").body);
  Process judge({PYTHON, "-W", "ignore::DeprecationWarning", VALIDATE_ANSWERS, document, file});
  EXPECT_EQ(judge.wait(std::chrono::seconds(90)), 0) << judge.out() << judge.err();
}

} // namespace
} // namespace plugboard::test
