#include "core/json/fields.hpp"

#include <gtest/gtest.h>

namespace plugboard::json {
namespace {

class FieldsTest : public testing::Test {
 protected:
  Fields fields(std::string_view text, std::string pointer = "") {
    return {reader_.read(text).value(), std::move(pointer)};
  }

  static std::string fault(Fields& fields) {
    const auto done = fields.finish();
    if (done) return "fine";
    EXPECT_EQ(done.error().code, Code::invalid_argument);
    return done.error().message;
  }

  Reader reader_;
};

TEST_F(FieldsTest, ReadsWhatIsAskedFor) {
  Fields f = fields(R"({"s":"x","i":5,"b":false,"o":{"k":1},"a":[1,2],"any":null})");
  EXPECT_EQ(f.string("s"), "x");
  EXPECT_EQ(f.integer("i", 0, 10), 5);
  EXPECT_EQ(f.boolean("b"), false);
  EXPECT_EQ(f.object("o")["k"].integer(), 1);
  EXPECT_EQ(f.array("a").size(), 2U);
  EXPECT_TRUE(f.any("any"));
  EXPECT_EQ(f.string("absent"), std::nullopt);
  EXPECT_TRUE(f.ok());
  EXPECT_EQ(fault(f), "fine");
}

TEST_F(FieldsTest, RefusesWrongTypesWithTheirPointer) {
  const std::string text = R"({"k":{"x":1}})";
  Fields string = fields(text, "/sections/0"), integer = fields(text), boolean = fields(text), array = fields(text);
  EXPECT_EQ(string.string("k"), std::nullopt);
  EXPECT_EQ(fault(string), "/sections/0/k: must be a string");
  EXPECT_EQ(integer.integer("k", 1, 9), std::nullopt);
  EXPECT_EQ(fault(integer), "/k: must be an integer from 1 to 9");
  EXPECT_EQ(boolean.boolean("k"), std::nullopt);
  EXPECT_EQ(fault(boolean), "/k: must be true or false");
  EXPECT_FALSE(array.array("k"));
  EXPECT_EQ(fault(array), "/k: must be an array");
}

TEST_F(FieldsTest, HoldsIntegersWithinTheirBounds) {
  for (const char* bad :
       {R"({"k":0})", R"({"k":10})", R"({"k":1.0})", R"({"k":"5"})", R"({"k":18446744073709551615})"}) {
    Fields f = fields(bad);
    EXPECT_EQ(f.integer("k", 1, 9), std::nullopt) << bad;
    EXPECT_FALSE(f.ok()) << bad;
  }
}

TEST_F(FieldsTest, RefusesNullWhereAStringIsOptional) {
  Fields f = fields(R"({"k":null})");
  EXPECT_EQ(f.string("k"), std::nullopt);
  EXPECT_EQ(fault(f), "/k: must be a string");
}

TEST_F(FieldsTest, SaysWhatIsRequired) {
  const auto required = [&](std::string_view text) {
    Fields f = fields(text);
    const std::string value(f.required_string("k"));
    return value + "|" + fault(f);
  };
  EXPECT_EQ(required("{}"), "|/k: is missing; must be a string");
  EXPECT_EQ(required(R"({"k":""})"), "|/k: must not be empty");
  EXPECT_EQ(required(R"({"k":7})"), "|/k: must be a string");
  EXPECT_EQ(required(R"({"k":"v"})"), "v|fine");
}

TEST_F(FieldsTest, RefusesMembersNobodyAskedFor) {
  Fields f = fields(R"({"deadline_sm":1,"sections":[]})", "/a~1b");
  f.integer("deadline_ms", 1, 30'000);
  f.array("sections");
  EXPECT_EQ(fault(f), R"(/a~1b/deadline_sm: unknown member "deadline_sm"; did you mean "deadline_ms"?)");
}

TEST_F(FieldsTest, NamesTheFirstOfMembersNobodyAskedFor) {
  Fields f = fields(R"({"deadlin":1,"sectoins":2})");
  f.array("sections");
  f.integer("deadline", 1, 30'000);
  EXPECT_EQ(fault(f), R"(/deadlin: unknown member "deadlin"; did you mean "deadline"?)");
}

TEST_F(FieldsTest, KeepsTheFirstFault) {
  Fields f = fields(R"({"a":1,"b":2,"c":"x"})");
  f.string("a");
  f.refuse("b", "is out of luck");
  EXPECT_EQ(f.string("c"), std::nullopt); // defaults from then on
  EXPECT_EQ(fault(f), "/a: must be a string");
}

TEST_F(FieldsTest, TakesFaultsOfTheCallers) {
  Fields f = fields(R"({"a":"x"})");
  f.string("a");
  f.refuse("a", "is no section");
  EXPECT_EQ(fault(f), "/a: is no section");
}

TEST_F(FieldsTest, WantsAnObject) {
  Fields root = fields("[]");
  EXPECT_EQ(fault(root), "must be an object");
  Fields inner = fields("1", "/x");
  EXPECT_EQ(fault(inner), "/x: must be an object");
}

TEST_F(FieldsTest, ReadsElementsUpToTheFirstThatCanNotBeRead) {
  const auto read = [](Value element, const std::string& at) -> Result<std::int64_t> {
    if (const auto number = element.integer()) return *number;
    return fail(Code::invalid_argument, at + ": must be a number");
  };
  EXPECT_EQ(read_elements(reader_.read("[1,2,3]").value(), "/a", read).value(), (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_TRUE(read_elements(Value(), "/a", read).value().empty());
  const auto broken = read_elements(reader_.read(R"([1,"x",{}])").value(), "/a", read);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().message, "/a/1: must be a number");
}

} // namespace
} // namespace plugboard::json
