#include "core/connector/call_table.hpp"

#include <gtest/gtest.h>
#include <set>
#include <thread>

namespace plugboard::connector {
namespace {

std::shared_ptr<OpenCall> call(std::size_t home = 0) {
  auto made = std::make_shared<OpenCall>(LookupRequest{}, SectionSpec{}, nullptr);
  made->home = home;
  return made;
}

TEST(CallTableTest, AHandleFindsItsCall) {
  CallTable table(3);
  const auto first = call(0), second = call(2);
  plugboard_call* a = table.put(first);
  plugboard_call* b = table.put(second);
  EXPECT_NE(a, nullptr);
  EXPECT_NE(a, b);
  EXPECT_EQ(table.find(a).call, first);
  EXPECT_EQ(table.find(b).call, second);
  EXPECT_EQ(table.size(), 2U);
}

TEST(CallTableTest, IsTakenOnceAndStaleFromThenOn) {
  CallTable table(1);
  plugboard_call* handle = table.put(call());
  EXPECT_NE(table.take(handle).call, nullptr);
  EXPECT_EQ(table.take(handle).call, nullptr);
  EXPECT_EQ(table.take(handle).miss, CallTable::Miss::stale);
  EXPECT_EQ(table.find(handle).miss, CallTable::Miss::stale);
  EXPECT_EQ(table.size(), 0U);
}

TEST(CallTableTest, AnOldHandleDoesNotFindTheNextCallInItsSlot) {
  CallTable table(1);
  plugboard_call* old = table.put(call());
  table.take(old);
  const auto next = call();
  plugboard_call* fresh = table.put(next);
  EXPECT_NE(fresh, old);
  EXPECT_EQ(table.take(old).miss, CallTable::Miss::stale);
  EXPECT_EQ(table.find(fresh).call, next);
}

TEST(CallTableTest, NumbersThatNeverWereHandlesFindNothing) {
  CallTable table(2);
  plugboard_call* handle = table.put(call());
  const auto number = reinterpret_cast<std::uintptr_t>(handle);
  std::uintptr_t rubbish[] = {0,
                              1,
                              2,
                              255,
                              256,
                              number + 1,
                              number + 256,
                              number + (std::uintptr_t{1} << 40),
                              ~std::uintptr_t{0},
                              reinterpret_cast<std::uintptr_t>(&table)};
  for (const std::uintptr_t one : rubbish) {
    const auto found = table.take(reinterpret_cast<plugboard_call*>(one));
    EXPECT_EQ(found.call, nullptr) << one;
    EXPECT_EQ(found.miss, CallTable::Miss::unknown) << one;
  }
  EXPECT_NE(table.take(handle).call, nullptr);
}

TEST(CallTableTest, HandlesNeverRepeat) {
  CallTable table(1);
  std::set<plugboard_call*> seen;
  for (int i = 0; i < 1000; ++i) {
    plugboard_call* handle = table.put(call());
    EXPECT_TRUE(seen.insert(handle).second);
    table.take(handle);
  }
}

TEST(CallTableTest, OfManyThreadsOneTakesTheCall) {
  CallTable table(1);
  for (int round = 0; round < 200; ++round) {
    plugboard_call* handle = table.put(call());
    std::atomic<int> taken = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { taken += table.take(handle).call != nullptr ? 1 : 0; });
    for (auto& thread : threads) thread.join();
    ASSERT_EQ(taken, 1);
  }
}

} // namespace
} // namespace plugboard::connector
