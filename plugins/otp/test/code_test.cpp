#include "plugins/otp/code.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <random>
#include <vector>

namespace otp {
namespace {

// Gives these numbers, one after the other, as four bytes each.
RandomBytes numbers(std::vector<std::uint32_t> list) {
  return [list = std::move(list), next = std::size_t(0)](unsigned char* bytes, std::size_t count) mutable {
    ASSERT_EQ(count, 4U);
    const auto number = list.at(next++);
    for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<unsigned char>(number >> (24 - 8 * i) & 0xff);
  };
}

TEST(CodeTest, HasAsManyDigitsAsAskedFor) {
  EXPECT_EQ(make_code(6, numbers({7})), "000007");
  EXPECT_EQ(make_code(6, numbers({1'234'567})), "234567");
  EXPECT_EQ(make_code(8, numbers({4'199'999'999})), "99999999");
}

TEST(CodeTest, ThrowsNumbersAwayThatWouldMakeSomeCodesLikelier) {
  constexpr std::uint32_t kLastWholeRound = 4'294'000'000 - 1; // 2^32 is 4,294,967,296
  EXPECT_EQ(make_code(6, numbers({kLastWholeRound})), "999999");
  EXPECT_EQ(make_code(6, numbers({kLastWholeRound + 1, 0xffffffff, 42})), "000042");
}

// 600,000 digits from a generator that is even: each place sees each digit a tenth of the time, to five sigma.
TEST(CodeTest, IsEvenInEveryPlace) {
  std::mt19937 generator(7);
  const RandomBytes random = [&](unsigned char* bytes, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<unsigned char>(generator() >> 11);
  };
  std::array<std::array<int, 10>, 6> seen{};
  for (int i = 0; i < 100'000; ++i) {
    const auto code = make_code(6, random);
    for (std::size_t place = 0; place < 6; ++place) ++seen[place][static_cast<std::size_t>(code[place] - '0')];
  }
  for (const auto& place : seen)
    for (const int count : place) EXPECT_NEAR(count, 10'000, 475);
}

TEST(CodeTest, IsReadAsCustomersTypeIt) {
  EXPECT_EQ(read_code("123456", 6), "123456");
  EXPECT_EQ(read_code(" 123 456 ", 6), "123456");
  EXPECT_EQ(read_code("123-456", 6), "123456");
  for (const auto* wrong : {"", "12345", "1234567", "12345a", "12345\xc2\xb2", "+12345", "0x1234", "123456\n"})
    EXPECT_EQ(read_code(wrong, 6), std::nullopt) << wrong;
  EXPECT_EQ(read_code(std::string(100'000, ' ') + "123456", 6), std::nullopt);
  EXPECT_EQ(read_code(std::string("123456\0", 7), 6), std::nullopt);
}

TEST(CodeTest, NamesAreOf128Bits) {
  const RandomBytes ones = [](unsigned char* bytes, std::size_t count) { std::fill_n(bytes, count, 0xff); };
  EXPECT_EQ(random_name(ones), "_____________________w");
}

} // namespace
} // namespace otp
