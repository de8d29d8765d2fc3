// A thousand times two minutes of who asks through kept and shared answers; five thousand are the promise S11.
// PLUGBOARD_SEED=N runs one seed again; PLUGBOARD_SEEDS=N that many.
#include "tests/simulation/kept_world.hpp"
#include "tests/simulation/seeds.hpp"

#include <gtest/gtest.h>

namespace plugboard::context {
namespace {

TEST(KeptSimulation, KeepsItsPromisesFromEverySeed) {
  const test::Seeds seeds(1'000);
  KeptGround ground;
  KeptWorld::Seen seen;
  for (auto seed = seeds.first; seed <= seeds.last; ++seed) {
    KeptWorld world(seed, KeptMutant::none, ground);
    ASSERT_EQ(world.run(), "");
    const auto& its = world.seen();
    seen.asked += its.asked;
    seen.calls += its.calls;
    seen.cached += its.cached;
    seen.shared += its.shared;
    seen.stale += its.stale;
    seen.left += its.left;
    seen.purges += its.purges;
  }
  if (seeds.only_one) return;
  for (const auto many : {seen.calls, seen.cached, seen.shared, seen.left, seen.purges})
    EXPECT_GT(many, seeds.last) << "too little happened for this to mean anything";
  EXPECT_GT(seen.stale, seeds.last / 10);
  std::printf("%lu runs: %lu asked, %lu calls, %lu kept, %lu shared, %lu stale, %lu left, %lu purges\n", seeds.last,
              seen.asked, seen.calls, seen.cached, seen.shared, seen.stale, seen.left, seen.purges);
}

class PlantedKeepingBug : public ::testing::TestWithParam<KeptMutant> {};

TEST_P(PlantedKeepingBug, IsFoundAndItsSeedShowsItAgain) {
  KeptGround ground;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const auto broken = KeptWorld(seed, GetParam(), ground).run();
    if (broken.empty()) continue;
    EXPECT_EQ(KeptWorld(seed, KeptMutant::none, ground).run(), "") << "without the bug";
    for (int again = 0; again < 20; ++again) ASSERT_EQ(KeptWorld(seed, GetParam(), ground).run(), broken);
    std::printf("found: %s\n", broken.c_str());
    return;
  }
  FAIL() << "three hundred seeds did not show it";
}

INSTANTIATE_TEST_SUITE_P(Each, PlantedKeepingBug,
                         ::testing::Values(KeptMutant::forgets_whom, KeptMutant::forgets_the_actor,
                                           KeptMutant::takes_any_age, KeptMutant::keeps_longer,
                                           KeptMutant::never_purges, KeptMutant::gives_stale_forever,
                                           KeptMutant::asks_alone, KeptMutant::waits_on, KeptMutant::leaves_the_call,
                                           KeptMutant::goes_on_after_close));

} // namespace
} // namespace plugboard::context
