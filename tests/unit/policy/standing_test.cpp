#include "core/policy/standing.hpp"

#include <gtest/gtest.h>

namespace plugboard::policy {
namespace {

using std::chrono::seconds;

TEST(StandingTest, MeetsWhatWasProvedAndAllBelow) {
  const auto standing = Standing::of(Assurance::aal2);
  EXPECT_TRUE(standing.meets({Assurance::aal1}));
  EXPECT_TRUE(standing.meets({Assurance::aal2}));
  EXPECT_FALSE(standing.meets({Assurance::aal3}));
}

TEST(StandingTest, GoesByTheAgeOfTheProofThatIsEnough) {
  Standing standing;
  standing.proved(Assurance::aal1, seconds(1000));
  standing.proved(Assurance::aal2, seconds(100));
  EXPECT_TRUE(standing.meets({Assurance::aal1, seconds(100)})); // who proved more has proved this, too
  EXPECT_TRUE(standing.meets({Assurance::aal2, seconds(100)}));
  EXPECT_FALSE(standing.meets({Assurance::aal2, seconds(99)}));
  EXPECT_EQ(standing.assurance(), Assurance::aal2);
}

TEST(StandingTest, KeepsTheLatestOfTwoProofs) {
  Standing standing;
  standing.proved(Assurance::aal2, seconds(100));
  standing.proved(Assurance::aal2, seconds(1000));
  EXPECT_TRUE(standing.meets({Assurance::aal2, seconds(100)}));
}

TEST(StandingTest, MeetsNothingButNoneWhereNothingWasProved) {
  EXPECT_TRUE(Standing().meets({Assurance::none}));
  EXPECT_FALSE(Standing().meets({Assurance::none, seconds(1)}));
  EXPECT_FALSE(Standing().meets({Assurance::asserted}));
}

} // namespace
} // namespace plugboard::policy
