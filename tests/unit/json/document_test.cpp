#include "core/json/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace plugboard::json {

void PrintTo(const Fault& fault, std::ostream* out) {
  *out << fault.pointer << ": " << fault.message;
}

namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

auto fault(const std::string& pointer, const std::string& part) {
  return AllOf(Field(&Fault::pointer, pointer), Field(&Fault::message, HasSubstr(part)));
}

TEST(DocumentTest, ReadsWhatPeopleWrite) {
  const Document document =
      read_document("\xEF\xBB\xBF// comment\n{\"a\": [1, /* two */ \"x\"], \"b\": {\"c\": null}}\n", true);
  EXPECT_THAT(document.faults, IsEmpty());
  EXPECT_EQ(to_text(document.tree), R"({"a":[1,"x"],"b":{"c":null}})");
}

TEST(DocumentTest, CommentsAreAllowedOnlyWhereSaid) {
  EXPECT_THAT(read_document("[] // comment", true).faults, IsEmpty());
  EXPECT_THAT(read_document("[] // comment", false).faults, ElementsAre(fault("", "line 1, column 4")));
}

TEST(DocumentTest, SyntaxErrorsHaveLineAndColumn) {
  const Document document = read_document("{\n  \"ä\": 1\n  \"b\": 2\n}", true);
  EXPECT_TRUE(document.tree.IsNull());
  EXPECT_THAT(document.faults,
              ElementsAre(fault("", "line 3, column 3: Missing a comma or '}' after an object member.")));
  EXPECT_THAT(read_document("{\"ä\": x}", true).faults, ElementsAre(fault("", "line 1, column 7: ")));
  EXPECT_THAT(read_document("{\"a\": 1,}", true).faults,
              ElementsAre(fault("", "line 1, column 9: A comma stands before")));
  EXPECT_THAT(read_document("", true).faults, ElementsAre(fault("", "empty")));
  EXPECT_THAT(read_document("{} {}", true).faults, ElementsAre(fault("", "column 4")));
  EXPECT_THAT(read_document(std::string_view("{}\0{", 4), true).faults, ElementsAre(fault("", "column 3: A NUL byte")));
  EXPECT_THAT(read_document("/* never closed", true).faults, ElementsAre(fault("", "line 1")));
}

TEST(DocumentTest, AllDuplicateKeysAreReportedAndTheFirstKept) {
  const Document document = read_document(
      R"({"connectors":{"crm":{"a":1},"crm":{"b":[1,{"x":1,"x":2}]},"x":1,"\u0078":2},"y":[{"z":1,"z":2}],"connectors":{}})",
      true);
  EXPECT_THAT(document.faults,
              ElementsAre(fault("/connectors/crm", "stands twice"), fault("/connectors/crm/b/1/x", "stands twice"),
                          fault("/connectors/x", "stands twice"), fault("/y/0/z", "stands twice"),
                          fault("/connectors", "stands twice")));
  EXPECT_EQ(to_text(document.tree), R"({"connectors":{"crm":{"a":1},"x":1},"y":[{"z":1}]})");
}

TEST(DocumentTest, ASyntaxErrorHidesTheRest) {
  EXPECT_THAT(read_document(R"({"a":1,"a":2,)", true).faults, ElementsAre(fault("", "line 1, column 14")));
}

TEST(DocumentTest, IntegersAreExact) {
  const Document document =
      read_document("[9223372036854775807,-9223372036854775808,18446744073709551615,-0,1.0,0.1]", true);
  const auto& list = document.tree;
  EXPECT_EQ(list[0].GetInt64(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(list[1].GetInt64(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(list[2].GetUint64(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_TRUE(list[3].IsInt());
  EXPECT_TRUE(list[4].IsDouble());
  EXPECT_EQ(list[5].GetDouble(), 0.1);
}

TEST(DocumentTest, DoublesAreExact) { // RapidJSON's own conversion is off by a bit here, or crashes
  const Document document = read_document("[0.3017, 179769313486231570e291, 2.2250738585072011e-308, 1e-400, "
                                          "123456789012345678901234567890.123456789012345678901234567890]",
                                          true);
  ASSERT_THAT(document.faults, IsEmpty());
  EXPECT_EQ(document.tree[0].GetDouble(), 0.3017);
  EXPECT_EQ(document.tree[1].GetDouble(), std::numeric_limits<double>::max());
  EXPECT_EQ(document.tree[2].GetDouble(), 2.2250738585072011e-308);
  EXPECT_EQ(document.tree[3].GetDouble(), 0.0);
  EXPECT_EQ(document.tree[4].GetDouble(), 123456789012345678901234567890.123456789012345678901234567890);
}

TEST(DocumentTest, NumbersTooLargeAreFaults) {
  EXPECT_THAT(read_document(R"({"a":[18446744073709551616,-9223372036854775809]})", true).faults,
              ElementsAre(fault("/a/0", "64 bits"), fault("/a/1", "64 bits")));
  EXPECT_THAT(read_document("[1e400]", true).faults, ElementsAre(fault("", "line 1, column 2: A number is larger")));
  EXPECT_THAT(read_document("[179769313486231580e291,1.8e308]", true).faults, testing::Not(IsEmpty()));
}

TEST(DocumentTest, HalfCharactersAreFaults) {
  EXPECT_THAT(read_document(R"({"a":"\udc00","\udc00":1})", true).faults,
              ElementsAre(fault("/a", "half a character"), fault("/?", "half a character")));
  EXPECT_THAT(read_document("[\"\xff\"]", true).faults, ElementsAre(fault("", "line 1")));
}

TEST(DocumentTest, DepthIsLimited) {
  EXPECT_THAT(read_document(std::string(64, '[') + std::string(64, ']'), true).faults, IsEmpty());
  EXPECT_THAT(read_document(std::string(65, '[') + std::string(65, ']'), true).faults,
              ElementsAre(Field(&Fault::message, HasSubstr("deeper than 64"))));
  EXPECT_THAT(read_document(std::string(200'000, '['), true).faults,
              ElementsAre(Field(&Fault::message, HasSubstr("deeper"))));
}

TEST(DocumentTest, FindsByMemberAndPointer) {
  const Document document = read_document(R"({"a":[{"b/c":"x"}],"":1})", true);
  EXPECT_EQ(text_of(*at_pointer(document.tree, "/a/0/b~1c")), "x");
  EXPECT_EQ(at_pointer(document.tree, ""), &document.tree);
  EXPECT_EQ(at_pointer(document.tree, "/")->GetInt(), 1);
  for (const char* none : {"/a/1", "/a/-", "/a/00", "/a/0x", "/a/ 0", "/a/-1", "/b", "/a/0/b~1c/x", "a"}) {
    EXPECT_EQ(at_pointer(document.tree, none), nullptr) << none;
  }
  EXPECT_EQ(member(*member(document.tree, "a"), "b"), nullptr);
  EXPECT_EQ(text_of(document.tree), "");
}

} // namespace
} // namespace plugboard::json
