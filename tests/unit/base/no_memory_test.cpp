// A log when memory ends: it ends nothing, and says that lines are missing.
#include "core/base/log.hpp"
#include "tests/support/starvation.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace plugboard {
namespace {

using plugboard::testing::Starvation;

void lose_a_line(Log& log) {
  const Starvation starvation(1);
  log.error("store.unusable", {{"message", "a text so long that no string keeps it in itself"}});
  EXPECT_TRUE(starvation.came());
}

TEST(LogNoMemoryTest, SaysHowManyLinesAreMissing) {
  std::ostringstream out;
  const FakeClock clock;
  const auto log = stream_log(out, Level::info, clock);
  lose_a_line(*log);
  lose_a_line(*log);
  EXPECT_EQ(out.str(), "");
  log->info("hub.ready");
  EXPECT_NE(out.str().find(R"("event":"hub.ready","lines_lost_before":2})"), std::string::npos) << out.str();
}

TEST(LogNoMemoryTest, SaysAtItsEndThatTheLastLinesAreMissingAndNeedsNoMemoryForThat) {
  std::ostringstream out(std::string(1000, ' ')); // has room already
  const FakeClock clock;
  auto log = stream_log(out, Level::info, clock);
  lose_a_line(*log);
  {
    const Starvation starvation(1);
    log.reset();
    EXPECT_FALSE(starvation.came());
  }
  const auto said = out.str();
  EXPECT_TRUE(said.starts_with(R"({"time":"20)")) << said;
  EXPECT_NE(said.find(R"(Z","level":"error","event":"log.lines_lost","lines":1,"message":)"), std::string::npos)
      << said;
}

TEST(LogNoMemoryTest, EndsWithoutAWordWhenNothingIsMissing) {
  std::ostringstream out;
  const FakeClock clock;
  stream_log(out, Level::info, clock).reset();
  EXPECT_EQ(out.str(), "");
}

} // namespace
} // namespace plugboard
