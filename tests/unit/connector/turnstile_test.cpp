#include "core/connector/turnstile.hpp"

#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace plugboard::connector {
namespace {

TEST(TurnstileTest, LetsInAsManyAsThereArePlaces) {
  Turnstile turnstile(2);
  EXPECT_TRUE(turnstile.enter({0, 1}).admitted);
  EXPECT_TRUE(turnstile.enter({0, 2}).admitted);
  const auto third = turnstile.enter({0, 3});
  EXPECT_FALSE(third.admitted);
  EXPECT_NE(third.ticket, 0U);
  EXPECT_EQ(turnstile.running(), 2U);
  EXPECT_EQ(turnstile.waiting(), 1U);
}

TEST(TurnstileTest, AFreedPlaceGoesToWhoWaitedLongest) {
  Turnstile turnstile(1);
  turnstile.enter({0, 1});
  turnstile.enter({1, 2});
  turnstile.enter({2, 3});
  const auto next = turnstile.leave();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->home, 1U);
  EXPECT_EQ(next->call, 2U);
  EXPECT_EQ(turnstile.running(), 1U);
}

TEST(TurnstileTest, TheLineIsBounded) {
  Turnstile small(1), large(100);
  small.enter({});
  for (int i = 0; i < 64; ++i) EXPECT_NE(small.enter({}).ticket, 0U);
  EXPECT_EQ(small.enter({}).ticket, 0U);
  EXPECT_EQ(large.most_waiting(), 400U);
}

TEST(TurnstileTest, WhoGivesUpIsNotLetIn) {
  Turnstile turnstile(1);
  turnstile.enter({0, 1});
  const auto second = turnstile.enter({0, 2});
  turnstile.enter({0, 3});
  EXPECT_TRUE(turnstile.give_up(second.ticket));
  EXPECT_FALSE(turnstile.give_up(second.ticket));
  EXPECT_EQ(turnstile.leave()->call, 3U);
  EXPECT_FALSE(turnstile.leave());
  EXPECT_EQ(turnstile.running(), 0U);
}

// Whoever waits is let in by somebody who leaves, whatever the interleaving: nobody is forgotten.
TEST(TurnstileTest, NobodyIsForgottenUnderContention) {
  constexpr int kThreads = 4, kRounds = 5'000;
  Turnstile turnstile(2);
  std::atomic<int> inside = 0, most = 0, served = 0;
  const auto serve = [&] {
    for (bool another = true; another;) { // the place is ours, and then that of whom it goes to
      int now = ++inside;
      for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {}
      --inside;
      ++served;
      another = turnstile.leave().has_value();
    }
  };
  std::vector<std::thread> threads;
  std::atomic<int> refused = 0;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < kRounds; ++i) {
        const auto entry = turnstile.enter({0, 1});
        if (entry.admitted)
          serve();
        else if (entry.ticket == 0)
          ++refused;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(served + refused, kThreads * kRounds);
  EXPECT_LE(most, 2);
  EXPECT_EQ(turnstile.running(), 0U);
  EXPECT_EQ(turnstile.waiting(), 0U);
}

} // namespace
} // namespace plugboard::connector
