#include "plugins/sql/bind.hpp"

#include <plugboard/testkit/conversation.hpp>

#include <gmock/gmock.h>

namespace plugboard::sql {
namespace {

using testing::HasSubstr;
using Kind = Value::Kind;

Result<std::vector<Value>> bind(const std::vector<std::string>& names, testkit::Question question) {
  testkit::Conversation conversation(PLUGBOARD_LOOKUP, std::move(question));
  const Request request(conversation.request(), nullptr, {});
  return bind_values(names, request);
}

Value bound(const std::string& name, testkit::Question question) {
  auto values = bind({name}, std::move(question));
  if (!values) ADD_FAILURE() << values.failure().message;
  return values ? values->at(0) : Value{};
}

TEST(BindTest, FindsIdentifiersByType) {
  const testkit::Question question{.identifiers = {{"email", "a@x"}, {"crm.rep", "5"}, {"email", "b@x"}}};
  EXPECT_EQ(bound("email", question).text, "a@x");
  EXPECT_EQ(bound("crm.rep", question).text, "5");
  EXPECT_EQ(bind({"email", "phone"}, question)->at(1).kind, Kind::null);
}

TEST(BindTest, DoesNotAskAboutNobody) {
  EXPECT_EQ(bind({"phone", "tenant"}, {.identifiers = {{"email", "a@x"}}}).failure().status, Status::failed);
  EXPECT_EQ(bind({"phone"}, {.identifiers = {{"phone", ""}}}).failure().status, Status::failed);
}

TEST(BindTest, FindsTenantAndLanguage) {
  const testkit::Question question{.tenant = "shop", .language = "sv"};
  EXPECT_EQ(bound("tenant", question).text, "shop");
  EXPECT_EQ(bound("language", question).text, "sv");
  EXPECT_EQ(bound("language", {}).kind, Kind::null);
}

TEST(BindTest, ReadsParamsAsTheyWereSent) {
  const testkit::Question question{
      .params = R"({"n": 12345678901234567890, "f": 1.50, "t": "it's\u0020", "y": true, "z": null})"};
  EXPECT_EQ(bound("params.n", question).text, "12345678901234567890");
  EXPECT_EQ(bound("params.n", question).kind, Kind::number);
  EXPECT_EQ(bound("params.f", question).text, "1.50");
  EXPECT_EQ(bound("params.t", question).text, "it's ");
  EXPECT_EQ(bound("params.y", question).text, "true");
  EXPECT_EQ(bound("params.y", question).kind, Kind::boolean);
  EXPECT_EQ(bound("params.z", question).kind, Kind::null);
  EXPECT_EQ(bound("params.missing", question).kind, Kind::null);
}

TEST(BindTest, DoesNotMistakeWhatIsDeeperForAParam) {
  const testkit::Question question{.params = R"({"a": {"limit": 1}, "b": ["limit", 2], "limit": 3})"};
  EXPECT_EQ(bound("params.limit", question).text, "3");
  EXPECT_EQ(bind({"params.a"}, question).failure().status, Status::failed);
  EXPECT_THAT(bind({"params.b"}, question).failure().message, HasSubstr(":params.b must be"));
}

TEST(BindTest, RefusesParamsThatAreNone) {
  for (const char* text : {"[]", "1", "{", "\"x\"", "{}x"})
    EXPECT_FALSE(bind({"params.a"}, {.params = text}) && std::string(text) != "[]") << text;
}

TEST(BindTest, RefusesWhatADatabaseWouldCut) {
  const testkit::Question nul{.identifiers = {{"email", std::string("a@x\0b", 5)}}, .params = R"({"a": "x\u0000y"})"};
  EXPECT_THAT(bind({"email"}, nul).failure().message, HasSubstr(":email holds a NUL"));
  EXPECT_THAT(bind({"params.a"}, nul).failure().message, HasSubstr(":params.a holds a NUL"));
  EXPECT_FALSE(bind({"email"}, {.identifiers = {{"email", "\xff"}}}));
}

TEST(BindTest, NeverSaysTheValueInAMessage) {
  const testkit::Question nul{.identifiers = {{"email", std::string("secret@x\0", 9)}}};
  EXPECT_THAT(bind({"email"}, nul).failure().message, testing::Not(HasSubstr("secret")));
}

} // namespace
} // namespace plugboard::sql
