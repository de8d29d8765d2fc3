#include "core/wire/messages.hpp"
#include "core/wire/services.hpp"

#include <gtest/gtest.h>

namespace plugboard::wire {
namespace {

std::string body_of(const std::string& bytes, Type type) { // of the one frame that was written
  EXPECT_EQ(bytes.size(), 4 + FieldReader(bytes).u32());
  EXPECT_EQ(bytes[4], static_cast<char>(type));
  return bytes.substr(kHeadBytes);
}

// A message that is cut short anywhere, or has a byte too many, is none.
template <class Read>
void expect_whole(const std::string& body, Read read) {
  EXPECT_TRUE(read(body));
  for (std::size_t size = 0; size < body.size(); ++size)
    EXPECT_FALSE(read(std::string_view(body).substr(0, size))) << "cut at " << size;
  EXPECT_FALSE(read(body + '\0'));
}

TEST(WireServicesTest, AnAlarmComesAsItWasSet) {
  std::string out;
  write(out, AlarmSet{7, 9, -3});
  const std::string body = body_of(out, Type::alarm);
  expect_whole(body, read_alarm_set);
  EXPECT_EQ(read_alarm_set(body)->alarm, 7U);
  EXPECT_EQ(read_alarm_set(body)->call, 9U);
  EXPECT_EQ(read_alarm_set(body)->after_ns, -3);
}

TEST(WireServicesTest, ItsEndComesAsItWasSent) {
  std::string out;
  write(out, AlarmOver{7, PLUGBOARD_CANCELLED});
  const std::string body = body_of(out, Type::alarm_over);
  expect_whole(body, read_alarm_over);
  EXPECT_EQ(read_alarm_over(body)->alarm, 7U);
  EXPECT_EQ(read_alarm_over(body)->outcome, PLUGBOARD_CANCELLED);
}

TEST(WireServicesTest, WhatWasCountedComesAsItWas) {
  std::string out;
  write(out, Measured{3, {{1, 2, 0.25}, {4, 5, -6}}});
  const std::string body = body_of(out, Type::measured);
  expect_whole(body, read_measured);
  const auto read = read_measured(body);
  EXPECT_EQ(read->refused, 3U);
  ASSERT_EQ(read->measures.size(), 2U);
  EXPECT_EQ(read->measures[0].series, 2U);
  EXPECT_EQ(read->measures[0].value, 0.25);
  EXPECT_EQ(read->measures[1].value, -6);
}

TEST(WireServicesTest, MoreThanMayBeCountedAtOnceIsNone) {
  Measured much;
  much.measures.resize(kMostMeasures + 1);
  std::string out;
  write(out, much);
  EXPECT_FALSE(read_measured(body_of(out, Type::measured)));
}

TEST(WireServicesTest, DeclaredMetricsComeWithTheSetup) {
  wire::Setup setup;
  setup.metrics = {{"answers_total", 1, {{"right", "wrong"}, {"short"}}}, {"depth", 2, {}}};
  std::string out;
  write(out, setup);
  const std::string body = body_of(out, Type::setup);
  expect_whole(body, read_setup);
  const auto read = read_setup(body);
  ASSERT_EQ(read->metrics.size(), 2U);
  EXPECT_EQ(read->metrics[0].labels, setup.metrics[0].labels);
  EXPECT_EQ(read->metrics[1].name, "depth");
  EXPECT_EQ(read->metrics[1].kind, 2);
}

} // namespace
} // namespace plugboard::wire
