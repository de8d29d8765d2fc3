#include "plugins/rest/mapping.hpp"

#include "plugins/rest/test/support.hpp"

#include <gmock/gmock.h>

namespace plugboard::rest::test {
namespace {

using testing::HasSubstr;

std::string mapped(std::string_view mapping, std::string_view answer) {
  Problems problems;
  auto map = read_mapping(json(mapping), "/mapping", problems);
  EXPECT_EQ(problems.text(), "");
  auto outcome = map.apply(json(answer));
  if (auto* misfit = std::get_if<Misfit>(&outcome)) return misfit->pointer + ": " + misfit->reason;
  return write_json(std::get<Value>(outcome));
}

std::string problems_of(std::string_view mapping) {
  Problems problems;
  static_cast<void>(read_mapping(json(mapping), "/mapping", problems));
  return problems.text();
}

TEST(MappingTest, FillsAShapeFromPointersConstantsAndLoops) {
  EXPECT_EQ(
      mapped(R"({"customer_id": "/id", "name": {"join": ["/first", "/last"], "with": " "},
                       "orders": {"each": "/items", "map": {
                         "id": {"from": "/order_no", "as": "string"},
                         "total.amount_minor": {"from": "/price", "as": "minor_units"},
                         "total.currency": {"const": "SEK"},
                         "placed_at": {"from": "/ts", "as": "unix_seconds"},
                         "status": {"from": "/state", "table": {"N": "pending"}, "else": "processing"}}}})",
             R"({"id":"c-7","first":"Leonie","last":"Köhler",
                       "items":[{"order_no":12,"price":0.29,"ts":1767225600,"state":"N"},
                                {"order_no":13,"price":"1299.9","ts":0,"state":"X"}]})"),
      R"({"customer_id":"c-7","name":"Leonie Köhler","orders":[)"
      R"({"id":"12","total":{"amount_minor":29,"currency":"SEK"},"placed_at":"2026-01-01T00:00:00Z","status":"pending"},)"
      R"({"id":"13","total":{"amount_minor":129990,"currency":"SEK"},"placed_at":"1970-01-01T00:00:00Z","status":"processing"}]})");
}

TEST(MappingTest, LeavesOutWhatIsNotThere) {
  EXPECT_EQ(mapped(R"({"a":"/a","b":"/b/c","c":{"each":"/c","map":{"x":"/x"}},"d":{"join":["/d"]}})",
                   R"({"b":"text","c":null})"),
            "{}");
}

TEST(MappingTest, LeavesOutAnInnerObjectThatIsOnlyConstantsBesideNothing) {
  constexpr auto kMoney = R"({"total.amount_minor":{"from":"/p","as":"minor_units"},"total.currency":{"const":"SEK"}})";
  EXPECT_EQ(mapped(kMoney, "{}"), "{}");
  EXPECT_EQ(mapped(kMoney, R"({"p":1})"), R"({"total":{"amount_minor":100,"currency":"SEK"}})");
  EXPECT_EQ(mapped(R"({"shop.channel.name":{"const":"web"}})", "{}"), R"({"shop":{"channel":{"name":"web"}}})")
      << "nothing was asked for";
  EXPECT_EQ(mapped(R"({"a.b.c":"/c","a.b.d":{"const":1},"a.e":{"const":2}})", "{}"), "{}");
}

TEST(MappingTest, TakesTheDefaultWhenNothingIsThere) {
  EXPECT_EQ(mapped(R"({"a":{"from":"/a","as":"integer","default":0},"b":{"each":"/b","item":"","default":[]},
                       "c.d":{"from":"/d","default":null},"c.e":{"const":1}})",
                   "{}"),
            R"({"a":0,"b":[],"c":{"d":null,"e":1}})");
  EXPECT_THAT(mapped(R"({"a":{"from":"/a","as":"integer","default":0}})", R"({"a":"x"})"), HasSubstr("/a: "))
      << "a default does not hide what can't be read";
}

TEST(MappingTest, JoinsWhatThereIs) {
  constexpr auto kName = R"({"name":{"join":["/first","/middle","/last"],"with":" "}})";
  EXPECT_EQ(mapped(kName, R"({"first":"Ada","last":"Lovelace"})"), R"({"name":"Ada Lovelace"})");
  EXPECT_EQ(mapped(kName, R"({"first":"","middle":null,"last":"X"})"), R"({"name":"X"})");
  EXPECT_EQ(mapped(kName, R"({"first":7})"), R"({"name":"7"})");
  EXPECT_EQ(mapped(kName, R"({"middle":{"x":1}})"), "/middle: neither a string, a number nor a boolean");
}

