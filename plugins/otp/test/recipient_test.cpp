#include "plugins/otp/recipient.hpp"

#include <gtest/gtest.h>

namespace otp {
namespace {

TEST(RecipientTest, PhonesHaveTheirCountry) {
  EXPECT_EQ(read_address(Kind::phone, "+46701234512"), "+46701234512");
  EXPECT_EQ(read_address(Kind::phone, "+1234567"), "+1234567");
  EXPECT_EQ(read_address(Kind::phone, "+123456789012345"), "+123456789012345");
  for (const std::string wrong :
       {"", "+", "46701234512", "0701234512", "+0701234512", "+46 70 123 45 12", "+123456", "+1234567890123456",
        "+4670123451x", "+46701234512\n", "tel:+46701234512", "+46701234512;ext=1",
        "\xef\xbc\x8b"
        "46701234512"})
    EXPECT_EQ(read_address(Kind::phone, wrong), std::nullopt) << wrong;
  EXPECT_EQ(read_address(Kind::phone, std::string("+46701234512\0", 13)), std::nullopt);
}

TEST(RecipientTest, EmailAddressesAreUsedInLowerCase) {
  EXPECT_EQ(read_address(Kind::email, "Ada.Lovelace+codes@Shop.Example"), "ada.lovelace+codes@shop.example");
  EXPECT_EQ(read_address(Kind::email, "o'brien_1@sub-domain.shop.example"), "o'brien_1@sub-domain.shop.example");
}

TEST(RecipientTest, RefusesWhatAMailerCouldReadAsMoreThanOneAddress) {
  for (const std::string wrong : {"",
                                  "@",
                                  "ada",
                                  "ada@",
                                  "@shop.example",
                                  "ada@shop",
                                  "ada@shop.",
                                  "ada@.example",
                                  "ada@-shop.example",
                                  "ada@shop-.example",
                                  ".ada@shop.example",
                                  "ada.@shop.example",
                                  "a..b@shop.example",
                                  "a b@shop.example",
                                  "ada@shop.example,eve@evil.example",
                                  "ada@shop.example eve@evil.example",
                                  "ada@shop.example\r\nBcc: eve@evil.example",
                                  "Ada <ada@shop.example>",
                                  "\"ada\"@shop.example",
                                  "ada@[127.0.0.1]",
                                  "ada@shop.example;",
                                  "a@b@shop.example",
                                  "ad\xc3\xa5@shop.example",
                                  "ada@shop.example\n",
                                  "ada%0a@shop.example\t"})
    EXPECT_EQ(read_address(Kind::email, wrong), std::nullopt) << wrong;
  EXPECT_EQ(read_address(Kind::email, std::string(65, 'a') + "@shop.example"), std::nullopt);
  EXPECT_EQ(read_address(Kind::email, "ada@" + std::string(64, 'a') + ".example"), std::nullopt);
  EXPECT_EQ(read_address(Kind::email, "ada@" + std::string(260, 'a') + ".example"), std::nullopt);
  EXPECT_EQ(read_address(Kind::email, std::string("ada@shop.example\0", 17)), std::nullopt);
}

TEST(RecipientTest, IsMaskedButForWhatItIsRecognisedBy) {
  EXPECT_EQ(masked(Kind::phone, "+46701234512"), "•••• 12");
  EXPECT_EQ(masked(Kind::email, "ada@shop.example"), "a•••@shop.example");
  EXPECT_EQ(masked(Kind::email, "a@shop.example"), "a•••@shop.example") << "its length is not told";
}

} // namespace
} // namespace otp
