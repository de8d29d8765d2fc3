#include "core/daemon/spare_memory.hpp"

#include <gtest/gtest.h>

namespace plugboard::daemon {
namespace {

constexpr std::uint64_t kMebi = 1 << 20;

TEST(SpareMemory, IsLeftAloneWhileItGrowsAndGivenBackOnceItDoesNot) {
  EXPECT_FALSE(is_spare(40 * kMebi, 30 * kMebi, 20 * kMebi));
  EXPECT_TRUE(is_spare(40 * kMebi, 40 * kMebi, 20 * kMebi));
  EXPECT_TRUE(is_spare(35 * kMebi, 40 * kMebi, 20 * kMebi));
}

TEST(SpareMemory, IsNotLookedForAgainWhereNoneHasCome) {
  EXPECT_FALSE(is_spare(20 * kMebi, 20 * kMebi, 20 * kMebi));
  EXPECT_FALSE(is_spare(20 * kMebi + 1000, 20 * kMebi, 20 * kMebi));
  EXPECT_FALSE(is_spare(10 * kMebi, 20 * kMebi, 20 * kMebi));
}

} // namespace
} // namespace plugboard::daemon
