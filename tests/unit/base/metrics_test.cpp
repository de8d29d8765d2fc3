#include "core/base/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace plugboard {
namespace {

using testing::HasSubstr;

TEST(MetricsTest, SpeaksPrometheusText) {
  Metrics metrics;
  metrics.counter("plugboard_calls_total", "Calls made.", {{"connector", "crm"}, {"outcome", "ok"}}).add();
  metrics.counter("plugboard_calls_total", "Calls made.", {{"connector", "crm"}, {"outcome", "timeout"}}).add(2);
  metrics.gauge("plugboard_in_flight", "Requests in flight.").set(3);
  metrics.gauge("plugboard_in_flight", "Requests in flight.").add(-1);
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("# HELP plugboard_calls_total Calls made.\n# TYPE plugboard_calls_total counter\n"));
  EXPECT_THAT(text, HasSubstr("plugboard_calls_total{connector=\"crm\",outcome=\"ok\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("plugboard_calls_total{connector=\"crm\",outcome=\"timeout\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE plugboard_in_flight gauge\nplugboard_in_flight 2\n"));
}

TEST(MetricsTest, GivesTheSameObjectForTheSameLabels) {
  Metrics metrics;
  Counter& first = metrics.counter("calls_total", "Calls.", {{"a", "1"}, {"b", "2"}});
  EXPECT_EQ(&first, &metrics.counter("calls_total", "Calls.", {{"b", "2"}, {"a", "1"}}));
  EXPECT_NE(&first, &metrics.counter("calls_total", "Calls.", {{"a", "1"}, {"b", "3"}}));
  Histogram& histogram = metrics.histogram("seconds", "How long.");
  EXPECT_EQ(&histogram, &metrics.histogram("seconds", "How long."));
}

TEST(MetricsTest, CountsSecondsFromHalfAMillisecondToThirty) {
  Metrics metrics;
  Histogram& histogram = metrics.histogram("call_seconds", "How long.", {{"connector", "crm"}});
  histogram.observe(0.0004);
  histogram.observe(0.02);
  histogram.observe(60);
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("call_seconds_count{connector=\"crm\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("call_seconds_bucket{connector=\"crm\",le=\"0.0005\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("call_seconds_bucket{connector=\"crm\",le=\"0.025\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("call_seconds_bucket{connector=\"crm\",le=\"30\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("call_seconds_bucket{connector=\"crm\",le=\"+Inf\"} 3\n"));
}

TEST(MetricsTest, LabelsCannotBreakALine) {
  Metrics metrics;
  metrics.counter("calls_total", "Calls.", {{"name", "a\"b\\c\nd"}}).add();
  EXPECT_THAT(metrics.text(), HasSubstr(R"(calls_total{name="a\"b\\c\nd"} 1)"));
}

TEST(MetricsTest, OneNameOfTwoKindsIsABug) {
  Metrics metrics;
  metrics.counter("calls", "Calls.");
  EXPECT_THROW(metrics.gauge("calls", "Calls."), std::exception);
}

} // namespace
} // namespace plugboard
