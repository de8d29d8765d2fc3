#include "core/base/account_numbers.hpp"

#include <gtest/gtest.h>

#include <random>

namespace plugboard {
namespace {

std::string masked(std::string text) {
  const bool held = holds_account_number(text);
  EXPECT_EQ(mask_account_numbers(text), held) << text;
  EXPECT_FALSE(holds_account_number(text)) << text;
  return text;
}

TEST(CardNumberTest, KeepsTheFirstSixAndTheLastFourDigits) {
  EXPECT_EQ(masked("4111111111111111"), "411111******1111");
  EXPECT_EQ(masked("378282246310005"), "378282*****0005");
  EXPECT_EQ(masked("6799990100000000019"), "679999*********0019");
  EXPECT_EQ(masked("30569309025904"), "305693****5904");
  EXPECT_EQ(masked("card 4222222222222."), "card 422222***2222.");
}

TEST(CardNumberTest, IsOfEveryIssuer) {
  for (auto number : {"4111111111111111", "4000000000000000006", "5555555555554444", "2223003122003222",
                      "378282246310005", "371449635398431", "6011111111111117", "3566002020360505", "30569309025904",
                      "36700102000000", "6240008631401148", "6759649826438453", "5019717010103742", "2200000000000004",
                      "9792030000000000", "8171999927660000", "6362970000457013"})
    EXPECT_TRUE(holds_account_number(number)) << number;
}

TEST(CardNumberTest, MayHaveSeparators) {
  EXPECT_EQ(masked("4111 1111 1111 1111"), "4111 11** **** 1111");
  EXPECT_EQ(masked("4111-1111-1111-1111"), "4111-11**-****-1111");
  EXPECT_EQ(masked("4111.1111/1111- 1111"), "4111.11**/****- 1111");
  EXPECT_EQ(masked("4111 1111 1111 - 1111"), "4111 1111 1111 - 1111") << "three separators in a row are a gap";
  EXPECT_EQ(masked("4111\u00A01111\u00A01111\u00A01111"), "4111\u00A011**\u00A0****\u00A01111");
  EXPECT_EQ(masked("4111\u20131111\u20131111\u20131111"), "4111\u201311**\u2013****\u20131111");
  EXPECT_EQ(masked("3782 822463 10005"), "3782 82**** *0005");
}

TEST(CardNumberTest, MayStandAmongOtherNumbers) {
  EXPECT_EQ(masked("12 4111 1111 1111 1111"), "12 4111 11** **** 1111");
  EXPECT_EQ(masked("paid with 5555555555554444 on 2026-11-22, ref 99"),
            "paid with 555555******4444 on 2026-11-22, ref 99");
  EXPECT_EQ(masked("x4111111111111111y"), "x411111******1111y");
  EXPECT_EQ(masked("**4111111111111111**"), "**411111******1111**");
}

TEST(CardNumberTest, TakesItsSecurityCodeAlong) {
  EXPECT_EQ(masked("4111 1111 1111 1111 123"), "4111 11** **** 1111 ***");
  EXPECT_EQ(masked("378282246310005 1234"), "378282*****0005 ****");
  EXPECT_EQ(masked("4111 1111 1111 1111 12/27 123"), "4111 11** **** 1111 12/27 123");
  EXPECT_EQ(masked("6799990100000000019 123"), "679999*********0019 ***");
  EXPECT_EQ(masked("6799990100000000019 12345"), "679999*********0019 12345");
}

TEST(CardNumberTest, IsNotATelephonesABarCodesOrAnyNumber) {
  for (auto text : {"+4915112345678",
                    "+491511234567890",
                    "4111111111111112",
                    "4006381333931",
                    "1767225600000",
                    "0000000000000",
                    "411111111111111111111111",
                    "2026-11-22 18:20:33",
                    "357242043237517",
                    "4111 1111",
                    "4111x1111x1111x1111",
                    "1234567890123456",
                    "9999999999999995",
                    "5000000000004",
                    "2100000000000005",
                    "3100000000000009",
                    "8000000000000002",
                    "",
                    "1",
                    "7012345678901234",
                    "4111   1111   1111   1111"})
    EXPECT_EQ(masked(text), text);
  EXPECT_EQ(masked("+4111111111111111"), "+411111******1111") << "a telephone's has at most 15 digits";
}

TEST(IbanTest, KeepsTheFirstAndTheLastFour) {
  EXPECT_EQ(masked("SE4550000000058398257466"), "SE45****************7466");
  EXPECT_EQ(masked("SE45 5000 0000 0583 9825 7466"), "SE45 **** **** **** **** 7466");
  EXPECT_EQ(masked("IBAN:gb29nwbk60161331926819, thanks"), "IBAN:gb29**************6819, thanks");
  EXPECT_EQ(masked("MT84MALT011000012345MTLCAST001S"), "MT84***********************001S");
  EXPECT_EQ(masked("\"NL91 ABNA 0417 1643 00\""), "\"NL91 **** **** **43 00\"");
  EXPECT_EQ(masked("NO9386011117947"), "NO93*******7947");
  EXPECT_EQ(masked("SC18SSCB11010000000000001497USD"), "SC18***********************7USD");
}

TEST(IbanTest, IsOfAKnownCountryItsLengthAndItsCheckDigits) {
  for (auto text : {"SE4550000000058398257467", "SE455000000005839825746", "SE45500000000583982574661",
                    "XX4550000000058398257466", "SE4550000000058398257466a", "SE45 5000 0000 0583 9825 74"})
    EXPECT_EQ(masked(text), text);
}

// What is masked stays as it is, however numbers stand side by side: also what masks leave is no number again.
TEST(AccountNumberTest, IsMaskedOnce) {
  std::mt19937 random(5);
  const std::string_view alphabet = "44444242421111115 50006- .*/+SE";
  for (int round = 0; round < 60000; ++round) {
    std::string text(10 + random() % 60, ' ');
    for (auto& c : text) c = alphabet[random() % alphabet.size()];
    if (round % 4 == 0) text.insert(random() % text.size(), "4242424242424242");
    if (round % 4 == 1) text.insert(random() % text.size(), "SE45 5000 0000 0583 9825 7466");
    auto once = text;
    mask_account_numbers(once);
    auto twice = once;
    EXPECT_FALSE(mask_account_numbers(twice)) << text << "\n" << once << "\n" << twice;
  }
}

TEST(AccountNumberTest, IsFoundWhereverItStands) {
  for (std::size_t before = 0; before < 40; ++before)
    for (std::size_t after = 0; after < 12; ++after)
      for (std::string_view number : {"4222222222222", "4111 1111 1111 1111", "NL91ABNA0417164300"})
        EXPECT_TRUE(
            holds_account_number(std::string(before, 'x') + " " + std::string(number) + " " + std::string(after, 'y')));
}

} // namespace
} // namespace plugboard
