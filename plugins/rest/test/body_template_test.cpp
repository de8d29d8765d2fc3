#include "plugins/rest/body_template.hpp"

#include "plugins/rest/test/support.hpp"

#include <gmock/gmock.h>

namespace plugboard::rest::test {
namespace {

using testing::HasSubstr;

const Vocabulary kNeeds{{"customer_id", "email"}};

std::string expanded(std::string_view config, std::string params, std::string id = "c-7") {
  Problems problems;
  auto body = BodyTemplate::read(json(config), kNeeds, "/body", problems);
  EXPECT_EQ(problems.text(), "");
  Asking asking({.section = "s", .identifiers = {{"customer_id", std::move(id)}}, .params = std::move(params)});
  auto made = body.expand(asking.variables());
  return made ? *made : "failed: " + made.failure().message;
}

std::string problems_of(std::string_view config) {
  Problems problems;
  static_cast<void>(BodyTemplate::read(json(config), kNeeds, "/body", problems));
  return problems.text();
}

TEST(BodyTemplateTest, PutsValuesInAndKeepsTheirKind) {
  EXPECT_EQ(expanded(R"({"id":"{customer_id}","n":"{params.n}","b":["{params.b}",1.50,null]})", R"({"n":5,"b":true})"),
            R"({"id":"c-7","n":5,"b":[true,1.50,null]})");
}

TEST(BodyTemplateTest, LeavesOutWhatHasNoValue) {
  EXPECT_EQ(expanded(R"({"a":"{params.a}","e":"{email}","l":["{params.a}",2],"o":{"x":"{language}"}})", "{}"),
            R"({"l":[2],"o":{}})");
  EXPECT_THAT(expanded(R"("{params.a}")", "{}"), HasSubstr("failed: the whole body"));
}

TEST(BodyTemplateTest, SendsAllOtherStringsAsTheyAre) {
  const std::string text =
      R"({"query":"query($id: ID!) { customer(id: $id) { name } }","x":"id {customer_id}","y":"{ me }","z":"{}"})";
  EXPECT_EQ(expanded(text, "{}"), text);
}

TEST(BodyTemplateTest, NoValueLeavesItsString) {
  EXPECT_EQ(expanded(R"({"id":"{customer_id}"})", "{}", "x\",\"admin\":true,\"{email}"),
            R"({"id":"x\",\"admin\":true,\"{email}"})");
}

TEST(BodyTemplateTest, RefusesParametersThatAreNoScalars) {
  EXPECT_THAT(expanded(R"({"a":"{params.a}"})", R"({"a":{"$ne":null}})"), HasSubstr("failed: {params.a} must be"));
}

TEST(BodyTemplateTest, SaysWhatIsWrongWithItsVariables) {
  EXPECT_THAT(problems_of(R"({"a":[{"b/c":"{phone}"}]})"), HasSubstr("/body/a/0/b~1c: {phone} is no identifier"));
  EXPECT_THAT(problems_of(R"({"a":"{Email}"})"), HasSubstr("/body/a: {Email} names nothing"));
}

} // namespace
} // namespace plugboard::rest::test
