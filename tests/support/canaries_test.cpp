#include "tests/support/canaries.hpp"

#include <gtest/gtest.h>

namespace plugboard::test {
namespace {

const Marked kCard{Marked::Home::nowhere, "card", "4929318237465512"};
const Marked kMail{Marked::Home::store, "e-mail", "wanda.quill@canary.example"};

std::size_t found(std::string_view bytes, bool in_store = false) {
  std::vector<Finding> findings;
  CanaryScanner({kCard, kMail}).scan(bytes, "log", in_store, findings);
  return findings.size();
}

TEST(CanaryScannerTest, FindsAValueHoweverItIsWritten) {
  for (const char* text :
       {"card 4929318237465512.", "4929 3182 3746 5512", "4929-3182-3746-5512", "492931823746\n5512",
        R"("a":"492931\n8237465512")", "34393239333138323337343635353132",
        R"(\u0034\u0039\u0032\u0039\u0033\u0031\u0038\u0032\u0033\u0037\u0034\u0036\u0035\u0035\u0031\u0032)"})
    EXPECT_EQ(found(text), 1U) << text;
  for (const char* text :
       {"to=wanda.quill@canary.example", "wanda.quill%40canary.example", "WANDA.QUILL@CANARY.EXAMPLE",
        "d2FuZGEucXVpbGxAY2FuYXJ5LmV4YW1wbGU=", "eyJlIjoid2FuZGEucXVpbGxAY2FuYXJ5LmV4YW1wbGUifQ",
        "IHdhbmRhLnF1aWxsQGNhbmFyeS5leGFtcGxlIA==", "77616E64612E7175696C6C4063616E6172792E6578616D706C65"})
    EXPECT_EQ(found(text), 1U) << text;
  EXPECT_EQ(found(std::string_view("4\0"
                                   "9\0"
                                   "2\0"
                                   "9\0"
                                   "3\0"
                                   "1\0"
                                   "8\0"
                                   "2\0"
                                   "3\0"
                                   "7\0"
                                   "4\0"
                                   "6\0"
                                   "5\0"
                                   "5\0"
                                   "1\0"
                                   "2\0",
                                   32)),
            1U);
}

TEST(CanaryScannerTest, FindsNothingElse) {
  for (const char* text :
       {"", "wanda", "quill@canary.example", "4929", R"({"took_ms":49.29,"at":"2026-11-22T19:07:15Z"})", "pbs_short",
        "a pb_ of something that is much too long to be overlooked, if it were one"})
    EXPECT_EQ(found(text), 0U) << text;
}

TEST(CanaryScannerTest, LetsTheStoreKeepWhatItMay) {
  EXPECT_EQ(found("wanda.quill@canary.example", true), 0U);
  EXPECT_EQ(found("4929318237465512", true), 1U);
}

TEST(CanaryScannerTest, KnowsTheHubsOwnTokensByTheirLooks) {
  EXPECT_EQ(found("session pbs_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG was here"), 1U);
}

TEST(CanaryScannerTest, DoesNotLookForWhatIsEverywhere) {
  std::vector<Finding> findings;
  CanaryScanner({{Marked::Home::nowhere, "id", "1001"}, {Marked::Home::nowhere, "word", "closed"}})
      .scan("1001 closed", "log", false, findings);
  EXPECT_TRUE(findings.empty());
}

} // namespace
} // namespace plugboard::test
