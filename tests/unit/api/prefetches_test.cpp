#include "core/api/prefetches.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace plugboard::api {
namespace {

const Prefetches::Owner kDesk{"shop", "desk"};

TEST(PrefetchesTest, CallsOffWhatItsOwnerNames) {
  Prefetches all;
  int first = 0, second = 0;
  const auto one = all.enter("1", kDesk, [&] { ++first; });
  const auto other = all.enter("2", kDesk, [&] { ++second; });
  all.call_off("1", {"shop", "voice"});
  all.call_off("1", {"other shop", "desk"});
  all.call_off("3", kDesk);
  EXPECT_EQ(first + second, 0);
  all.call_off("1", kDesk);
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 0);
}

TEST(PrefetchesTest, ForgetsWhatIsOver) {
  Prefetches all;
  int called = 0;
  {
    auto one = all.enter("1", kDesk, [&] { ++called; });
    Prefetches::Entry moved;
    moved = std::move(one);
    all.call_off("1", kDesk);
    EXPECT_EQ(called, 1) << "it moved, and is still under way";
  }
  all.call_off("1", kDesk);
  EXPECT_EQ(called, 1);
}

TEST(PrefetchesTest, MayBeCalledOffWhileTheyEnd) {
  Prefetches all;
  std::atomic<int> called = 0;
  std::atomic<bool> over = false;
  std::thread other([&] {
    while (!over) all.call_off("1", kDesk);
  });
  const auto enough = [&] { return called > 10; };
  for (int i = 0; i < 1000 || !enough(); ++i) {
    const auto one = all.enter("1", kDesk, [&] { ++called; });
    std::this_thread::yield();
  }
  over = true;
  other.join();
  EXPECT_TRUE(enough());
}

} // namespace
} // namespace plugboard::api
