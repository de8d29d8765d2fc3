// One proof on several channels: handed over, stepped up, vouched for, ended from outside; by the real daemon.
#include "tests/integration/hub_test.hpp"

namespace plugboard::test {
namespace {

constexpr const char* kVoice = "voice-key-0123456789abcdef";

class SessionChannelsTest : public HubTest {
 protected:
  HubConfig with_voice() const {
    HubConfig config;
    config.clients = R"([
      {"id": "desk", "channel": "chat", "key": {"env": "DESK_KEY"}, "sections": ["*"], "purpose": "support",
       "scopes": ["session:create", "session:read", "session:handoff", "session:assert", "context:read"]},
      {"id": "voice", "channel": "phone", "key": {"env": "VOICE_KEY"}, "sections": ["*"], "purpose": "support",
       "scopes": ["session:create", "session:read", "context:read"]}])";
    config.environment["VOICE_KEY"] = kVoice;
    return config;
  }

  static Answer say(HubProcess& hub, const std::string& path, const std::string& body, const std::string& key) {
    auto answer = hub.post(path, body, key);
    if (answer.status == 201) hub.keep_secret(answer.json().text("/session"));
    if (path == "/v1/sessions/handoff" && answer.status == 200) hub.keep_secret(answer.json().text("/code"));
    return answer;
  }

  static Answer step_up(HubProcess& hub, const std::string& session, const Customer& customer) {
    const auto token = token_of(customer);
    hub.keep_secret(token);
    return say(hub, "/v1/sessions",
               R"({"connector": "login", "session": )" + json_string(session) + R"(, "credential": {"token": )" +
                   json_string(token) + "}}",
               kDesk);
  }

  static Answer hand_off(HubProcess& hub, const std::string& session, const std::string& to = "voice",
                         const std::string& key = kDesk) {
    return say(hub, "/v1/sessions/handoff",
               R"({"session": )" + json_string(session) + R"(, "to": )" + json_string(to) + "}", key);
  }

  static Answer redeem(HubProcess& hub, const std::string& code, const std::string& key = kVoice) {
    return say(hub, "/v1/sessions/redeem", R"({"code": )" + json_string(code) + "}", key);
  }

  static bool lives(HubProcess& hub, const std::string& session, const std::string& key) {
    return hub.post("/v1/sessions/introspect", R"({"session": )" + json_string(session) + "}", key)
        .json()
        .truth("/active");
  }

  static std::string voice_from(HubProcess& hub, const std::string& desk) {
    return redeem(hub, hand_off(hub, desk).json().text("/code")).json().text("/session");
  }
};

TEST_F(SessionChannelsTest, GoesOnUnderATokenOfTheOtherChannels) {
  auto& hub = run(with_voice());
  const auto desk = hub.session();
  const auto code = hand_off(hub, desk).json().text("/code");
  const auto there = redeem(hub, code);
  ASSERT_EQ(there.status, 201) << there.body;
  const auto voice = there.json().text("/session");
  EXPECT_NE(voice, desk);
  EXPECT_TRUE(lives(hub, voice, kVoice));
  EXPECT_TRUE(lives(hub, desk, kDesk));
  EXPECT_FALSE(lives(hub, voice, kDesk));
  EXPECT_FALSE(lives(hub, desk, kVoice));
  EXPECT_EQ(redeem(hub, code).problem(), "session-unknown") << "a code of one use";
  const auto events = hub.events("session.foreign_token");
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].text("/client"), "desk");
  EXPECT_EQ(events[1].text("/presented_by"), "voice");
}

TEST_F(SessionChannelsTest, HandsNothingToNobodyAndNotWithoutTheScope) {
  auto& hub = run(with_voice());
  const auto desk = hub.session();
  EXPECT_EQ(hand_off(hub, desk, "nobody").problem(), "invalid-request");
  EXPECT_EQ(hand_off(hub, desk, "desk", kVoice).problem(), "scope-missing");
  const auto code = hand_off(hub, desk).json().text("/code");
  EXPECT_EQ(redeem(hub, code, kDesk).problem(), "session-unknown");
  EXPECT_EQ(redeem(hub, code).status, 201);
}

