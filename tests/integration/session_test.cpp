// Proved once, looked up afterwards: what a session is worth, to whom, and for how long.
#include "tests/integration/hub_test.hpp"

#include <set>

namespace plugboard::test {
namespace {

class SessionTest : public HubTest {
 protected:
  HubConfig with_canary() const {
    HubConfig config;
    config.add("canary", canary.connector());
    return config;
  }

  static Answer create(HubProcess& hub, const std::string& token, const std::string& key = kDesk) {
    hub.keep_secret(token);
    return hub.post("/v1/sessions", R"({"connector": "login", "credential": {"token": )" + json_string(token) + "}}",
                    key);
  }

  static Answer ask(HubProcess& hub, const std::string& path, const std::string& session,
                    const std::string& key = kDesk) {
    return hub.post(path, R"({"session": )" + json_string(session) + "}", key);
  }

  static bool is_alive(HubProcess& hub, const std::string& session) {
    return ask(hub, "/v1/sessions/introspect", session).json().truth("/active");
  }

  static bool sings(HubProcess& hub, const std::string& session) {
    return hub.context(session, R"(, "deadline_ms": 10000)").truth("/complete");
  }

  Canary canary;
};

constexpr const char* kHeader = R"({"alg":"HS256","typ":"JWT"})";

TEST_F(SessionTest, SaysWhoWasProved) {
  auto& hub = run(with_canary());
  auto answer = create(hub, token_of({.acr = "two-factor"}));
  ASSERT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(answer.header("cache-control"), "no-store");
  auto session = answer.json();
  EXPECT_EQ(session.text("/session").substr(0, 4), "pbs_");
  EXPECT_EQ(session.text("/customer/id").substr(0, 4), "cus_");
  EXPECT_EQ(session.text("/assurance"), "aal2");
  EXPECT_EQ(session.dump("/methods"), R"(["jwt"])");
  EXPECT_EQ(session.dump("/customer/identifiers"),
            R"([{"type":"email","value":"ada@shop.example","verified":true,"source":"login"},)"
            R"({"type":"customer_id","value":"1001","verified":true,"source":"login"}])");
  auto seen = ask(hub, "/v1/sessions/introspect", session.text("/session")).json();
  EXPECT_TRUE(seen.truth("/active"));
  EXPECT_FALSE(seen.has("/session"));
  for (const auto* member : {"/id", "/customer", "/assurance", "/methods", "/authenticated_at", "/expires_at"})
    EXPECT_EQ(seen.dump(member), session.dump(member)) << member;
  hub.keep_secret(session.text("/session"));
}

TEST_F(SessionTest, RefusesCredentialsThatProveNothing) {
  auto& hub = run(with_canary());
  const auto claims = claims_of({});
  auto other = [&](const std::string& was, const std::string& is) {
    auto text = claims;
    text.replace(text.find(was), was.size(), is);
    return hs256(kHeader, text, kChatKey);
  };
  const auto good = hs256(kHeader, claims, kChatKey);
  const std::pair<const char*, std::string> cases[] = {
      {"alg none", unsigned_token(R"({"alg":"none","typ":"JWT"})", claims)},
      {"alg None, signed", hs256(R"({"alg":"None"})", claims, kChatKey)},
      {"alg none, a good signature", unsigned_token(R"({"alg":"none"})", claims) + good.substr(good.rfind('.') + 1)},
      {"wrong key", hs256(kHeader, claims, "another key that nobody here has: 32 bytes")},
      {"empty signature", good.substr(0, good.rfind('.') + 1)},
      {"wrong audience", other(R"("aud": "support")", R"("aud": "billing")")},
      {"wrong issuer", other("chat.shop.example", "chat.evil.example")},
      {"no subject", other(R"("sub": "u-1", )", "")},
      {"expired", hs256(kHeader, claims_of({.lifetime = -3600}), kChatKey)},
      {"no token", "nonsense"},
      {"nothing", ""},
  };
  for (const auto& [what, token] : cases) {
    auto answer = create(hub, token);
    EXPECT_EQ(answer.status, 403) << what << answer.body;
    EXPECT_EQ(answer.problem(), "credential-rejected") << what;
    EXPECT_FALSE(answer.json().has("/detail")) << what; // an attacker is not told how near it was
  }
  EXPECT_EQ(create(hub, good).status, 201);
  EXPECT_TRUE(sings(hub, hub.session()));
}

// Unknown, forged, revoked, another client's: nobody can tell which from the answer.
TEST_F(SessionTest, TellsNoDeadSessionsApart) {
  auto& hub = run(with_canary());
  const auto mine = hub.session(), revoked = hub.session();
  const auto bots = hub.session({}, kBot);
  ASSERT_EQ(ask(hub, "/v1/sessions/revoke", revoked).status, 204);
  auto forged = mine;
  forged[10] = forged[10] == 'A' ? 'B' : 'A';
  const auto known = ask(hub, "/v1/context", forged);
  EXPECT_EQ(known.status, 404);
  EXPECT_EQ(known.problem(), "session-unknown");
  const std::pair<const char*, std::string> cases[] = {
      {"revoked", revoked},
      {"another client's", bots},
      {"forged", forged},
      {"cut short", mine.substr(0, 20)},
      {"no token", "pbs_"},
      {"anything", "x' OR '1'='1"},
      {"too long", mine + std::string(5000, 'x')},
  };
  for (const auto& [what, token] : cases) {
    for (const auto* path : {"/v1/context", "/v1/sessions/revoke"}) {
      auto answer = ask(hub, path, token);
      EXPECT_EQ(answer.status, 404) << what << path;
      EXPECT_EQ(answer.body, known.body) << what << path;
    }
    EXPECT_EQ(ask(hub, "/v1/sessions/introspect", token).body, R"({"active":false})") << what;
  }
  EXPECT_TRUE(sings(hub, mine));
  EXPECT_EQ(ask(hub, "/v1/sessions/introspect", bots, kBot).json().text("/id").size(), 36U); // theirs lives on
}

TEST_F(SessionTest, EndsWhenItsTimeIsOver) {
  auto& hub = run(with_canary());
  const auto token = hub.session({.lifetime = 3}); // session_ends_with_token
  EXPECT_TRUE(is_alive(hub, token));
  EXPECT_TRUE(eventually([&] { return !is_alive(hub, token); }));
  auto answer = ask(hub, "/v1/context", token);
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.problem(), "session-unknown");
}

TEST_F(SessionTest, SurvivesARestartAndACrash) {
  auto& hub = run(with_canary());
  const auto living = hub.session(), revoked = hub.session();
  const auto customer = ask(hub, "/v1/sessions/introspect", living).json().text("/customer/id");
  ASSERT_EQ(ask(hub, "/v1/sessions/revoke", revoked).status, 204);
  hub.kill(); // at once: what was acknowledged is on disk
  ASSERT_TRUE(hub.start());
  EXPECT_TRUE(sings(hub, living));
  EXPECT_FALSE(is_alive(hub, revoked));

  const auto late = hub.session(); // the same person again
  EXPECT_EQ(ask(hub, "/v1/sessions/introspect", late).json().text("/customer/id"), customer);
  EXPECT_NE(ask(hub, "/v1/sessions/introspect", hub.session({.subject = "u-2"})).json().text("/customer/id"), customer);
  ASSERT_EQ(ask(hub, "/v1/sessions/revoke", living).status, 204);
  hub.kill();
  ASSERT_TRUE(hub.start());
  EXPECT_FALSE(is_alive(hub, living));
  EXPECT_TRUE(sings(hub, late));
  EXPECT_EQ(hub.stop(), 0);
  ASSERT_TRUE(hub.start());
  EXPECT_TRUE(sings(hub, late));
  EXPECT_FALSE(is_alive(hub, living));
}

// Threads serve beside each other; a revocation that one acknowledged counts on all.
TEST_F(SessionTest, IsDeadEverywhereOnceRevoked) {
  auto& hub = run(with_canary());
  for (int i = 0; i < 10; ++i) {
    const auto token = hub.session();
    for (int j = 0; j < 4; ++j) EXPECT_TRUE(is_alive(hub, token)); // now known to the threads
    ASSERT_EQ(ask(hub, "/v1/sessions/revoke", token).status, 204);
    for (int j = 0; j < 4; ++j) EXPECT_FALSE(is_alive(hub, token));
  }
}

TEST_F(SessionTest, RevokedWhileSystemsAreAskedDeliversNothing) {
  Upstream slow;
  slow.on("/slow", [&](const UpstreamRequest&) {
    slow.await("revoked");
    return UpstreamReply{};
  });
  HubConfig config;
  config.add("slow", rest_connector(slow.port(), R"({"one": )" + rest_section("/slow") + "}"));
  auto& hub = run(config);
  const auto token = hub.session();
  auto waiting = Connection::tcp(hub.port());
  ASSERT_TRUE(waiting->send(bytes_of(
      {.path = "/v1/context", .key = kDesk, .body = R"({"session": ")" + token + R"(", "deadline_ms": 20000})"})));
  ASSERT_TRUE(eventually([&] { return slow.requests().size() == 1; }));
  ASSERT_EQ(ask(hub, "/v1/sessions/revoke", token).status, 204);
  slow.open("revoked");
  EXPECT_EQ(waiting->read().problem(), "session-unknown");
}

TEST_F(SessionTest, IsKeptAsAHashOnly) {
  auto& hub = run(with_canary());
  const auto token = hub.session();
  EXPECT_TRUE(sings(hub, token));
  EXPECT_EQ(hub.stop(), 0);
  for (const auto* file : {"var/plugboard.db", "var/plugboard.db-wal"}) {
    const auto bytes = read_text(hub.folder() / file);
    for (const auto& secret : {token, token.substr(4, 43), std::string(kDesk)})
      EXPECT_EQ(bytes.find(secret), std::string::npos) << file;
  }
}

class ClientTest : public SessionTest {};

TEST_F(ClientTest, IsRefusedWithoutAGoodKey) {
  auto& hub = run(with_canary());
  const auto session = hub.session();
  for (const std::string key : {"", "nobody's-key-0123456789", "desk-key-0123456789abcdeF"}) {
    auto answer = hub.post("/v1/context", R"({"session": ")" + session + "\"}", key);
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.problem(), "client-unknown");
    EXPECT_EQ(answer.header("www-authenticate"), "Bearer realm=\"plugboard\"");
  }
  EXPECT_TRUE(sings(hub, session));
}

