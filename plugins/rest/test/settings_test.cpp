#include "plugins/rest/settings.hpp"

#include "plugins/rest/test/support.hpp"

#include <gmock/gmock.h>

namespace plugboard::rest::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string fault(std::string_view config) {
  try {
    static_cast<void>(read_settings(config));
    return "";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

std::string section_fault(const std::string& members) {
  return fault(R"({"base_url":"https://x","sections":{"a":{"shape":"record/v1","url":"/","mapping":"identity")" +
               (members.empty() ? "" : "," + members) + "}}}");
}

TEST(SettingsTest, ReadsAWholeConfiguration) {
  auto settings = read_settings(R"({"base_url":"https://x/v1/","headers":{"A":"b"},"sections":{
      "orders":{"shape":"orders/v1","description":"What was bought","needs":[["customer_id",{"type":"email","verified":true}]],
                "yields":{"erp.ref":{"from":"/ref","verified":true}},"echo":{"/customer_id":"customer_id"},
                "method":"POST","url":"/o?id={customer_id}","body":{"e":"{email}"},"mapping":{"a":"/a"}},
      "me":{"shape":"record/v1","url":"/me","mapping":"identity"}}})");
  EXPECT_EQ(settings.base_url, "https://x/v1");
  const auto& orders = settings.sections.at("orders");
  EXPECT_EQ(orders.method, "POST");
  EXPECT_TRUE(orders.mapping && orders.body);
  EXPECT_THAT(orders.asked_with, testing::ElementsAre("customer_id", "email"));
  ASSERT_EQ(orders.yields.size(), 1U);
  EXPECT_TRUE(orders.yields[0].verified);
  EXPECT_FALSE(settings.sections.at("me").mapping);
}

TEST(SettingsTest, SaysAllThatIsWrongAtOnce) {
  EXPECT_THAT(fault(R"({"base_ur":"https://x","sections":{"a":{"url":"x","mapping":{"b":"c"}}}})"),
              AllOf(HasSubstr("/base_url: say where the system is"), HasSubstr("/base_ur: nothing of this name"),
                    HasSubstr("/sections/a/url: begin it with a /"), HasSubstr("/sections/a/mapping/b: write")));
}

TEST(SettingsTest, SaysWhatIsMissing) {
  EXPECT_THAT(fault("{}"), AllOf(HasSubstr("/base_url:"), HasSubstr("/sections: name at least one")));
  EXPECT_THAT(fault("[]"), HasSubstr("/: write a JSON object here"));
  EXPECT_THAT(fault("{"), HasSubstr("the configuration: no sound JSON"));
  EXPECT_THAT(
      fault(R"({"base_url":"https://x","sections":{"a":{"shape":"record/v1"}}})"),
      AllOf(HasSubstr("/sections/a/url: say what to ask"), HasSubstr("/sections/a/mapping: write \"identity\"")));
  EXPECT_THAT(fault(R"({"base_url":"https://x","sections":{"a":7}})"), HasSubstr("/sections/a: write a JSON object"));
}

TEST(SettingsTest, ChecksTheRequest) {
  EXPECT_EQ(section_fault(""), "");
  EXPECT_THAT(section_fault(R"("method":"DELETE")"), HasSubstr("/sections/a/method: a section only reads"));
  EXPECT_THAT(section_fault(R"("body":{})"), HasSubstr("/sections/a/body: only a POST has a body"));
  EXPECT_THAT(section_fault(R"("method":"POST","body":"{email}")"),
              HasSubstr("/sections/a/body: {email} is no identifier"));
  EXPECT_THAT(section_fault(R"("heders":{})"), HasSubstr("/sections/a/heders: nothing of this name"));
  EXPECT_THAT(section_fault(R"("basic":{"user":"u","password":{"secret":"h"}})"),
              HasSubstr("/sections/a/basic: nothing of this name"));
}

TEST(SettingsTest, ChecksYields) {
  EXPECT_THAT(section_fault(R"("yields":{"erp.x":{}})"), HasSubstr("/sections/a/yields/erp.x: say where it stands"));
  EXPECT_THAT(section_fault(R"("yields":{"erp.x":{"from":"x"}})"), HasSubstr("/erp.x/from: \"x\" is no JSON Pointer"));
  EXPECT_THAT(section_fault(R"("yields":{"erp.x":{"from":"/x","verified":1}})"),
              HasSubstr("/verified: write true or false"));
  EXPECT_THAT(section_fault(R"("yields":{"erp.x":{"from":"/x","as":"lower"}})"),
              HasSubstr("/as: nothing of this name"));
}

} // namespace
} // namespace plugboard::rest::test
