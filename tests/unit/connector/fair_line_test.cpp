#include "core/connector/fair_line.hpp"

#include "core/base/random.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

namespace plugboard::connector {
namespace {

using std::chrono::seconds;

class FairLineTest : public ::testing::Test {
 protected:
  FairLine::Joined join(const std::string& tenant, const std::string& actor, std::uint64_t call,
                        Duration left = seconds(10)) {
    return line.join(tenant, actor, {now + left, 0, call});
  }

  std::uint64_t next() {
    const auto waiter = line.next(now);
    return waiter ? waiter->call : 0;
  }

  Instant now{seconds(1000)};
  FairLine line{10};
};

TEST_F(FairLineTest, ServesInTurn) {
  for (std::uint64_t i = 1; i <= 3; ++i) join("a", "x", i);
  for (std::uint64_t i = 1; i <= 3; ++i) EXPECT_EQ(next(), i);
  EXPECT_EQ(next(), 0U);
}

TEST_F(FairLineTest, LetsTenantsTakeTurns) {
  for (std::uint64_t i = 1; i <= 6; ++i) join("many", "", i);
  join("few", "", 100);
  EXPECT_EQ(next(), 1U);
  EXPECT_EQ(next(), 100U);
  EXPECT_EQ(next(), 2U);
}

TEST_F(FairLineTest, LetsActorsOfATenantTakeTurns) {
  for (std::uint64_t i = 1; i <= 4; ++i) join("t", "greedy", i);
  join("t", "modest", 100);
  join("u", "other", 200);
  EXPECT_EQ(next(), 1U);
  EXPECT_EQ(next(), 200U);
  EXPECT_EQ(next(), 100U);
  EXPECT_EQ(next(), 2U);
}

TEST_F(FairLineTest, LetsWhoHasMostGiveWayWhenItIsFull) {
  for (std::uint64_t i = 1; i <= 9; ++i) join("many", i < 8 ? "x" : "y", i);
  join("few", "", 100);
  const auto joined = join("few", "", 101);
  EXPECT_NE(joined.ticket, 0U);
  ASSERT_TRUE(joined.given_up);
  EXPECT_EQ(joined.given_up->call, 7U) << "the last of those who asked most";
  EXPECT_EQ(join("many", "y", 10).ticket, 0U);
  EXPECT_EQ(line.size(), 10U);
}

TEST_F(FairLineTest, PassesOverWhatCameTooLate) {
  join("a", "", 1, seconds(1));
  join("a", "", 2, seconds(5));
  now += seconds(2);
  EXPECT_EQ(next(), 2U);
  EXPECT_EQ(line.size(), 0U);
}

TEST_F(FairLineTest, LetsGoOfWhoLeaves) {
  const auto first = join("a", "", 1).ticket;
  join("a", "", 2);
  EXPECT_TRUE(line.leave(first));
  EXPECT_FALSE(line.leave(first));
  EXPECT_EQ(next(), 2U);
}

// Whatever happens to it: never longer than it may be, nobody lost, nobody served twice.
TEST(FairLineProperties, LosesAndDoublesNobody) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SeededRandom random(seed);
    const std::size_t most = 1 + random.below(12);
    FairLine line(most);
    std::map<std::uint64_t, std::uint64_t> waiting; // ticket by call
    const Instant now{seconds(1000)};
    for (std::uint64_t call = 1; call <= 300; ++call) {
      const auto what = random.below(4);
      if (what < 2) {
        const auto joined = line.join("t" + std::to_string(random.below(3)), "a" + std::to_string(random.below(3)),
                                      {now + seconds(1), 0, call});
        if (joined.given_up) {
          ASSERT_EQ(waiting.erase(joined.given_up->call), 1U) << "seed " << seed;
        }
        if (joined.ticket != 0) waiting.emplace(call, joined.ticket);
      } else if (what == 2) {
        const auto next = line.next(now);
        ASSERT_EQ(next.has_value(), !waiting.empty()) << "seed " << seed;
        if (next) {
          ASSERT_EQ(waiting.erase(next->call), 1U) << "seed " << seed;
        }
      } else if (!waiting.empty()) {
        ASSERT_TRUE(line.leave(waiting.begin()->second)) << "seed " << seed;
        waiting.erase(waiting.begin());
      }
      ASSERT_EQ(line.size(), waiting.size()) << "seed " << seed;
      ASSERT_LE(line.size(), most) << "seed " << seed;
    }
  }
}

} // namespace
} // namespace plugboard::connector
