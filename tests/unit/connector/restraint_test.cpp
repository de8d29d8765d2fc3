#include "core/connector/restraint.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace plugboard::connector {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class RestraintTest : public ::testing::Test {
 protected:
  Restraint::Entry enter(std::uint64_t call) { return restraint.enter(ward, "", {now + seconds(1), 0, call}, now); }

  Restraint::Left leave(Symptom symptom = Symptom::answered) {
    return restraint.leave(ward, {0, symptom, false, false, now}, now);
  }

  SeededRandom random{1};
  Restraint restraint{SteadyRules{}, 1, 2, random};
  Restraint::Ward& ward = restraint.ward_of("default");
  Instant now{seconds(1000)};
};

TEST_F(RestraintTest, GivesThePlaceOfWhoLeavesToWhoWaits) {
  EXPECT_EQ(enter(1).way, Restraint::Way::admitted);
  EXPECT_EQ(enter(2).way, Restraint::Way::admitted);
  EXPECT_EQ(enter(3).way, Restraint::Way::waits);
  const auto left = leave();
  ASSERT_EQ(left.next.size(), 1U);
  EXPECT_EQ(left.next[0].call, 3U);
  EXPECT_EQ(enter(4).way, Restraint::Way::waits) << "its place is taken";
}

TEST_F(RestraintTest, FindsAPlaceForAProbeWhereNoneIsFree) {
  for (int i = 0; i < 2; ++i) enter(1);
  for (int i = 0; i < 10; ++i) restraint.leave(ward, {0, Symptom::failed, true, false, now, false}, now += seconds(1));
  EXPECT_EQ(enter(1).way, Restraint::Way::broken);
  now += seconds(2);
  const auto entry = enter(1);
  EXPECT_EQ(entry.way, Restraint::Way::admitted);
  EXPECT_TRUE(entry.probe);
}

TEST_F(RestraintTest, RefusesWhoWouldWaitBeyondTheDeadline) {
  for (int i = 0; i < 20; ++i) { // half a second each
    enter(1);
    restraint.leave(ward, {0, Symptom::answered, false, false, now - milliseconds(500)}, now += milliseconds(50));
  }
  for (std::uint64_t call = 1; call <= 2; ++call) enter(call);
  std::uint64_t waiting = 0;
  while (waiting < 100 && enter(3 + waiting).way == Restraint::Way::waits) ++waiting;
  EXPECT_GE(waiting, 2U);
  EXPECT_LE(waiting, 8U) << "two at a time, half a second each, one second left";
}

TEST_F(RestraintTest, SharesOneWardAmongThoseBeyondAThousand) {
  for (int i = 0; i < 2000; ++i) static_cast<void>(restraint.ward_of("t" + std::to_string(i)));
  EXPECT_EQ(&restraint.ward_of("another"), &restraint.ward_of("and another"));
  EXPECT_EQ(&restraint.ward_of("default"), &ward);
}

// From several threads at once: never more in than may be, and in the end nobody is.
TEST(RestraintThreads, KeepItsPlaces) {
  SeededRandom random(1);
  constexpr std::size_t kPlaces = 3;
  Restraint restraint(SteadyRules{}, 1, kPlaces, random);
  std::atomic<std::size_t> inside = 0, most = 0, served = 0;
  const Instant now{seconds(1000)};
  const auto work = [&](std::uint64_t thread) {
    auto& ward = restraint.ward_of("t" + std::to_string(thread % 2));
    std::size_t in = 0; // places that this thread holds, whoever they are for
    const auto note = [&] {
      ++in;
      const auto together = ++inside;
      for (auto before = most.load(); before < together && !most.compare_exchange_weak(before, together);) {}
    };
    for (std::uint64_t i = 0; i < 3000 || in > 0; ++i) {
      if (i < 3000 && restraint.enter(ward, "", {now + seconds(1), thread, i}, now).way == Restraint::Way::admitted)
        note();
      if (in == 0) continue;
      --in;
      --inside;
      ++served;
      const auto left = restraint.leave(ward, {0, Symptom::answered, false, false, now}, now);
      for (std::size_t n = 0; n < left.next.size(); ++n) note();
    }
  };
  std::vector<std::thread> threads;
  for (std::uint64_t i = 0; i < 4; ++i) threads.emplace_back(work, i);
  for (auto& thread : threads) thread.join();
  EXPECT_LE(most, kPlaces);
  EXPECT_GT(served, 3000U);
  EXPECT_EQ(restraint.now(now, {}).running, 0U);
  EXPECT_EQ(restraint.now(now, {}).waiting, 0U);
}

} // namespace
} // namespace plugboard::connector
