#include "plugins/jwt/base64url.hpp"

#include <gtest/gtest.h>

namespace jwt {
namespace {

TEST(Base64urlTest, ReadsWhatItWritesForEveryLength) {
  std::string bytes;
  for (int i = 0; i < 260; ++i) {
    auto text = encode_base64url(bytes);
    EXPECT_EQ(decode_base64url(text), bytes) << text;
    bytes.push_back(static_cast<char>(i * 151));
  }
}

TEST(Base64urlTest, KnowsTheVectorsOfRfc4648) {
  EXPECT_EQ(encode_base64url("foobar"), "Zm9vYmFy");
  EXPECT_EQ(encode_base64url("fooba"), "Zm9vYmE");
  EXPECT_EQ(encode_base64url("foob"), "Zm9vYg");
  EXPECT_EQ(decode_base64url("-_-_"), "\xfb\xff\xbf");
  EXPECT_EQ(decode_base64url(""), "");
}

TEST(Base64urlTest, RefusesEverySecondWayToWriteTheSame) {
  EXPECT_EQ(decode_base64url("Zm9vYg=="), std::nullopt) << "padding";
  EXPECT_EQ(decode_base64url("Zm9v YmFy"), std::nullopt) << "space";
  EXPECT_EQ(decode_base64url("Zm9vYmFy\n"), std::nullopt) << "line end";
  EXPECT_EQ(decode_base64url("+/+/"), std::nullopt) << "the other alphabet";
  EXPECT_EQ(decode_base64url("Zm9vYh"), std::nullopt) << "unused bits that are set, of two";
  EXPECT_EQ(decode_base64url("Zm9vYmF"), std::nullopt) << "unused bits that are set, of one";
  EXPECT_EQ(decode_base64url("Zm9vY"), std::nullopt) << "six bits left over";
  EXPECT_EQ(decode_base64url(std::string_view("Zm9\0", 4)), std::nullopt) << "NUL";
}

} // namespace
} // namespace jwt
