#include "core/connector/metric_spec.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <limits>

namespace plugboard::connector {
namespace {

using testing::HasSubstr;

Result<std::vector<MetricSpec>> read(std::string_view text) {
  return read_metric_specs(json::read_document(text, false).tree, "/metrics");
}

std::string fault(std::string_view text) {
  const auto specs = read(text);
  return specs ? "" : specs.error().message;
}

TEST(MetricSpecTest, SaysWhatItsSeriesAre) {
  const auto specs =
      read(R"({"x_total": {"type": "counter", "help": "h", "labels": {"a": ["1", "2"], "b": ["x", "y", "z"]}},
                              "y": {"type": "histogram", "help": "h", "buckets": [1, 2.5]}})");
  ASSERT_TRUE(specs);
  const MetricSpec& spec = specs->at(0);
  ASSERT_EQ(spec.series(), 6U);
  for (std::size_t i = 0; i < spec.series(); ++i) EXPECT_EQ(spec.series_of(spec.values_of(i)), i);
  const std::vector<std::string_view> unknown{"1", "w"}, few{"1"};
  EXPECT_EQ(spec.series_of(unknown), std::nullopt);
  EXPECT_EQ(spec.series_of(few), std::nullopt);
  EXPECT_EQ(specs->at(1).series(), 1U);
  EXPECT_EQ(specs->at(1).buckets, (std::vector<double>{1, 2.5}));
}

TEST(MetricSpecTest, TakesNumbersOnlyAndOfACounterNoneThatShrinksIt) {
  const auto specs = read(R"({"x_total": {"type": "counter", "help": "h"}, "y": {"type": "gauge", "help": "h"}})");
  ASSERT_TRUE(specs);
  EXPECT_TRUE(specs->at(0).takes(0));
  EXPECT_FALSE(specs->at(0).takes(-1));
  EXPECT_TRUE(specs->at(1).takes(-1));
  EXPECT_FALSE(specs->at(1).takes(std::nan("")));
  EXPECT_FALSE(specs->at(1).takes(std::numeric_limits<double>::infinity()));
}

TEST(MetricSpecTest, SaysWhereADeclarationIsWrong) {
  EXPECT_THAT(fault("[]"), HasSubstr("/metrics: must be an object"));
  EXPECT_THAT(fault(R"({"X": {"type": "gauge", "help": "h"}})"), HasSubstr("/metrics/X: a name is"));
  EXPECT_THAT(fault(R"({"x": {"type": "timer", "help": "h"}})"), HasSubstr("/metrics/x/type: must be"));
  EXPECT_THAT(fault(R"({"x": {"type": "counter", "help": "h"}})"), HasSubstr("ends with \"_total\""));
  EXPECT_THAT(fault(R"({"x_total": {"type": "gauge", "help": "h"}})"), HasSubstr("ends with \"_total\""));
  EXPECT_THAT(fault(R"({"x": {"type": "gauge"}})"), HasSubstr("/metrics/x/help"));
  EXPECT_THAT(fault(R"({"x": {"type": "gauge", "help": "h", "unit": "s"}})"), HasSubstr("/metrics/x/unit"));
  EXPECT_THAT(fault(R"({"x": {"type": "gauge", "help": "h", "buckets": [1]}})"), HasSubstr("only a histogram"));
  EXPECT_THAT(fault(R"({"x": {"type": "histogram", "help": "h", "buckets": [1, 1]}})"), HasSubstr("each larger"));
  const auto label = [](const std::string& labels) {
    return fault(R"({"x": {"type": "gauge", "help": "h", "labels": )" + labels + "}}");
  };
  EXPECT_THAT(label(R"({"connector": ["a"]})"), HasSubstr("the hub's own"));
  EXPECT_THAT(label(R"({"a": []})"), HasSubstr("/metrics/x/labels/a: must list all values"));
  EXPECT_THAT(label(R"({"a": ["b", "b"]})"), HasSubstr("twice"));
  EXPECT_THAT(label(R"({"a": ["b\n"]})"), HasSubstr("a text"));
  EXPECT_THAT(label(R"({"a": ["1"], "b": ["1"], "c": ["1"], "d": ["1"], "e": ["1"]})"), HasSubstr("at most 4"));
}

TEST(MetricSpecTest, BoundsAllSeriesTogether) {
  std::string values;
  for (int i = 0; i < 20; ++i) values += (i > 0 ? ", \"" : "\"") + std::to_string(i) + "\"";
  const std::string metric =
      R"({"type": "gauge", "help": "h", "labels": {"a": [)" + values + R"(], "b": [)" + values + "]}}";
  EXPECT_THAT(fault("{\"x\": " + metric + "}"), HasSubstr("more than 256 series"));
}

} // namespace
} // namespace plugboard::connector
