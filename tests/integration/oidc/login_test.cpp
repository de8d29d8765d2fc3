// One login at a real provider: it serves a chat, is handed to a voice channel, is stepped up, and is over on both when
// the customer logs out at the provider.
#include "tests/integration/hub_test.hpp"
#include "tests/integration/oidc/provider.hpp"
#include "tests/support/free_port.hpp"

namespace plugboard::test {
namespace {

constexpr const char* kVoice = "voice-key-0123456789abcdef";

class OidcTest : public HubTest {
 protected:
  void SetUp() override {
    if (const auto why = OidcProvider::missing(); !why.empty()) GTEST_SKIP() << why;
    HubConfig config;
    port = free_port();
    config.login = oidc_connector(port);
    config.environment["OIDC_SECRET"] = kOidcSecret;
    config.environment["VOICE_KEY"] = kVoice;
    config.clients = R"([
        {"id": "desk", "channel": "chat", "key": {"env": "DESK_KEY"}, "sections": ["*"], "purpose": "support",
         "scopes": ["session:create", "session:read", "session:handoff", "context:read"]},
        {"id": "voice", "channel": "voice", "key": {"env": "VOICE_KEY"}, "sections": ["*"], "purpose": "support",
         "scopes": ["session:create", "session:read", "context:read"]}])";
    config.add("canary", canary.connector());
    hub = &run(std::move(config));
    hub->keep_secret(kOidcSecret);
    provider =
        std::make_unique<OidcProvider>(port, "http://127.0.0.1:" + std::to_string(hub->port()) + "/v1/logout/login");
  }

  // Both steps. more: of the first, with a comma before.
  Answer log_in(const std::string& credential = "{}", const std::string& more = "") {
    const Answer first =
        hub->post("/v1/sessions", R"({"connector": "login", "credential": )" + credential + more + "}");
    EXPECT_EQ(first.status, 202) << first.body << hub->raw_log();
    if (first.status != 202) return first;
    const Json challenge = first.json();
    EXPECT_EQ(challenge.text("/challenge/type"), "redirect");
    const std::string callback = provider->browse(challenge.text("/challenge/url"));
    hub->keep_secret(challenge.text("/continue"));
    return hub->post("/v1/sessions", R"({"continue": )" + json_string(challenge.text("/continue")) +
                                         R"(, "credential": {"callback": )" + json_string(callback) + "}}");
  }

  bool sings(const std::string& session, const std::string& key) {
    return hub->context(session, R"(, "deadline_ms": 10000)", key).truth("/complete");
  }

  bool is_alive(const std::string& session, const std::string& key) {
    return hub->post("/v1/sessions/introspect", R"({"session": )" + json_string(session) + "}", key)
        .json()
        .truth("/active");
  }

  std::string hand_to_voice(const std::string& session) {
    const Answer code =
        hub->post("/v1/sessions/handoff", R"({"session": )" + json_string(session) + R"(, "to": "voice"})");
    const Answer redeemed =
        hub->post("/v1/sessions/redeem", R"({"code": )" + json_string(code.json().text("/code")) + "}", kVoice);
    EXPECT_EQ(redeemed.status, 201) << redeemed.body;
    return redeemed.json().text("/session");
  }

  Canary canary;
  int port = 0;
  HubProcess* hub = nullptr;
  std::unique_ptr<OidcProvider> provider;
};

TEST_F(OidcTest, OneLoginServesEveryChannelUntilTheProviderEndsIt) {
  const Answer first = log_in(R"({"redirect_uri": "https://chat.example/back"})");
  ASSERT_EQ(first.status, 201) << first.body << hub->raw_log();
  const Json session = first.json();
  EXPECT_EQ(session.text("/assurance"), "aal1");
  EXPECT_EQ(session.text("/customer/identifiers/0/value"), "ada@shop.example");
  std::string chat = session.text("/session");
  EXPECT_TRUE(sings(chat, kDesk));

  const std::string voice = hand_to_voice(chat);
  EXPECT_TRUE(sings(voice, kVoice));

  const Answer up = log_in(R"({"acr_values": ["gold"], "prompt": "login"})", R"(, "session": )" + json_string(chat));
  ASSERT_EQ(up.status, 201) << up.body << hub->raw_log();
  EXPECT_EQ(up.json().text("/assurance"), "aal2");
  EXPECT_EQ(up.json().text("/id"), session.text("/id"));
  chat = up.json().text("/session");
  EXPECT_TRUE(sings(chat, kDesk));
  EXPECT_TRUE(sings(voice, kVoice));

  EXPECT_LT(provider->end(), 400);
  // The provider knows that its clients were told: so it is over, not soon.
  const auto told = std::chrono::steady_clock::now();
  for (const auto& [session_token, key] : {std::pair(chat, kDesk), std::pair(voice, kVoice)}) {
    EXPECT_FALSE(is_alive(session_token, key)) << provider->err() << hub->raw_log();
    EXPECT_EQ(hub->post("/v1/context", R"({"session": )" + json_string(session_token) + "}", key).status, 404);
  }
  const auto seen = std::chrono::steady_clock::now() - told;
  RecordProperty("seen_dead_ms", static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(seen).count()));
  EXPECT_EQ(hub->events("session.logged_out").size(), 1U);
}

TEST_F(OidcTest, ACodeIsTakenOnce) {
  const Answer first = hub->post("/v1/sessions", R"({"connector": "login", "credential": {}})");
  ASSERT_EQ(first.status, 202) << first.body;
  const std::string callback = provider->browse(first.json().text("/challenge/url"));
  const std::string again = R"({"continue": )" + json_string(first.json().text("/continue")) +
                            R"(, "credential": {"callback": )" + json_string(callback) + "}}";
  EXPECT_EQ(hub->post("/v1/sessions", again).status, 201);
  EXPECT_NE(hub->post("/v1/sessions", again).status, 201) << "the step is used up";
  const Answer other = hub->post("/v1/sessions", R"({"connector": "login", "credential": {}})");
  const Answer late = hub->post("/v1/sessions", R"({"continue": )" + json_string(other.json().text("/continue")) +
                                                    R"(, "credential": {"callback": )" + json_string(callback) + "}}");
  EXPECT_EQ(late.problem(), "credential-rejected") << "the code is another login's";
}

TEST_F(OidcTest, OneLoginEndsAndAnotherGoesOn) {
  const std::string first = log_in().json().text("/session");
  const std::string token = provider->logout_token(R"({"sid": "another-session"})");
  const Ask logout{.path = "/v1/logout/login",
                   .body = "logout_token=" + token,
                   .headers = {{"content-type", "application/x-www-form-urlencoded"}}};
  EXPECT_EQ(hub->ask(logout).status, 200);
  EXPECT_TRUE(is_alive(first, kDesk));
  const Answer again = hub->ask(logout);
  EXPECT_EQ(again.status, 400) << "it was taken";
  EXPECT_EQ(again.json().text("/error"), "invalid_request");
  Ask everywhere = logout;
  everywhere.body = "logout_token=" + provider->logout_token(R"({"sub": "cust-7"})");
  EXPECT_EQ(hub->ask(everywhere).status, 200);
  EXPECT_FALSE(is_alive(first, kDesk));
}

} // namespace
} // namespace plugboard::test
