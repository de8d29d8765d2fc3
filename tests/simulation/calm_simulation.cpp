// Five thousand minutes of forty systems with every fault. PLUGBOARD_SEED=N runs one seed again; PLUGBOARD_SEEDS=N that
// many. In parts, which run beside each other.
#include "tests/simulation/calm_world.hpp"
#include "tests/simulation/seeds.hpp"

#include <gtest/gtest.h>

namespace plugboard::context {
namespace {

constexpr std::uint64_t kParts = 4;

class CalmSimulation : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(CalmSimulation, KeepsItsPromisesFromEverySeed) {
  const test::Seeds seeds(5'000);
  CalmWorld::Seen seen;
  std::uint64_t runs = 0;
  for (auto seed = seeds.first + (seeds.only_one ? 0 : GetParam()); seed <= seeds.last; seed += kParts, ++runs) {
    CalmWorld world(seed, Mutant::none);
    const auto broken = world.run();
    ASSERT_EQ(broken, "");
    const auto& its = world.seen();
    seen.calls += its.calls;
    seen.retries += its.retries;
    seen.hedges += its.hedges;
    seen.probes += its.probes;
    seen.opened += its.opened;
    seen.waited += its.waited;
    seen.ok += its.ok;
  }
  if (seeds.only_one) return;
  for (const auto many : {seen.retries, seen.hedges, seen.probes, seen.opened, seen.waited})
    EXPECT_GT(many, runs) << "too little happened for this to mean anything";
  EXPECT_GT(seen.ok, runs * 100);
  RecordProperty("calls", std::to_string(seen.calls));
  std::printf("%lu runs: %lu calls, %lu retries, %lu hedges, %lu probes, opened %lu times, %lu waited, %lu ok\n", runs,
              seen.calls, seen.retries, seen.hedges, seen.probes, seen.opened, seen.waited, seen.ok);
}

INSTANTIATE_TEST_SUITE_P(Part, CalmSimulation, ::testing::Range<std::uint64_t>(0, kParts));

class PlantedBug : public ::testing::TestWithParam<Mutant> {};

// The simulation would see it, soon; and its seed shows it again, each time.
TEST_P(PlantedBug, IsFoundAndItsSeedShowsItAgain) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const auto broken = CalmWorld(seed, GetParam()).run();
    if (broken.empty()) continue;
    EXPECT_EQ(CalmWorld(seed, Mutant::none).run(), "") << "without the bug";
    for (int again = 0; again < 20; ++again) ASSERT_EQ(CalmWorld(seed, GetParam()).run(), broken);
    std::printf("found: %s\n", broken.c_str());
    return;
  }
  FAIL() << "three hundred seeds did not show it";
}

INSTANTIATE_TEST_SUITE_P(Each, PlantedBug,
                         ::testing::Values(Mutant::retries_after_close, Mutant::hedges_for_nothing,
                                           Mutant::ignores_the_breaker, Mutant::keeps_the_place,
                                           Mutant::answers_another, Mutant::comes_too_soon));

} // namespace
} // namespace plugboard::context
