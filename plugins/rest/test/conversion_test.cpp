#include "plugins/rest/conversion.hpp"

#include "plugins/rest/test/support.hpp"

#include <gmock/gmock.h>

namespace plugboard::rest::test {
namespace {

using testing::HasSubstr;

Conversion compile(std::string_view config) {
  Problems problems;
  auto value = json(config);
  Fields fields(value, "/m", problems);
  auto conversion = read_conversion(fields);
  fields.all_read();
  EXPECT_EQ(problems.text(), "");
  return conversion;
}

// What comes out as JSON, or "refused".
std::string converted(std::string_view config, std::string_view from) {
  auto conversion = compile(config);
  auto result = convert(conversion, json(from));
  EXPECT_EQ(result.value.has_value(), result.reason.empty());
  return result.value ? write_json(*result.value) : "refused";
}

std::string as(const std::string& name, std::string_view from) {
  return converted(R"({"as":")" + name + "\"}", from);
}

std::string problems_of(std::string_view config) {
  Problems problems;
  auto value = json(config);
  Fields fields(value, "/m", problems);
  static_cast<void>(read_conversion(fields));
  fields.all_read();
  return problems.text();
}

TEST(ConversionTest, CopiesWhenNoneIsNamed) {
  EXPECT_EQ(converted("{}", R"({"a":[1.50]})"), R"({"a":[1.50]})");
}

TEST(ConversionTest, MakesStrings) {
  EXPECT_EQ(as("string", "42"), R"("42")");
  EXPECT_EQ(as("string", "12345678901234567890"), R"("12345678901234567890")");
  EXPECT_EQ(as("string", "true"), R"("true")");
  EXPECT_EQ(as("string", R"("x")"), R"("x")");
  EXPECT_EQ(as("string", "[1]"), "refused");
}

TEST(ConversionTest, MakesIntegers) {
  EXPECT_EQ(as("integer", "42"), "42");
  EXPECT_EQ(as("integer", R"("0042")"), "42");
  EXPECT_EQ(as("integer", "3.0"), "3");
  EXPECT_EQ(as("integer", "4.2e1"), "42");
  for (auto from : {"3.5", R"("x")", R"("")", "true", "1e30", "{}"}) EXPECT_EQ(as("integer", from), "refused") << from;
}

TEST(ConversionTest, MakesNumbersThatJsonCanHold) {
  EXPECT_EQ(as("number", R"("1.50")"), "1.50");
  EXPECT_EQ(as("number", "1e3"), "1e3");
  for (auto from : {R"("01")", R"("NaN")", R"("1,5")", R"("")", R"(" 1")", "false"})
    EXPECT_EQ(as("number", from), "refused") << from;
}

TEST(ConversionTest, MakesBooleans) {
  for (auto from : {"true", "1", R"("true")", R"("1")"}) EXPECT_EQ(as("boolean", from), "true") << from;
  for (auto from : {"false", "0", R"("false")", R"("0")"}) EXPECT_EQ(as("boolean", from), "false") << from;
  for (auto from : {"2", R"("yes")", R"("")", "[]", "1.0"}) EXPECT_EQ(as("boolean", from), "refused") << from;
}

TEST(ConversionTest, MakesMinorUnitsExactly) {
  EXPECT_EQ(as("minor_units", "1299.9"), "129990");
  EXPECT_EQ(as("minor_units", R"("0.29")"), "29");
  EXPECT_EQ(as("minor_units", "-5"), "-500");
  EXPECT_EQ(converted(R"({"as":"minor_units","digits":0})", "1500"), "1500");
  EXPECT_EQ(converted(R"({"as":"minor_units","digits":3})", R"("1.234")"), "1234");
  for (auto from : {"0.001", "0.30000000000000004", R"("1 299,00")", R"("SEK 5")", "true", "1e40"})
    EXPECT_EQ(as("minor_units", from), "refused") << from;
}

TEST(ConversionTest, MakesTimesOfUnixTime) {
  EXPECT_EQ(as("unix_seconds", "1767225600"), R"("2026-01-01T00:00:00Z")");
  EXPECT_EQ(as("unix_seconds", R"("1767225600")"), R"("2026-01-01T00:00:00Z")");
  EXPECT_EQ(as("unix_seconds", "1767225600.1234567"), R"("2026-01-01T00:00:00.123456Z")");
  EXPECT_EQ(as("unix_seconds", "1.7672256e9"), R"("2026-01-01T00:00:00Z")");
  EXPECT_EQ(as("unix_millis", "1767225600042"), R"("2026-01-01T00:00:00.042Z")");
  EXPECT_EQ(as("unix_seconds", "-1"), R"("1969-12-31T23:59:59Z")");
  EXPECT_EQ(as("unix_seconds", "1767225600000000"), "refused") << "microseconds taken for seconds";
  EXPECT_EQ(as("unix_millis", R"("2026-01-01")"), "refused");
}

TEST(ConversionTest, ChecksDatesAndTimes) {
  EXPECT_EQ(as("date", R"("2026-01-31T23:00:00+01:00")"), R"("2026-01-31")");
  EXPECT_EQ(as("date", "20260131"), "refused");
  EXPECT_EQ(as("date_time", R"("2026-01-31T23:00:00+01:00")"), R"("2026-01-31T22:00:00Z")");
  EXPECT_EQ(as("date_time", R"("2026-01-31T23:00:00")"), "refused");
  EXPECT_EQ(converted(R"({"as":"date_time","offset":"+01:00"})", R"("2026-01-31T23:00:00")"),
            R"("2026-01-31T22:00:00Z")");
}

TEST(ConversionTest, ChangesTheCaseOfAsciiOnly) {
  EXPECT_EQ(as("lower", R"("AZ@Å[`{")"), R"("az@Å[`{")");
  EXPECT_EQ(as("upper", R"("az@å[`{")"), R"("AZ@å[`{")");
  EXPECT_EQ(as("lower", "1"), "refused");
}

TEST(ConversionTest, TranslatesByTable) {
  constexpr auto kTable = R"({"table":{"N":"pending","1":true,"true":7},"else":"processing"})";
  EXPECT_EQ(converted(kTable, R"("N")"), R"("pending")");
  EXPECT_EQ(converted(kTable, "1"), "true");
  EXPECT_EQ(converted(kTable, "true"), "7");
  EXPECT_EQ(converted(kTable, R"("?")"), R"("processing")");
  EXPECT_EQ(converted(kTable, "[]"), "refused");
  EXPECT_EQ(converted(R"({"table":{"N":"pending"}})", R"("?")"), "refused");
  EXPECT_EQ(converted(R"({"as":"lower","table":{"n":"pending"}})", R"("N")"), R"("pending")");
}

TEST(ConversionTest, SaysWhatIsWrongWithItsConfiguration) {
  EXPECT_THAT(problems_of(R"({"as":"cents"})"), HasSubstr("/m/as: \"cents\" is no conversion; there are string, "));
  EXPECT_THAT(problems_of(R"({"as":"string","digits":2})"), HasSubstr("/m/digits: only \"as\": \"minor_units\""));
  EXPECT_THAT(problems_of(R"({"as":"minor_units","digits":5})"), HasSubstr("/m/digits: write how many decimals"));
  EXPECT_THAT(problems_of(R"({"as":"date","offset":"Z"})"), HasSubstr("/m/offset: only"));
  EXPECT_THAT(problems_of(R"({"as":"date_time","offset":"CET"})"), HasSubstr("/m/offset: write \"Z\""));
  EXPECT_THAT(problems_of(R"({"else":"x"})"), HasSubstr("/m/else: \"else\" goes with a \"table\""));
  EXPECT_THAT(problems_of(R"({"table":{}})"), HasSubstr("/m/table: the table is empty"));
  EXPECT_THAT(problems_of(R"({"table":{"a/b":[]}})"), HasSubstr("/m/table/a~1b: write a string"));
  EXPECT_THAT(problems_of(R"({"az":1})"), HasSubstr("/m/az: nothing of this name"));
}

} // namespace
} // namespace plugboard::rest::test
