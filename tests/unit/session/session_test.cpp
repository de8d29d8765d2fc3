#include "core/session/session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plugboard::session {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow{Duration(1'767'225'600'000'000'000)};

Authentication proof(Assurance assurance, Duration ago, Duration left, std::vector<std::string> methods) {
  Authentication one;
  one.assurance = assurance;
  one.methods = std::move(methods);
  one.at = kNow - ago;
  one.expires_at = kNow + left;
  return one;
}

Session stepped_up() {
  Session session;
  session.authentications = {proof(Assurance::aal1, 1h, 11h, {"pwd"}),
                             proof(Assurance::aal2, 10min, 5min, {"pwd", "otp"})};
  return session;
}

TEST(SessionTest, IsAsSureAsTheBestProofThatStillCounts) {
  const Session session = stepped_up();
  EXPECT_EQ(session.assurance_at(kNow), Assurance::aal2);
  EXPECT_EQ(session.assurance_at(kNow + 5min - 1ns), Assurance::aal2);
  EXPECT_EQ(session.assurance_at(kNow + 5min), Assurance::aal1);
  EXPECT_EQ(session.assurance_at(kNow + 11h), Assurance::none);
  EXPECT_EQ(Session().assurance_at(kNow), Assurance::none);
}

TEST(SessionTest, SaysWhenAtLeastAnAssuranceWasLastProved) {
  const Session session = stepped_up();
  EXPECT_EQ(session.proved_at(Assurance::aal1, kNow), kNow - 10min); // the higher proves the lower, too
  EXPECT_EQ(session.proved_at(Assurance::aal2, kNow), kNow - 10min);
  EXPECT_EQ(session.proved_at(Assurance::aal3, kNow), std::nullopt);
  EXPECT_EQ(session.proved_at(Assurance::aal1, kNow + 5min), kNow - 1h);
  EXPECT_EQ(session.proved_at(Assurance::aal2, kNow + 5min), std::nullopt);
}

TEST(SessionTest, NamesTheIssuerOfTheLogin) {
  Session session = stepped_up();
  session.authentications[0].issuer = "https://a-name-too-long-to-be-kept-in-place.example";
  session.authentications[1].issuer = "otp";
  EXPECT_EQ(session.issuer().data(), session.authentications[0].issuer.data());
  EXPECT_EQ(Session().issuer(), "");
}

TEST(SessionTest, NamesEachMethodThatStillCountsOnce) {
  EXPECT_THAT(stepped_up().methods_at(kNow), testing::ElementsAre("pwd", "otp"));
  EXPECT_THAT(stepped_up().methods_at(kNow + 5min), testing::ElementsAre("pwd"));
}

} // namespace
} // namespace plugboard::session
