// A provider's word that a login is over.
#include "plugins/oidc/test/fake_provider.hpp"

#include <gtest/gtest.h>

namespace oidc::test {
namespace {

using plugboard::Status;

class LogoutTest : public ::testing::Test {
 protected:
  plugboard::testkit::Answer log_out(const Claims& changed = {}, std::string_view typ = "logout+jwt") {
    Claims claims = setting.provider.logout_claims();
    for (const auto& [name, value] : changed) claims[name] = value;
    return send(setting.provider.sign(claims, typ));
  }

  plugboard::testkit::Answer send(const std::string& token) {
    return setting.running->logout({.credential = R"({"logout_token":")" + token + "\"}"}).wait();
  }

  Setting setting;
};

TEST_F(LogoutTest, SaysWhoseLoginIsOver) {
  const auto both = log_out();
  ASSERT_EQ(both.status, Status::ok) << both.message;
  EXPECT_EQ(both.data, R"({"issuer":"https://id.example","subject":"cust-7","session":"session-1"})");
  EXPECT_EQ(log_out({{"jti", "\"2\""}, {"sub", ""}}).data, R"({"issuer":"https://id.example","session":"session-1"})");
  EXPECT_EQ(log_out({{"jti", "\"3\""}, {"sid", ""}}).data, R"({"issuer":"https://id.example","subject":"cust-7"})");
}

TEST_F(LogoutTest, IsTakenOnce) {
  EXPECT_EQ(log_out().status, Status::ok);
  EXPECT_EQ(log_out().status, Status::rejected);
  EXPECT_EQ(log_out({{"jti", "\"logout-2\""}}).status, Status::ok);
}

TEST_F(LogoutTest, EveryWayToBeNoneIsRefused) {
  const std::pair<const char*, Claims> wrong[] = {
      {"another issuer's", {{"iss", "\"https://evil.example\""}}},
      {"for another", {{"aud", "\"other\""}}},
      {"for nobody", {{"aud", ""}}},
      {"no time", {{"iat", ""}}},
      {"of the future", {{"iat", std::to_string(kNow + 90)}}},
      {"old", {{"iat", std::to_string(kNow - 700)}}},
      {"expired", {{"exp", std::to_string(kNow - 70)}}},
      {"never expires", {{"exp", ""}}},
      {"no name", {{"jti", ""}}},
      {"a name that is none", {{"jti", "7"}}},
      {"of nobody", {{"sub", ""}, {"sid", ""}}},
      {"of a number", {{"sub", "7"}}},
      {"no event", {{"events", ""}}},
      {"another event", {{"events", R"({"http://schemas.openid.net/event/other":{}})"}}},
      {"an event that is none", {{"events", R"({"http://schemas.openid.net/event/backchannel-logout":true})"}}},
      {"events in a list", {{"events", R"(["http://schemas.openid.net/event/backchannel-logout"])"}}},
      {"with a nonce", {{"nonce", "\"n\""}}},
  };
  for (const auto& [what, claims] : wrong) EXPECT_EQ(log_out(claims).status, Status::rejected) << what;
  EXPECT_EQ(log_out().status, Status::ok) << "none of them took the name of this one";
}

TEST_F(LogoutTest, SaysInItsTypeWhatItIs) {
  for (const char* typ : {"", "JWT", "at+jwt", "secevent+jwt"})
    EXPECT_EQ(log_out({}, typ).status, Status::rejected) << typ;
  EXPECT_EQ(log_out({}, "application/logout+jwt").status, Status::ok);
}

TEST_F(LogoutTest, AnIdTokenIsNone) {
  EXPECT_EQ(send(setting.provider.sign(setting.provider.id_claims())).status, Status::rejected);
}

TEST_F(LogoutTest, AStrangersIsNone) {
  setting.provider.jwks = jwt::test::jwks({key_b().jwk(R"("kid":"a")")});
  EXPECT_EQ(log_out().status, Status::rejected);
}

TEST_F(LogoutTest, IsTheOnlyMember) {
  for (const char* credential : {"{}", "[]", R"({"logout_token":7})", R"({"logout_token":"x","more":1})"})
    EXPECT_EQ(setting.running->logout({.credential = credential}).wait().status, Status::rejected) << credential;
}

TEST(OldLogoutTest, MayComeWithoutATypeWhereTheOperatorSaysSo) {
  Setting setting(R"(,"untyped_logout_tokens":true)");
  const auto send = [&](const Claims& claims) {
    return setting.running->logout({.credential = R"({"logout_token":")" + setting.provider.sign(claims) + "\"}"})
        .wait()
        .status;
  };
  EXPECT_EQ(send(setting.provider.logout_claims()), Status::ok);
  EXPECT_EQ(send(setting.provider.id_claims()), Status::rejected);
}

TEST(SeenTest, ForgetsWhatCanNotComeAgain) {
  Seen seen(2);
  EXPECT_EQ(seen.take("a", 100, 50), Seen::Answer::fresh);
  EXPECT_EQ(seen.take("b", 200, 50), Seen::Answer::fresh);
  EXPECT_EQ(seen.take("a", 100, 100), Seen::Answer::again);
  EXPECT_EQ(seen.take("c", 200, 100), Seen::Answer::full) << "rather than forget one that could come again";
  EXPECT_EQ(seen.take("c", 200, 101), Seen::Answer::fresh);
  EXPECT_EQ(seen.take("b", 200, 101), Seen::Answer::again);
}

} // namespace
} // namespace oidc::test
