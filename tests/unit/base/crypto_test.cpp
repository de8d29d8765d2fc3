#include "core/base/crypto.hpp"

#include <gtest/gtest.h>

namespace plugboard {
namespace {

std::span<const unsigned char> bytes_of(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

TEST(CryptoTest, HashesAsFips180Does) {
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(CryptoTest, AuthenticatesAsRfc4231Does) {
  EXPECT_EQ(hex(hmac_sha256(Secret("Jefe"), "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(
      hex(hmac_sha256(Secret(std::string(131, '\xaa')), "Test Using Larger Than Block-Size Key - Hash Key First")),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(CryptoTest, OpensWhatItClosedAndNothingElse) {
  SeededRandom random(1);
  const Secret key(std::string(32, 'k')), other(std::string(32, 'o'));
  for (const std::string& text : {std::string(), std::string("state"), std::string(40'000, 'x')}) {
    const std::string closed = close(key, text, "row 1", random);
    EXPECT_EQ(closed.size(), text.size() + 28);
    EXPECT_EQ(open(key, closed, "row 1")->reveal(), text);
    EXPECT_FALSE(open(other, closed, "row 1"));
    EXPECT_FALSE(open(key, closed, "row 2"));
    for (const std::size_t at : {std::size_t{0}, closed.size() / 2, closed.size() - 1}) {
      std::string changed = closed;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      EXPECT_FALSE(open(key, changed, "row 1")) << at;
    }
    EXPECT_FALSE(open(key, closed.substr(1), "row 1"));
    EXPECT_NE(closed, close(key, text, "row 1", random)) << "one nonce for two";
  }
  EXPECT_FALSE(open(key, "short", ""));
}

TEST(CryptoTest, TakesAnEmptyKey) { // not our wish, but no crash either
  EXPECT_EQ(hex(hmac_sha256(Secret(), "")), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(CryptoTest, Base64FillsUpWhatItsOtherFormLeavesOut) { // RFC 4648
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("\xfb\xff"), "+/8=");
}

TEST(CryptoTest, EncodesAsRfc4648Does) {
  EXPECT_EQ(base64url(bytes_of("")), "");
  EXPECT_EQ(base64url(bytes_of("f")), "Zg");
  EXPECT_EQ(base64url(bytes_of("fo")), "Zm8");
  EXPECT_EQ(base64url(bytes_of("foo")), "Zm9v");
  EXPECT_EQ(base64url(bytes_of("\xfb\xff\xbf")), "-_-_");
  EXPECT_EQ(hex(bytes_of(std::string_view("\x00\x7f\xff", 3))), "007fff");
}

TEST(CryptoTest, SumsAsCrc32Does) {
  EXPECT_EQ(crc32("123456789"), 0xCBF43926U);
  EXPECT_EQ(crc32(""), 0U);
}

TEST(CryptoTest, ComparesLengthAndContent) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

} // namespace
} // namespace plugboard