TEST_F(ClientTest, MayDoOnlyWhatItsScopesSay) {
  auto& hub = run(with_canary());
  const auto session = hub.session({}, kLobby); // session:create alone
  for (const auto* path : {"/v1/context", "/v1/sessions/introspect"}) {
    auto answer = ask(hub, path, session, kLobby);
    EXPECT_EQ(answer.status, 403) << path;
    EXPECT_EQ(answer.problem(), "scope-missing") << path;
  }
  EXPECT_EQ(hub.get("/v1/sections", kLobby).problem(), "scope-missing");
  EXPECT_EQ(ask(hub, "/v1/sessions/revoke", session, kLobby).status, 204);
}

// Somebody who is only said to be somebody is one customer, however that is written, and never nobody.
TEST_F(SessionTest, VouchedForValuesAreBroughtIntoOneForm) {
  HubConfig vouching;
  vouching.clients.insert(vouching.clients.rfind(']'), R"(, {"id": "voice", "key": {"env": "VOICE_KEY"},
    "sections": ["*"], "scopes": ["session:create", "session:assert"]})");
  vouching.environment["VOICE_KEY"] = "voice-key-0123456789abcdef";
  auto& hub = run(vouching);
  const auto vouch = [&](const std::string& type, const std::string& value) {
    return hub.post("/v1/sessions", R"({"asserted": {"type": ")" + type + R"(", "value": ")" + value + "\"}}",
                    "voice-key-0123456789abcdef");
  };
  const auto written = vouch("phone", "+46 (70) 123-45 67"), plain = vouch("phone", "0046701234567");
  ASSERT_EQ(written.status, 201) << written.body;
  EXPECT_EQ(written.json().text("/customer/identifiers/0/value"), "+46701234567");
  EXPECT_EQ(written.json().text("/customer/id"), plain.json().text("/customer/id"));
  EXPECT_EQ(vouch("email", "Ada@Shop.example").json().text("/customer/id"),
            vouch("email", " ada@shop.example ").json().text("/customer/id"));
  for (const auto* nobody : {"null", " ", "anonymous", "0", "noreply@shop.example"})
    EXPECT_EQ(vouch("email", nobody).problem(), "invalid-request") << nobody;
  EXPECT_EQ(vouch("phone", "070-123 45 67").problem(), "invalid-request");
}

} // namespace
} // namespace plugboard::test
