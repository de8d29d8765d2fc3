#include "plugins/rest/pause.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace plugboard::rest {
namespace {

using namespace std::chrono_literals;

const Pause::Time kStart{1000s};
const std::chrono::sys_seconds kNow{784111777s}; // Sun, 06 Nov 1994 08:49:37 GMT

std::chrono::seconds read(std::string_view value, std::optional<std::string_view> date = std::nullopt) {
  return read_retry_after(value, date, kNow);
}

TEST(PauseTest, LastsAsLongAsWasAsked) {
  Pause pause;
  EXPECT_EQ(pause.left(kStart), 0s);
  pause.begin(kStart, 30s);
  EXPECT_EQ(pause.left(kStart + 10s), 20s);
  EXPECT_EQ(pause.left(kStart + 30s), 0s);
}

TEST(PauseTest, IsNeverShortenedAndNeverLongerThanFiveMinutes) {
  Pause pause;
  pause.begin(kStart, 30s);
  pause.begin(kStart + 1s, 5s);
  EXPECT_EQ(pause.left(kStart + 10s), 20s);
  pause.begin(kStart, 24h);
  EXPECT_EQ(pause.left(kStart), 5min);
}

TEST(PauseTest, KeepsTheLongestOfManyThreads) {
  Pause pause;
  std::vector<std::jthread> threads;
  for (int i = 1; i <= 8; ++i)
    threads.emplace_back([&pause, i] {
      for (int k = 0; k < 1000; ++k) pause.begin(kStart, std::chrono::milliseconds(k * 8 + i));
    });
  threads.clear();
  EXPECT_EQ(pause.left(kStart), 8000ms);
}

TEST(RetryAfterTest, ReadsSeconds) {
  EXPECT_EQ(read("120"), 120s);
  EXPECT_EQ(read(" 0 "), 0s);
  EXPECT_EQ(read("99999999999999999999999"), 24h);
}

TEST(RetryAfterTest, ReadsADateAgainstTheAnswersOwnClock) {
  EXPECT_EQ(read("Sun, 06 Nov 1994 08:50:37 GMT"), 60s);
  EXPECT_EQ(read("Sun, 06 Nov 1994 08:50:37 GMT", "Sun, 06 Nov 1994 08:50:27 GMT"), 10s);
  EXPECT_EQ(read("Sun, 06 Nov 1994 08:50:37 GMT", "nonsense"), 60s);
  EXPECT_EQ(read("Sun, 06 Nov 1994 08:49:00 GMT"), 0s) << "it is over already";
  EXPECT_EQ(read("Sun, 06 Nov 2094 08:49:00 GMT"), 24h);
}

TEST(RetryAfterTest, MakesNothingOfNonsense) {
  for (auto text : {"", "-5", "5.5", "5s", "soon", "0x10"}) EXPECT_EQ(read(text), 0s) << text;
}

} // namespace
} // namespace plugboard::rest
