#include "core/context/kept_answers.hpp"

#include "tests/unit/context/asked_things.hpp"

#include <gtest/gtest.h>

namespace plugboard::context {
namespace {

using testing::AskedThing;
using testing::source_of;

class KeptAnswersTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kMost = std::size_t{1} << 20;

  AskedThing customer(std::uint64_t n) {
    AskedThing thing;
    thing.identifiers[0].value = "customer-" + std::to_string(n) + "@example.com";
    return thing;
  }

  bool keep(std::uint64_t n, std::size_t size = 1'000) {
    KeptAnswer answer;
    answer.outcome.data = std::string(size, 'x');
    answer.outcome.data.share();
    answer.keep_until = Instant::max();
    const auto thing = customer(n);
    return kept.keep(hash(n), AnswerKey(thing.question(source)), std::move(answer), {1});
  }

  std::uint64_t hash(std::uint64_t n) { return hash_of(customer(n).question(source), 7); }

  bool has(std::uint64_t n) { return kept.find(hash(n), customer(n).question(source), 1) != nullptr; }

  Metrics metrics;
  AnswerSourcePtr source = source_of({}, metrics, 7);
  KeptAnswers kept{kMost};
};

TEST_F(KeptAnswersTest, NeverTakesMoreThanItsBytes) {
  SeededRandom random(3);
  for (int i = 0; i < 5'000; ++i) {
    keep(random.below(3'000), random.below(20'000));
    if (random.below(2) == 0) has(random.below(3'000));
    ASSERT_LE(kept.bytes(), kMost);
  }
  EXPECT_GT(kept.evictions(), 0u);
}

TEST_F(KeptAnswersTest, RefusesWhatWouldDriveOutTooMuch) {
  keep(1);
  EXPECT_FALSE(keep(2, kMost / 4));
  EXPECT_TRUE(has(1));
  EXPECT_FALSE(has(2));
}

TEST_F(KeptAnswersTest, KeepsWhatIsAskedForOftenThroughAScan) {
  constexpr std::uint64_t kHot = 100;
  for (int round = 0; round < 3; ++round)
    for (std::uint64_t n = 0; n < kHot; ++n)
      if (!has(n)) keep(n);
  for (std::uint64_t n = 0; n < 50'000; ++n) keep(1'000 + n); // each customer once
  std::size_t still = 0;
  for (std::uint64_t n = 0; n < kHot; ++n) still += has(n);
  EXPECT_EQ(still, kHot);
}

TEST_F(KeptAnswersTest, TakesBackTheRoomOfWhatIsDropped) {
  for (std::uint64_t n = 0; n < 200; ++n) keep(n);
  EXPECT_EQ(kept.entries(), 200u);
  EXPECT_EQ(kept.drop_if([](const auto&) { return true; }), 200u);
  EXPECT_EQ(kept.entries(), 0u);
  EXPECT_EQ(kept.bytes(), 0u);
}

} // namespace
} // namespace plugboard::context
