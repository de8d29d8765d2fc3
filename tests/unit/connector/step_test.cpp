// What a plugin may answer to one step of an authentication, and to a logout.
#include "core/connector/examine.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

class StepTest : public ::testing::Test {
 protected:
  Authenticated examine(std::string data, std::int32_t status = PLUGBOARD_CONTINUE) {
    reply.status = status;
    reply.data = std::move(data);
    return examine_step(reply, "login", {"email", "phone"}, rules, reader, why);
  }

  static std::string challenge(const std::string& shown, const std::string& state = "s") {
    return R"({"state":")" + state + R"(","challenge":)" + shown + R"(,"expires_at":1700000600})";
  }

  void expect_broken(const std::string& data) {
    const Authenticated step = examine(data);
    ASSERT_FALSE(step) << data.substr(0, 200);
    EXPECT_FALSE(step.error().credential) << data.substr(0, 200);
    EXPECT_EQ(step.error().outcome.reason, Reason::plugin_protocol) << data.substr(0, 200);
  }

  Logout log_out(std::string data, std::int32_t status = PLUGBOARD_OK) {
    reply.status = status;
    reply.data = std::move(data);
    return examine_logout(reply, reader, why);
  }

  json::Reader reader;
  IdentifierRules rules;
  Reply reply;
  std::string why;
};

TEST_F(StepTest, AChallengeComesWhole) {
  const Authenticated step = examine(challenge(R"({"type":"code","digits":6,"sent_to":"+46 *** 42"})"));
  ASSERT_TRUE(step) << why;
  const auto& asked = std::get<Challenge>(*step);
  EXPECT_EQ(asked.state, "s");
  EXPECT_EQ(asked.challenge, R"({"type":"code","digits":6,"sent_to":"+46 *** 42"})");
  EXPECT_EQ(asked.expires_at, 1'700'000'600);
}

TEST_F(StepTest, AChallengeIsOneThatAClientCanFollow) {
  EXPECT_TRUE(examine(challenge(R"({"type":"redirect","url":"https://id.example/authorize?a=b"})")));
  expect_broken(challenge("[]"));
  expect_broken(challenge("\"redirect\""));
  expect_broken(challenge("{}"));
  expect_broken(challenge(R"({"type":"dance"})"));
  expect_broken(challenge(R"({"type":"redirect"})"));
  expect_broken(challenge(R"x({"type":"redirect","url":"javascript:alert(1)"})x"));
  expect_broken(challenge(R"({"type":"redirect","url":7})"));
}

TEST_F(StepTest, AStateHasALimit) {
  EXPECT_TRUE(examine(challenge(R"({"type":"code"})", std::string(32 * 1024, 'x'))));
  expect_broken(challenge(R"({"type":"code"})", std::string(32 * 1024 + 1, 'x')));
  expect_broken(challenge(R"({"type":"code"})", ""));
  expect_broken(challenge(R"({"type":"code","help":")" + std::string(16 * 1024, 'x') + "\"}"));
}

TEST_F(StepTest, NothingElseIsAChallenge) {
  expect_broken("");
  expect_broken("[]");
  expect_broken(R"({"challenge":{"type":"code"},"expires_at":1700000600})");
  expect_broken(R"({"state":"s","challenge":{"type":"code"}})");
  expect_broken(R"({"state":"s","challenge":{"type":"code"},"expires_at":-1})");
  expect_broken(R"({"state":"s","challenge":{"type":"code"},"expires_at":1700000600,"more":1})");
  expect_broken(R"({"state":"s","state":"t","challenge":{"type":"code"},"expires_at":1700000600})");
}

TEST_F(StepTest, AChallengeProvesNothing) {
  reply.identifiers = {{"email", "a@b.example", true, ""}};
  expect_broken(challenge(R"({"type":"code"})"));
}

TEST_F(StepTest, ALookupHasNoSteps) {
  reply.status = PLUGBOARD_CONTINUE;
  EXPECT_EQ(outcome_of(reply, true).reason, Reason::plugin_protocol);
}

TEST_F(StepTest, AProofMayNameTheIssuersSession) {
  const std::string proof = R"({"issuer":"i","subject":"u","assurance":"aal1","methods":[],"authenticated_at":1)";
  EXPECT_EQ(std::get<Proof>(*examine(proof + "}", PLUGBOARD_OK)).session, "");
  EXPECT_EQ(std::get<Proof>(*examine(proof + R"(,"session":"sid-7"})", PLUGBOARD_OK)).session, "sid-7");
  EXPECT_FALSE(examine(proof + R"(,"session":")" + std::string(513, 'x') + "\"}", PLUGBOARD_OK));
  EXPECT_FALSE(examine(proof + R"(,"session":7})", PLUGBOARD_OK));
}

TEST_F(StepTest, ARejectionMaySayWhomItWasTriedFor) {
  reply.identifiers = {{"phone", "+46701234567", false, ""}};
  const Authenticated rejected = examine("", PLUGBOARD_REJECTED);
  ASSERT_FALSE(rejected);
  EXPECT_TRUE(rejected.error().credential);
  ASSERT_TRUE(rejected.error().tried);
  EXPECT_EQ(*rejected.error().tried, (Identifier{"phone", "+46701234567", false, "login"}));
}

TEST_F(StepTest, ARejectionStandsWhateverIsWrongWithWhomItNames) {
  for (const std::vector<Identifier>& named :
       {std::vector<Identifier>{{"order_id", "1", false, ""}},
        std::vector<Identifier>{{"phone", "+46701234567", false, ""}, {"email", "a@b.example", false, ""}}}) {
    reply.identifiers = named;
    const Authenticated rejected = examine("", PLUGBOARD_REJECTED);
    ASSERT_FALSE(rejected);
    EXPECT_TRUE(rejected.error().credential);
    EXPECT_FALSE(rejected.error().tried);
    EXPECT_NE(why, "");
  }
}

TEST_F(StepTest, ALogoutSaysWhose) {
  const Logout both = log_out(R"({"issuer":"https://id.example","subject":"u1","session":"s1"})");
  ASSERT_TRUE(both) << why;
  EXPECT_EQ(both->issuer, "https://id.example");
  EXPECT_EQ(both->subject, "u1");
  EXPECT_EQ(both->session, "s1");
  EXPECT_TRUE(log_out(R"({"issuer":"i","session":"s1"})"));
  EXPECT_TRUE(log_out(R"({"issuer":"i","subject":"u1"})"));
}

TEST_F(StepTest, ALogoutOfNobodyIsBroken) {
  for (const char* data : {"", "[]", R"({"issuer":"i"})", R"({"subject":"u1"})", R"({"issuer":"i","subject":""})",
                           R"({"issuer":"i","subject":"u1","all":true})", R"({"issuer":"i","subject":7})"}) {
    const Logout broken = log_out(data);
    ASSERT_FALSE(broken) << data;
    EXPECT_FALSE(broken.error().credential) << data;
    EXPECT_EQ(broken.error().outcome.reason, Reason::plugin_protocol) << data;
  }
  EXPECT_FALSE(log_out(challenge(R"({"type":"code"})"), PLUGBOARD_CONTINUE));
}

TEST_F(StepTest, ARejectedLogoutIsNoFailure) {
  EXPECT_TRUE(log_out("", PLUGBOARD_REJECTED).error().credential);
  EXPECT_FALSE(log_out("", PLUGBOARD_UNREACHABLE).error().credential);
}

} // namespace
} // namespace plugboard::connector
