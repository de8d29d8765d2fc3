#include "plugins/otp/pending.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace otp {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Pending kPending{"phone", "+46701234512", "salt", "hash", 4, 2, 1'800'000'000, 1'800'000'300};

TEST(PendingTest, ComesBackAsItWas) {
  const auto read = read_pending(write_pending(kPending));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->type, kPending.type);
  EXPECT_EQ(read->address, kPending.address);
  EXPECT_EQ(read->salt, kPending.salt);
  EXPECT_EQ(read->hash, kPending.hash);
  EXPECT_EQ(read->attempts_left, kPending.attempts_left);
  EXPECT_EQ(read->sent, kPending.sent);
  EXPECT_EQ(read->sent_at, kPending.sent_at);
  EXPECT_EQ(read->expires_at, kPending.expires_at);
}

TEST(PendingTest, IsReadAsNothingElse) {
  const auto whole = write_pending(kPending);
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(read_pending(whole.substr(0, size)));
  for (const auto* text : {"", "{}", "[]", "null", R"({"type":"phone"})"}) EXPECT_FALSE(read_pending(text)) << text;
  auto endless = whole;
  endless.replace(endless.find("1800000300"), 10, "9223372036854775807");
  EXPECT_FALSE(read_pending(endless));
  auto negative = whole;
  negative.replace(negative.find(":4"), 2, ":-4");
  EXPECT_FALSE(read_pending(negative));
}

TEST(PendingTest, TheHashIsOfThisTenantRecipientAndLogin) {
  const auto hash = hash_of("key", "default", kPending, "123456");
  EXPECT_EQ(hash, hash_of("key", "default", kPending, "123456"));
  EXPECT_NE(hash, hash_of("key", "default", kPending, "123457"));
  EXPECT_NE(hash, hash_of("another", "default", kPending, "123456"));
  EXPECT_NE(hash, hash_of("key", "market", kPending, "123456"));
  auto other = kPending;
  other.address = "+46701234513";
  EXPECT_NE(hash, hash_of("key", "default", other, "123456"));
  other = kPending;
  other.type = "shop.mobile";
  EXPECT_NE(hash, hash_of("key", "default", other, "123456"));
  other = kPending;
  other.salt = "another";
  EXPECT_NE(hash, hash_of("key", "default", other, "123456"));
  EXPECT_THAT(hash, Not(HasSubstr("123456")));
}

} // namespace
} // namespace otp
