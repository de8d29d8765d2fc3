#include "core/session/bad_tries.hpp"

#include <gtest/gtest.h>

namespace plugboard::session {
namespace {

using namespace std::chrono_literals;

constexpr Trial kVictim{"default", "login", "ada@shop.example", "192.0.2.7"};

class BadTriesTest : public testing::Test {
 protected:
  void fail(const Trial& trial, int times, Duration apart = 0s) {
    for (int i = 0; i < times; ++i, clock.advance(apart)) tries.count(trial, clock.now());
  }

  FakeClock clock;
  BadTries tries;
};

TEST_F(BadTriesTest, MakeThatPairWaitAndNobodyElse) {
  fail(kVictim, 19);
  EXPECT_EQ(tries.wait(kVictim, clock.now()), 0s);
  fail(kVictim, 1);
  EXPECT_EQ(tries.wait(kVictim, clock.now()), 1min);
  for (auto other : {Trial{"other", "login", "ada@shop.example", "192.0.2.7"},
                     Trial{"default", "sms", "ada@shop.example", "192.0.2.7"},
                     Trial{"default", "login", "bob@shop.example", "192.0.2.7"},
                     Trial{"default", "login", "ada@shop.example", "192.0.2.8"},
                     Trial{"default", "login", "ada@shop.example192.0.2.7", ""}})
    EXPECT_EQ(tries.wait(other, clock.now()), 0s);
}

TEST_F(BadTriesTest, AreForgottenAsTheyGetOld) {
  fail(kVictim, 20, 2s); // the first is 40 s old
  EXPECT_EQ(tries.wait(kVictim, clock.now()), 20s);
  clock.advance(20s);
  EXPECT_EQ(tries.wait(kVictim, clock.now()), 0s);
  fail(kVictim, 1);
  EXPECT_EQ(tries.wait(kVictim, clock.now()), 2s); // until the next of them is a minute old
}

TEST_F(BadTriesTest, NeverMatterWhenTheyAreSeldom) {
  for (int i = 0; i < 200; ++i) {
    fail(kVictim, 1);
    clock.advance(4s);
    ASSERT_EQ(tries.wait(kVictim, clock.now()), 0s);
  }
}

TEST_F(BadTriesTest, AreKeptForSoManyOnly) {
  BadTries few(2);
  for (int i = 0; i < 20; ++i) few.count(kVictim, clock.now());
  few.count({"default", "login", "bob", ""}, clock.now());
  few.count(kVictim, clock.now()); // used again: another goes first
  few.count({"default", "login", "eve", ""}, clock.now());
  EXPECT_GT(few.wait(kVictim, clock.now()), 0s);
}

} // namespace
} // namespace plugboard::session
