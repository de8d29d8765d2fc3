#include "plugins/rest/test/support.hpp"

namespace plugboard::rest::test {
namespace {

std::string at(std::string_view pointer, std::string_view document) {
  auto parsed = Pointer::parse(pointer);
  if (!parsed) return "no pointer";
  auto value = json(document);
  const auto* found = parsed->find(value);
  return found ? write_json(*found) : "nothing";
}

TEST(PointerTest, FollowsTheExamplesOfTheRfc) {
  constexpr std::string_view kDocument =
      R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8})";
  EXPECT_EQ(at("/foo", kDocument), R"(["bar","baz"])");
  EXPECT_EQ(at("/foo/0", kDocument), R"("bar")");
  EXPECT_EQ(at("/", kDocument), "0");
  EXPECT_EQ(at("/a~1b", kDocument), "1");
  EXPECT_EQ(at("/c%d", kDocument), "2");
  EXPECT_EQ(at("/ ", kDocument), "7");
  EXPECT_EQ(at("/m~0n", kDocument), "8");
  EXPECT_EQ(at("", "[1]"), "[1]");
}

TEST(PointerTest, FindsNothingWhereNothingIs) {
  for (auto pointer : {"/b", "/a/b", "/l/2", "/l/-", "/l/01", "/l/1x", "/l/+1", "/l/", "/l/99999999999999999999"})
    EXPECT_EQ(at(pointer, R"({"a":"text","l":[1,2]})"), "nothing") << pointer;
}

TEST(PointerTest, TakesNullForNothing) {
  EXPECT_EQ(at("/a", R"({"a":null})"), "nothing");
}

TEST(PointerTest, RefusesWhatIsNoPointer) {
  for (auto text : {"a", "a/b", "#/a", "/~", "/~2", "/a~"}) EXPECT_FALSE(Pointer::parse(text)) << text;
}

TEST(PointerTest, EscapesAToken) {
  EXPECT_EQ(below("/x", "a/b~c"), "/x/a~1b~0c");
}

} // namespace
} // namespace plugboard::rest::test
