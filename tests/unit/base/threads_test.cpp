// What base calls "any thread", from several at once: ThreadSanitizer looks on.
#include "core/base/clock.hpp"
#include "core/base/log.hpp"
#include "core/base/metrics.hpp"
#include "core/base/random.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <latch>
#include <sstream>
#include <thread>
#include <vector>

namespace plugboard {
namespace {

constexpr int kThreads = 4;
constexpr int kRounds = 500;

void at_once(const std::function<void()>& work) {
  std::latch start(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      for (int round = 0; round < kRounds; ++round) work();
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(ThreadsTest, LogLinesNeverMingle) {
  const FakeClock clock;
  std::ostringstream out;
  const auto log = stream_log(out, Level::info, clock);
  at_once([&] { log->info("tick", {{"text", "abcdefghijklmnopqrstuvwxyz"}}); });
  const std::string line =
      R"({"time":"2026-01-01T00:00:00.000Z","level":"info","event":"tick","text":"abcdefghijklmnopqrstuvwxyz"})";
  std::istringstream lines(out.str());
  int count = 0;
  for (std::string read; std::getline(lines, read); ++count) ASSERT_EQ(read, line);
  EXPECT_EQ(count, kThreads * kRounds);
}

TEST(ThreadsTest, NoCountIsLost) {
  Metrics metrics;
  at_once([&] {
    metrics.counter("calls_total", "Calls.").add();
    metrics.gauge("level", "Level.").add(1);
    metrics.histogram("seconds", "Seconds.").observe(0.01);
    static_cast<void>(metrics.text().size());
  });
  EXPECT_THAT(metrics.text(), testing::HasSubstr("\ncalls_total 2000\n"));
  EXPECT_THAT(metrics.text(), testing::HasSubstr("\nlevel 2000\n"));
  EXPECT_THAT(metrics.text(), testing::HasSubstr("seconds_count 2000\n"));
}

TEST(ThreadsTest, FakeClockLosesNoStep) {
  FakeClock clock;
  const Instant start = clock.now();
  at_once([&] {
    clock.advance(Duration(1));
    static_cast<void>(clock.wall());
  });
  EXPECT_EQ(clock.now() - start, Duration(kThreads * kRounds));
}

TEST(ThreadsTest, SeededRandomGivesNobodyTheSame) {
  SeededRandom random(1);
  std::mutex mutex;
  std::vector<std::uint64_t> drawn;
  at_once([&] {
    const std::uint64_t bits = random.next();
    const std::lock_guard lock(mutex);
    drawn.push_back(bits);
  });
  std::sort(drawn.begin(), drawn.end());
  EXPECT_EQ(std::adjacent_find(drawn.begin(), drawn.end()), drawn.end());
}

} // namespace
} // namespace plugboard
