#include "core/json/string_text.hpp"

#include "core/json/account_numbers.hpp"

#include <gtest/gtest.h>

namespace plugboard::json {
namespace {

TEST(UnescapeTest, SaysWhatAStringSays) {
  std::string out = "before";
  for (const auto& [inside, said] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{{"", ""},
                                                                            {"plain", "plain"},
                                                                            {R"(\"\\\/\b\f\n\r\t)", "\"\\/\b\f\n\r\t"},
                                                                            {R"(a\u0041b)", "aAb"},
                                                                            {R"(\u00e5\u20AC)", "å€"},
                                                                            {R"(\ud83d\ude00!)", "😀!"},
                                                                            {R"(å\u0020)", "å "}}) {
    EXPECT_TRUE(unescape(inside, out)) << inside;
    EXPECT_EQ(out, said);
  }
}

TEST(UnescapeTest, RefusesWhatJsonDoesNotHave) {
  std::string out;
  for (std::string_view inside : {R"(\)", R"(\x)", R"(\u12)", R"(\u12g4)", R"(\ud800)", R"(\ud800x)", R"(\ud800\n1234)",
                                  R"(\ud800\u0041)", R"(\udc00)", R"(\ud800\ud800)", R"(\ud800\u12)"})
    EXPECT_FALSE(unescape(inside, out)) << inside;
}

TEST(JsonAccountNumbersTest, AreFoundInTextsNamesAndNumbersHoweverTheyAreSpelt) {
  Reader reader;
  const auto holds = [&](std::string_view text) { return holds_account_number(*reader.read(text), text); };
  for (auto text : {R"({"a":"4111 1111 1111 1111"})", R"({"a":["x",{"b":"\u0034111111111111111"}]})",
                    R"({"a\n":{"4111111111111111":1}})", R"({"a":4111111111111111})",
                    R"({"a":"\n","b":4111111111111111})", R"({"a":"\"4111 1111 1111 1111\"","b":"\\"})",
                    R"({"a":"4111\/1111\/1111\/1111"})", R"({"a":"\nSE4550000000058398257466"})"})
    EXPECT_TRUE(holds(text)) << text;
  for (auto text : {"{}", R"({"a":"4111 1111 1111 1112"})", R"({"a":"\u0041\n","b":[1.5,true,null,{}]})",
                    R"({"a":"4111\n1111\n1111\n1111"})", R"({"a":"\"4111 1111\" 1111 1111"})"})
    EXPECT_FALSE(holds(text)) << text;
}

} // namespace
} // namespace plugboard::json