TEST_F(SessionChannelsTest, StepsUpUnderANewTokenAndEndsWithTheOld) {
  auto& hub = run(with_voice());
  const auto old = hub.session();
  const auto stepped = step_up(hub, old, {.acr = "two-factor"});
  ASSERT_EQ(stepped.status, 201) << stepped.body;
  EXPECT_EQ(stepped.json().text("/assurance"), "aal2");
  const auto young = stepped.json().text("/session");
  EXPECT_TRUE(lives(hub, young, kDesk));
  EXPECT_FALSE(lives(hub, old, kDesk));
  EXPECT_TRUE(hub.events("session.reused_token").size() == 1);
  EXPECT_FALSE(lives(hub, young, kDesk)) << "an old token came back: nobody knows whose the session is";
}

TEST_F(SessionChannelsTest, StepsUpNobodyElsesSession) {
  auto& hub = run(with_voice());
  const auto desk = hub.session();
  EXPECT_EQ(step_up(hub, desk, {.subject = "u-2", .acr = "two-factor"}).problem(), "conflict");
  EXPECT_TRUE(lives(hub, desk, kDesk));
}

TEST_F(SessionChannelsTest, GivesLittleForAClientsWord) {
  auto& hub = run(with_voice());
  const std::string word = R"({"asserted": {"type": "email", "value": "ada@shop.example"}})";
  const auto made = say(hub, "/v1/sessions", word, kDesk);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.json().text("/assurance"), "asserted");
  EXPECT_FALSE(made.json().truth("/customer/identifiers/0/verified"));
  EXPECT_EQ(say(hub, "/v1/sessions", word, kVoice).problem(), "scope-missing");
  for (const char* wrong :
       {R"({"asserted": {"type": "email", "value": "anonymous"}})", R"({"asserted": {"type": "email"}})",
        R"({"asserted": {"type": "email", "value": "a@b.example"}, "session": "pbs_x"})",
        R"({"asserted": {"type": "email", "value": "a@b.example"}, "connector": "login", "credential": {}})"})
    EXPECT_EQ(say(hub, "/v1/sessions", wrong, kDesk).problem(), "invalid-request") << wrong;
}

TEST_F(SessionChannelsTest, IsEndedByOperatorsWhateverTheyGoBy) {
  auto& hub = run(with_voice());
  const auto desk = hub.session();
  const auto voice = voice_from(hub, desk);
  const auto listed = Json::parse(hub.admin("/admin/v1/sessions?client=voice").body);
  ASSERT_TRUE(listed.has("/sessions/0/id")) << listed.dump("");
  const auto revoke = [&](const std::string& body) { return hub.admin_post("/admin/v1/sessions/revoke", body).status; };
  EXPECT_EQ(revoke(R"({})"), 400);
  EXPECT_EQ(revoke(R"({"issuer": "chat.shop.example"})"), 400);
  EXPECT_EQ(revoke(R"({"before": "2999-01-01T00:00:00Z"})"), 400);
  EXPECT_EQ(revoke(R"({"channel": "phone"})"), 204);
  EXPECT_FALSE(lives(hub, voice, kVoice));
  EXPECT_TRUE(lives(hub, desk, kDesk)) << "that channel's tokens alone";
  EXPECT_EQ(revoke(R"({"customer": )" + json_string(listed.text("/sessions/0/customer")) + "}"), 204);
  EXPECT_FALSE(lives(hub, desk, kDesk));
  EXPECT_TRUE(lives(hub, hub.session(), kDesk)) << "who logs in anew is welcome";
}

// Not when the system answers, and not at the deadline.
TEST_F(SessionChannelsTest, CancelsWhatIsUnderWayForASessionThatIsEnded) {
  Upstream mute;
  mute.on("/mute", UpstreamReply{.hang = true});
  auto config = with_voice();
  config.add("mute",
             rest_connector(mute.port(), R"({"one": )" + rest_section("/mute") + "}", R"("timeout_ms": 30000, )"));
  auto& hub = run(config);
  const auto token = hub.session();
  auto waiting = Connection::tcp(hub.port());
  ASSERT_TRUE(waiting->send(bytes_of(
      {.path = "/v1/context", .key = kDesk, .body = R"({"session": ")" + token + R"(", "deadline_ms": 30000})"})));
  ASSERT_TRUE(eventually([&] { return mute.requests().size() == 1; }));
  ASSERT_EQ(hub.admin_post("/admin/v1/sessions/revoke", R"({"client": "desk"})").status, 204);
  EXPECT_EQ(waiting->read().problem(), "session-unknown");
  EXPECT_TRUE(eventually([&] { return !mute.is_open(1); })) << "the system is still being asked";
}

} // namespace
} // namespace plugboard::test
