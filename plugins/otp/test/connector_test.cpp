// A login from its first step to its proof, and all that ends it.
#include "plugins/otp/test/setting.hpp"

#include <gmock/gmock.h>

namespace otp::test {
namespace {

using plugboard::Status;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(OtpTest, SendsACodeAndTellsTheClientOnlyWhatItNeeds) {
  const auto answer = step(kPhone);
  EXPECT_EQ(answer.status, Status::challenged);
  EXPECT_EQ(challenge_of(answer),
            R"({"type":"code","status":"sent","to":"•••• 12","digits":6,"attempts_left":5,"resends_left":2,)"
            R"("resend_after":"2027-01-15T08:00:30Z","expires_at":"2027-01-15T08:05:00Z"})");
  EXPECT_THAT(answer.data, HasSubstr("\"expires_at\":" + std::to_string(kNow + 300)));
  ASSERT_EQ(host.http().sent().size(), 1U);
  EXPECT_EQ(host.http().sent()[0].url, "https://sender.example/codes");
  EXPECT_TRUE(host.http().sent()[0].for_a_call) << "so that it ends with the call";
  EXPECT_EQ(code().size(), 6U);
}

TEST_F(OtpTest, TheRightCodeProvesWhoItIs) {
  const auto state = begin();
  const auto proof = step(typed(code()), state);
  ASSERT_EQ(proof.status, Status::ok) << proof.message;
  EXPECT_EQ(proof.data, R"({"issuer":"otp.shop.example","subject":"+46701234512","assurance":"aal1","methods":["otp"],)"
                        R"("authenticated_at":1800000000})");
  ASSERT_EQ(proof.identifiers.size(), 1U);
  EXPECT_EQ(proof.identifiers[0].type, "phone");
  EXPECT_EQ(proof.identifiers[0].value, "+46701234512");
  EXPECT_TRUE(proof.identifiers[0].verified);
}

TEST_F(OtpTest, ACodeIsReadAsItIsTyped) {
  const auto state = begin();
  const auto sent = code();
  EXPECT_EQ(step(typed(" " + sent.substr(0, 3) + "-" + sent.substr(3)), state).status, Status::ok);
}

TEST_F(OtpTest, NeitherStateNorLogHoldsTheCode) {
  for (int i = 0; i < 5; ++i) {
    const auto state = begin();
    EXPECT_THAT(state, Not(HasSubstr(code())));
    EXPECT_EQ(step(typed(wrong()), state).status, Status::challenged);
    EXPECT_FALSE(host.logged(code()));
    EXPECT_FALSE(host.logged("46701234512"));
  }
}

TEST_F(OtpTest, AWrongCodeCostsAnAttemptAndTheLastTheLogin) {
  auto state = begin();
  for (int left = 4; left > 0; --left) {
    const auto answer = step(typed(wrong()), state);
    ASSERT_EQ(answer.status, Status::challenged);
    EXPECT_THAT(challenge_of(answer), HasSubstr("\"status\":\"wrong_code\""));
    EXPECT_THAT(challenge_of(answer), HasSubstr("\"attempts_left\":" + std::to_string(left)));
    state = state_of(answer);
  }
  const auto last = step(typed(wrong()), state);
  EXPECT_EQ(last.status, Status::rejected);
  ASSERT_EQ(last.identifiers.size(), 1U) << "whom it was tried for";
  EXPECT_EQ(last.identifiers[0].type, "phone");
  EXPECT_EQ(last.identifiers[0].value, "+46701234512");
  EXPECT_THAT(last.message, Not(HasSubstr("4670")));
}

TEST_F(OtpTest, TheRightCodeIsTakenAtTheLastAttempt) {
  auto state = begin();
  for (int i = 0; i < 4; ++i) state = state_of(step(typed(wrong()), state));
  EXPECT_EQ(step(typed(code()), state).status, Status::ok);
}

TEST_F(OtpTest, WhatCanBeNoCodeIsAnAttemptToo) {
  for (const auto* credential :
       {R"({"code": ""})", R"({"code": "12345"})", R"({"code": "1234567"})", R"({"code": 123456})", R"({"code": null})",
        R"({"code": "abcdef"})", R"({"code": ["123456"]})"}) {
    const auto state = begin();
    const auto answer = step(credential, state);
    EXPECT_THAT(challenge_of(answer), HasSubstr("\"attempts_left\":4")) << credential;
    configure(config());
  }
}

TEST_F(OtpTest, AnotherStepThanTheseEndsTheLogin) {
  const auto state = begin();
  for (const auto* credential : {"{}", R"({"code": "1", "resend": true})", R"({"phone": "+46701234512"})",
                                 R"({"resend": false})", R"({"resend": 1})", R"({"pin": "123456"})"})
    EXPECT_EQ(step(credential, state).status, Status::rejected) << credential;
}

TEST_F(OtpTest, ACodeEndsWithItsTime) {
  const auto state = begin();
  unix_now += 299;
  EXPECT_EQ(step(typed(wrong()), state).status, Status::challenged);
  EXPECT_EQ(step(typed(code()), state).status, Status::ok);
  unix_now += 1;
  const auto late = step(typed(code()), state);
  EXPECT_EQ(late.status, Status::rejected);
  EXPECT_EQ(late.identifiers.size(), 1U);
}

TEST_F(OtpTest, ACodeIsGoodForItsOwnLoginOnly) {
  const auto mine = begin();
  const auto my_code = code();
  const auto other = state_of(step(R"({"phone": "+46709999999"})"));
  EXPECT_EQ(step(typed(my_code), other).status, Status::challenged) << "another recipient's login";
  const auto again = begin();
  if (code() != my_code) {
    EXPECT_EQ(step(typed(my_code), again).status, Status::challenged) << "another login of the same";
  }
  tenant = "market";
  EXPECT_EQ(step(typed(my_code), mine).status, Status::challenged) << "another tenant";
  tenant = "default";
  host.secret("sender", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  EXPECT_EQ(step(typed(my_code), mine).status, Status::challenged) << "another secret";
}

TEST_F(OtpTest, AStateThatIsNoneEndsTheLogin) {
  const auto state = begin();
  const auto good = code();
  for (const auto& forged : {std::string("x"), std::string("{}"), state.substr(0, state.size() - 1), "[" + state + "]"})
    EXPECT_EQ(step(typed(good), forged).status, Status::rejected);
  for (const auto* recipients :
       {R"({"email": {}})", R"({"phone": {"kind": "email"}})", R"({"phone": {"prefixes": ["+47"]}})"}) {
    configure(config("", recipients));
    EXPECT_EQ(step(typed(good), state).status, Status::rejected) << "begun when others were configured: " << recipients;
  }
  configure(config());
  EXPECT_EQ(step(typed(good), state).status, Status::ok);
}

TEST_F(OtpTest, TheFirstStepNamesOneRecipient) {
  for (const auto* credential :
       {"{}", R"({"phone": "0701234512"})", R"({"phone": 46701234512})", R"({"phone": null})", R"({"email": "ada"})",
        R"({"fax": "+46701234512"})", R"({"phone": "+46701234512", "email": "ada@shop.example"})",
        R"({"resend": true})", R"({"code": "123456"})", R"({"email": "ada@shop.example\r\nBcc: eve@evil.example"})"}) {
    const auto answer = step(credential);
    EXPECT_EQ(answer.status, Status::rejected) << credential;
    EXPECT_TRUE(answer.identifiers.empty()) << "there is nobody to name";
  }
  EXPECT_TRUE(host.http().sent().empty());
}

TEST_F(OtpTest, SendsOnlyToNumbersThatBeginAsConfigured) {
  configure(config("", R"({"phone": {"prefixes": ["+46", "+47"]}})"));
  EXPECT_EQ(step(R"({"phone": "+4781549300"})").status, Status::challenged);
  EXPECT_EQ(step(R"({"phone": "+4581549300"})").status, Status::rejected);
  EXPECT_EQ(host.http().sent().size(), 1U);
}

TEST_F(OtpTest, MailAddressesAreOneInAnyCase) {
  const auto state = state_of(step(R"({"email": "Ada@Shop.example"})"));
  const auto proof = step(typed(code()), state);
  EXPECT_THAT(proof.data, HasSubstr(R"("subject":"ada@shop.example")"));
  EXPECT_EQ(proof.identifiers.at(0).value, "ada@shop.example");
}

TEST_F(OtpTest, TheSubjectIsAKeyedHashWhenConfigured) {
  host.secret("subjects", std::string(32, 's'));
  configure(config(R"(, "subject_key": {"secret": "subjects"}, "assurance": "aal2")"));
  auto state = begin();
  const auto proof = step(typed(code()), state);
  EXPECT_THAT(proof.data, Not(HasSubstr("4670")));
  EXPECT_THAT(proof.data, HasSubstr("\"assurance\":\"aal2\""));
  state = begin();
  EXPECT_EQ(step(typed(code()), state).data, proof.data) << "the same customer, the same subject";
  host.secret("subjects", std::string(32, 't'));
  state = begin();
  EXPECT_NE(step(typed(code()), state).data, proof.data);
}

TEST_F(OtpTest, TypesAndSendersAreTheConfigurations) {
  configure(config("", R"({"shop.mobile": {"kind": "phone", "url": "https://sms.example/send",
                           "body": {"number": "{to}", "text": "{code}, {language}, {tenant}, {seconds} s"
}
}
})"));
  language = "sv";
  const auto answer = step(R"({"shop.mobile": "+46701234512"})");
  EXPECT_EQ(answer.status, Status::challenged);
  const auto sent = host.http().sent().at(0);
  EXPECT_EQ(sent.url, "https://sms.example/send");
  EXPECT_THAT(sent.body, HasSubstr(R"("number":"+46701234512")"));
  EXPECT_THAT(sent.body, HasSubstr(", sv, default, 300 s\""));
}

} // namespace
} // namespace otp::test