TEST(MappingTest, LoopsOverPlainValuesAndOverLoops) {
  EXPECT_EQ(mapped(R"({"tags":{"each":"/t","item":{"from":"/n","as":"upper"}}})", R"({"t":[{"n":"a"},{},{"n":"b"}]})"),
            R"({"tags":["A","B"]})");
  EXPECT_EQ(mapped(R"({"a":{"each":"","map":{"b":{"each":"/l","map":{"c":""}}}}})", R"([{"l":[1,2]},{"l":[]},{}])"),
            R"({"a":[{"b":[{"c":1},{"c":2}]},{"b":[]},{}]})");
}

TEST(MappingTest, SaysWhereTheAnswerDoesNotFit) {
  EXPECT_EQ(mapped(R"({"o":{"each":"/a/items","map":{"x.y":{"each":"/l","item":{"from":"/n","as":"integer"}}}}})",
                   R"({"a":{"items":[{"l":[]},{"l":[{"n":1},{"n":"secret"}]}]}})"),
            "/a/items/1/l/1/n: not a whole number of 64 bits");
  EXPECT_EQ(mapped(R"({"o":{"each":"/items","map":{"x":"/x"}}})", R"({"items":{"0":1}})"), "/items: not an array");
}

TEST(MappingTest, SaysWhatIsWrongWithItsConfiguration) {
  EXPECT_THAT(problems_of("{}"), HasSubstr("/mapping: the mapping is empty"));
  EXPECT_THAT(problems_of(R"({"a":"x"})"), HasSubstr("/mapping/a: write a JSON Pointer"));
  EXPECT_THAT(problems_of(R"({"a":1})"), HasSubstr("/mapping/a: write a JSON Pointer"));
  EXPECT_THAT(problems_of(R"({"a":{}})"), HasSubstr("/mapping/a: say where the value comes from"));
  EXPECT_THAT(problems_of(R"({"a":{"from":"x"}})"), HasSubstr("/mapping/a/from: \"x\" is no JSON Pointer"));
  EXPECT_THAT(problems_of(R"({"a":{"from":"/x","const":1}})"), HasSubstr("/mapping/a/const: nothing of this name"));
  EXPECT_THAT(problems_of(R"({"a":{"const":1,"default":1}})"), HasSubstr("/mapping/a/default: a constant needs"));
  EXPECT_THAT(problems_of(R"({"a":{"join":[]}})"), HasSubstr("/mapping/a/join: name at least one"));
  EXPECT_THAT(problems_of(R"({"a":{"join":["/x","y"]}})"), HasSubstr("/mapping/a/join/1: write a JSON Pointer"));
  EXPECT_THAT(problems_of(R"({"a":{"each":"/x"}})"), HasSubstr("/mapping/a: \"each\" goes with either"));
  EXPECT_THAT(problems_of(R"({"a":{"each":"/x","map":{"b":3}}})"), HasSubstr("/mapping/a/map/b: write a JSON Pointer"));
  EXPECT_THAT(problems_of(R"({"a":{"each":"/x","item":{"as":"x"}}})"), HasSubstr("/mapping/a/item: say where"));
  for (auto path : {"", ".", "a.", ".a", "a..b"})
    EXPECT_THAT(problems_of(R"({")" + std::string(path) + R"(":"/x"})"), HasSubstr("write the path of a member"));
}

TEST(MappingTest, RefusesTwoLinesForOneMember) {
  EXPECT_THAT(problems_of(R"({"a":"/x","a.b":"/y"})"), HasSubstr("/mapping/a.b: another line"));
  EXPECT_THAT(problems_of(R"({"a.b":"/x","a":"/y"})"), HasSubstr("/mapping/a: another line"));
  EXPECT_THAT(problems_of(R"({"a.b":"/x","a.b.c":"/y"})"), HasSubstr("/mapping/a.b.c: another line"));
  EXPECT_EQ(problems_of(R"({"a.b":"/x","a.c":"/y"})"), "");
}

} // namespace
} // namespace plugboard::rest::test
