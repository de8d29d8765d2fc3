// S11: the hub's machines depend on nothing but what they are given. Thousands of seeds, each a minute of forty systems
// with every fault and two of kept and shared answers; and each bug that is planted is found by a seed that shows it
// again, twenty times of twenty, and nothing without it.
#include "tests/reliability/promise.hpp"
#include "tests/simulation/calm_world.hpp"
#include "tests/simulation/kept_world.hpp"

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>

namespace plugboard::test {
namespace {

using context::CalmWorld;
using context::KeptGround;
using context::KeptMutant;
using context::KeptWorld;
using context::Mutant;

constexpr std::uint64_t kPatience = 300; // seeds, until a planted bug has been found
constexpr int kAgain = 20;

// run: of a seed; what promise it broke. Returns the seed that found it.
template <class Run>
void show_bug(Showing& showing, const std::string& name, const Run& run) {
  for (std::uint64_t i = 0; i < kPatience; ++i) {
    const auto seed = showing.seed + i;
    const std::string broken = run(seed, true);
    if (broken.empty()) continue;
    int same = 0;
    for (int again = 0; again < kAgain; ++again) same += run(seed, true) == broken ? 1 : 0;
    showing.count("bugs");
    showing.holds(same == kAgain, name + ": seed " + std::to_string(seed) + " shows it " + std::to_string(same) +
                                      " times of " + std::to_string(kAgain));
    showing.holds(run(seed, false).empty(), name + ": seed " + std::to_string(seed) + " is broken without it");
    return;
  }
  showing.fail(name + " was not found by " + std::to_string(kPatience) + " seeds");
}

void show_bugs(Showing& showing) {
  KeptGround ground;
  for (auto bug = Mutant::retries_after_close; bug <= Mutant::comes_too_soon;
       bug = static_cast<Mutant>(static_cast<int>(bug) + 1))
    show_bug(showing, "planted bug " + std::to_string(static_cast<int>(bug)) + " of calls",
             [&](std::uint64_t seed, bool planted) { return CalmWorld(seed, planted ? bug : Mutant::none).run(); });
  for (auto bug = KeptMutant::forgets_whom; bug <= KeptMutant::goes_on_after_close;
       bug = static_cast<KeptMutant>(static_cast<int>(bug) + 1))
    show_bug(showing, "planted bug " + std::to_string(static_cast<int>(bug)) + " of kept answers",
             [&](std::uint64_t seed, bool planted) {
               return KeptWorld(seed, planted ? bug : KeptMutant::none, ground).run();
             });
}

// As many threads as there are cores: worlds have nothing in common.
void show_seeds(Showing& showing, std::uint64_t seeds) {
  std::atomic<std::uint64_t> next{0};
  std::atomic<std::int64_t> calls{0};
  const auto work = [&] {
    KeptGround ground;
    for (auto i = next++; i < seeds; i = next++) {
      CalmWorld calm(showing.seed + i, Mutant::none);
      KeptWorld kept(showing.seed + i, KeptMutant::none, ground);
      for (const auto& broken : {calm.run(), kept.run()}) showing.holds(broken.empty(), broken);
      calls += static_cast<std::int64_t>(calm.seen().calls + kept.seen().calls);
    }
  };
  std::vector<std::jthread> threads;
  const auto cores = std::clamp(std::thread::hardware_concurrency(), 1u, 4u);
  for (unsigned i = 0; i < cores; ++i) threads.emplace_back(work);
  threads.clear();
  showing.count("calls", calls);
}

std::string show(Showing& showing) {
  const std::uint64_t seeds = showing.full ? 100'000 : 5'000;
  show_bugs(showing);
  show_seeds(showing, seeds);
  return std::to_string(seeds) + " seeds of a minute of forty systems and two of kept answers, " +
         std::to_string(showing.counted("calls")) + " calls: nothing broken; " +
         std::to_string(showing.counted("bugs")) + " planted bugs found, each shown again " + std::to_string(kAgain) +
         " times of " + std::to_string(kAgain);
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "S11", plugboard::test::show);
}
