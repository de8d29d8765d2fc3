#include "core/api/session_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plugboard::api {
namespace {

WallTime at(std::int64_t seconds) {
  return WallTime(std::chrono::seconds(seconds));
}

session::Session ada() {
  session::Session session;
  session.id = "0197f7a0-0000-7000-8000-000000000001";
  session.customer = "cus_ada";
  session.identifiers = {{"email", "ada@shop.example", true, "login"}};
  session::Authentication login;
  login.assurance = Assurance::aal1;
  login.methods = {"jwt", "otp"};
  login.at = at(1767225600);
  login.expires_at = at(1767229200);
  session.authentications = {login};
  session.expires_at = at(1767229200);
  return session;
}

TEST(SessionPageTest, GivesANewSessionWithItsToken) {
  EXPECT_EQ(
      session_page(ada(), at(1767225601), "pbs_secret"),
      R"({"session":"pbs_secret","id":"0197f7a0-0000-7000-8000-000000000001",)"
      R"("customer":{"id":"cus_ada","identifiers":[{"type":"email","value":"ada@shop.example","verified":true,"source":"login"}]},)"
      R"("assurance":"aal1","methods":["jwt","otp"],"authenticated_at":"2026-01-01T00:00:00.000Z","expires_at":"2026-01-01T01:00:00.000Z"})");
}

TEST(SessionPageTest, IntrospectsWithoutTheToken) {
  auto page = session_page(ada(), at(1767225601), {});
  EXPECT_THAT(page, testing::StartsWith(R"({"active":true,"id":)"));
  EXPECT_THAT(page, testing::Not(testing::HasSubstr("\"session\"")));
}

connector::Proof proof() {
  connector::Proof proof;
  proof.issuer = "chat.shop.example";
  proof.subject = "u-1";
  proof.assurance = "aal2";
  proof.methods = {"jwt"};
  proof.authenticated_at = 1000;
  proof.expires_at = 5000;
  proof.identifiers = {{"email", "ada@shop.example", true, "login"}};
  return proof;
}

TEST(ProvedTest, TakesOverWhatThePluginProved) {
  auto proved = proved_from(proof(), "default", at(2000));
  EXPECT_EQ(proved.tenant, "default");
  EXPECT_EQ(proved.issuer, "chat.shop.example");
  EXPECT_EQ(proved.subject, "u-1");
  EXPECT_EQ(proved.assurance, Assurance::aal2);
  EXPECT_EQ(proved.authenticated_at, at(1000));
  EXPECT_EQ(proved.expires_at, at(5000));
  EXPECT_THAT(proved.identifiers, testing::ElementsAre(Identifier{"email", "ada@shop.example", true, "login"}));
}

TEST(ProvedTest, BringsTimesFromTheFutureBackToNow) {
  EXPECT_EQ(proved_from(proof(), "default", at(900)).authenticated_at, at(900));
}

TEST(ProvedTest, HasNoEndOfItsOwnWhenTheProofHasNone) {
  auto endless = proof();
  endless.expires_at.reset();
  EXPECT_FALSE(proved_from(endless, "default", at(2000)).expires_at);
}

// Assurance that is no word of ours counts as none at all.
TEST(ProvedTest, GivesNothingForAnAssuranceItDoesNotKnow) {
  auto odd = proof();
  odd.assurance = "platinum";
  EXPECT_EQ(proved_from(odd, "default", at(2000)).assurance, Assurance::none);
}

} // namespace
} // namespace plugboard::api
