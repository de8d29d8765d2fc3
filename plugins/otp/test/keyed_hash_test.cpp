#include "plugins/otp/keyed_hash.hpp"

#include <gtest/gtest.h>

namespace otp {
namespace {

TEST(KeyedHashTest, IsHmacSha256) { // RFC 4231, case 2
  EXPECT_EQ(base64(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
}

TEST(KeyedHashTest, PartsDoNotRunTogether) {
  EXPECT_NE(keyed_hash("k", {"ab", "c"}), keyed_hash("k", {"a", "bc"}));
  EXPECT_NE(keyed_hash("k", {"a", ""}), keyed_hash("k", {"", "a"}));
  EXPECT_NE(keyed_hash("k", {"a"}), keyed_hash("k", {"a", ""}));
  EXPECT_NE(keyed_hash("k", {"1:a"}), keyed_hash("k", {"a"}));
  EXPECT_NE(keyed_hash("k", {"a"}), keyed_hash("l", {"a"}));
  EXPECT_EQ(keyed_hash("k", {"a", "b"}), keyed_hash("k", {"a", "b"}));
}

TEST(KeyedHashTest, ReadsBase64Strictly) {
  EXPECT_EQ(from_base64("aGVsbG8="), "hello");
  EXPECT_EQ(from_base64("aGVsbG8"), "hello") << "padding may be left out";
  EXPECT_EQ(from_base64(""), "");
  for (const auto* wrong : {"a", "aGVsbG8==", "aGVsbG9=x", "aGVs bG8=", "aGVsbG8_", "aGVsbG9", "=", "aGVsbG8=="})
    EXPECT_EQ(from_base64(wrong), std::nullopt) << wrong;
  EXPECT_EQ(base64url("\xff\xfe\xfd\xfc"), "__79_A");
}

TEST(KeyedHashTest, ComparesWhole) {
  EXPECT_TRUE(same("abc", "abc"));
  EXPECT_FALSE(same("abc", "abd"));
  EXPECT_FALSE(same("abc", "ab"));
  EXPECT_TRUE(same("", ""));
}

} // namespace
} // namespace otp
