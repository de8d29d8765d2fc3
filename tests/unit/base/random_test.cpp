#include "core/base/random.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

namespace plugboard {
namespace {

class Scripted final : public Random { // yields these numbers, in order
 public:
  explicit Scripted(std::vector<std::uint64_t> numbers) : numbers_(std::move(numbers)) {}

  void fill(std::span<std::byte> bytes) override {
    ASSERT_EQ(bytes.size(), sizeof(std::uint64_t));
    ASSERT_LT(drawn_, numbers_.size());
    const auto source = std::as_bytes(std::span(&numbers_[drawn_++], 1));
    std::copy(source.begin(), source.end(), bytes.begin());
  }

  std::size_t drawn() const { return drawn_; }

 private:
  std::vector<std::uint64_t> numbers_;
  std::size_t drawn_ = 0;
};

TEST(SeededRandomTest, RepeatsFromItsSeed) {
  SeededRandom first(42), second(42), other(43);
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t bits = first.next();
    EXPECT_EQ(bits, second.next());
    EXPECT_NE(bits, other.next());
  }
}

TEST(SeededRandomTest, FillsOddLengthsWholly) {
  std::array<std::byte, 13> bytes{};
  std::array<bool, 13> touched{};
  SeededRandom random(1);
  for (int i = 0; i < 50; ++i) {
    random.fill(bytes);
    for (std::size_t at = 0; at < bytes.size(); ++at) touched[at] = touched[at] || bytes[at] != std::byte{0};
  }
  for (const bool one : touched) EXPECT_TRUE(one);
}

TEST(SystemRandomTest, FillsLargeBuffersWithDifferentBytes) {
  std::vector<std::byte> bytes(100'000);
  SystemRandom().fill(bytes);
  EXPECT_EQ(std::set<std::byte>(bytes.begin(), bytes.end()).size(), 256U);
  EXPECT_NE(SystemRandom().next(), SystemRandom().next());
}

TEST(RandomTest, BelowDrawsAgainWhereItWouldBeUneven) {
  Scripted random({0, 5, 8}); // 2^64 mod 6 is 4: 0 would favour the small results
  EXPECT_EQ(random.below(6), 5U);
  EXPECT_EQ(random.below(6), 2U);
  EXPECT_EQ(random.drawn(), 3U);
}

TEST(RandomTest, BelowReachesEveryResult) {
  SeededRandom random(9);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70'000; ++i) ++counts.at(random.below(7));
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
  EXPECT_EQ(random.below(1), 0U);
}

} // namespace
} // namespace plugboard
