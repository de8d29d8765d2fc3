#include "plugins/otp/body_template.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace otp {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

BodyTemplate body(std::string_view json) {
  Document document;
  document.Parse(json.data(), json.size());
  return BodyTemplate::read(document, "body");
}

std::string fault_of(std::string_view json) {
  try {
    body(json);
    return "TAKEN";
  } catch (const std::invalid_argument& fault) {
    return fault.what();
  }
}

TEST(BodyTemplateTest, FillsAnyString) {
  const auto filled =
      body(R"({"to": "{to}", "parts": [{"text": "{{{code}}} for {minutes} min"}, 7, true, null, "{{}}"]})")
          .fill({{"to", "+46"}, {"code", "123"}, {"minutes", "5"}});
  EXPECT_EQ(filled, R"({"to":"+46","parts":[{"text":"{123} for 5 min"},7,true,null,"{}"]})");
}

TEST(BodyTemplateTest, WhatItIsFilledWithStaysText) {
  const auto filled =
      body(R"({"to": "{to}", "code": "{code}"})").fill({{"to", "\"},\"to\":\"x\n{code}\\"}, {"code", "1"}});
  EXPECT_EQ(filled, R"({"to":"\"},\"to\":\"x\n{code}\\","code":"1"})") << "nor is it a template again";
}

TEST(BodyTemplateTest, AWordThatIsNotKnownThisTimeIsEmpty) {
  EXPECT_EQ(body(R"({"to": "{to}{code}", "language": "{language}"})").fill({{"to", "a"}, {"code", "b"}}),
            R"({"to":"ab","language":""})");
}

TEST(BodyTemplateTest, SaysWhatIsWrong) {
  EXPECT_EQ(fault_of(R"({"to": "{to}", "code": "{code}"})"), "TAKEN");
  EXPECT_THAT(fault_of(R"({"to": "{to}"})"), HasSubstr("body: has no place for {code}"));
  EXPECT_THAT(fault_of(R"({"code": "{code}"})"), HasSubstr("no place for {to}"));
  EXPECT_THAT(fault_of(R"({"code": "{code}", "to": "{recipient}"})"),
              AllOf(HasSubstr("{recipient}"), HasSubstr("{to}")));
  EXPECT_THAT(fault_of(R"({"code": "{code} {"})"), HasSubstr("brace"));
  EXPECT_THAT(fault_of(R"({"code": "{code} }"})"), HasSubstr("brace"));
  EXPECT_THAT(fault_of(R"(["{to}{code}"])"), HasSubstr("object"));
}

TEST(BodyTemplateTest, HasAUsualOne) {
  auto filled = BodyTemplate::usual().fill({{"to", "T"}, {"code", "C"}, {"type", "phone"}, {"minutes", "5"}});
  EXPECT_THAT(filled, AllOf(HasSubstr(R"("type":"otp.code")"), HasSubstr(R"("to":"T","code":"C")")));
  const auto read = read_object(filled);
  ASSERT_TRUE(read);
  EXPECT_EQ(fault_of(filled.replace(filled.find("\"T\""), 3, "\"{to}{code}\"")), "TAKEN");
}

} // namespace
} // namespace otp
