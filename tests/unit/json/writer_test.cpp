#include "core/json/writer.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace plugboard::json {
namespace {

TEST(WriterTest, PutsCommasWhereTheyBelong) {
  std::string out;
  Writer writer(out);
  writer.begin_object().member("a", 1).key("b").begin_array().value("x").begin_object().end_object().null().end_array();
  writer.key("c").begin_array().end_array().member("d", true).end_object();
  EXPECT_EQ(out, R"({"a":1,"b":["x",{},null],"c":[],"d":true})");
}

TEST(WriterTest, WritesEveryNumberExactly) {
  std::string out;
  Writer writer(out);
  writer.begin_array().value(std::numeric_limits<std::int64_t>::min()).value(std::numeric_limits<std::size_t>::max());
  writer.value(7U).value(0.1).value(1e300).value(std::numeric_limits<double>::quiet_NaN()).end_array();
  EXPECT_EQ(out, "[-9223372036854775808,18446744073709551615,7,0.1,1e+300,null]");
}

TEST(WriterTest, EscapesKeysAndValues) {
  std::string out;
  Writer(out).begin_object().member(std::string("a\"\n"), std::string("\xff\0", 2)).end_object();
  EXPECT_EQ(out, "{\"a\\\"\\n\":\"\uFFFD\\u0000\"}");
}

TEST(WriterTest, SplicesBytesAsTheyAre) {
  std::string out = "data: ";
  Writer(out).begin_object().key("raw").raw(R"({ "as":"it is" })").member("next", 1).end_object();
  EXPECT_EQ(out, R"(data: {"raw":{ "as":"it is" },"next":1})");
}

TEST(WriterDeathTest, HalfATextIsABug) {
  std::string out;
  EXPECT_DEATH(Writer(out).begin_object(), "broken invariant");
  EXPECT_DEATH(Writer(out).begin_array().end_array().end_array(), "broken invariant");
  EXPECT_DEATH(Writer(out).begin_object().key("a").end_object(), "broken invariant");
  EXPECT_DEATH(Writer(out).key("a"), "broken invariant");
}

} // namespace
} // namespace plugboard::json
