#include "core/base/log.hpp"

#include "core/base/text.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

namespace plugboard {
namespace {

class LogTest : public testing::Test {
 protected:
  std::string line() const { return out_.str(); }

  FakeClock clock_;
  std::ostringstream out_;
  std::unique_ptr<Log> log_ = stream_log(out_, Level::info, clock_);
};

TEST_F(LogTest, WritesOneLineOfTypedFields) {
  log_->warn("connector.slow", {{"connector", "crm"}, {"took_ms", 12.5}, {"attempt", 2}, {"late", true}});
  EXPECT_EQ(line(), R"({"time":"2026-01-01T00:00:00.000Z","level":"warn","event":"connector.slow",)"
                    R"("connector":"crm","took_ms":12.5,"attempt":2,"late":true})"
                    "\n");
}

TEST_F(LogTest, LeavesOutWhatIsBelowItsLevel) {
  log_->debug("detail");
  EXPECT_EQ(line(), "");
  EXPECT_FALSE(log_->enabled(Level::debug));
  EXPECT_TRUE(log_->enabled(Level::error));
}

TEST_F(LogTest, ValuesCannotBreakOrForgeALine) {
  static constexpr char kEvil[] = "x\"}\r\n{\"level\":\"error\"}\0\x1b[2J\u2028\xff\xc3";
  const std::string evil(kEvil, sizeof kEvil - 1);
  log_->info("client.refused", {{"name", evil}, {evil, "value"}});
  const std::string text = line();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_EQ(text.back(), '\n');
  EXPECT_TRUE(is_utf8(text));
  for (const char c : text.substr(0, text.size() - 1)) EXPECT_GE(static_cast<unsigned char>(c), 0x20);
  EXPECT_EQ(text.find("\u2028"), std::string::npos);
  EXPECT_NE(text.find(R"("name":"x\"}\r\n{\"level\":\"error\"}\u0000\u001b[2J\u2028)"), std::string::npos) << text;
}

TEST_F(LogTest, FormatWordsAreJustText) {
  log_->info("{} %s %n", {{"pattern", "%v {0} %+"}});
  EXPECT_NE(line().find(R"("event":"{} %s %n","pattern":"%v {0} %+")"), std::string::npos) << line();
}

TEST_F(LogTest, FieldsCannotTakeTheNamesOfTheLine) {
  log_->info("event", {{"time", "never"}, {"level", "error"}, {"event", "other"}});
  EXPECT_NE(line().find(R"("time_":"never","level_":"error","event_":"other")"), std::string::npos) << line();
}

TEST_F(LogTest, NumbersStayJson) {
  log_->info("numbers", {{"nan", std::nan("")}, {"least", std::int64_t{INT64_MIN}}});
  EXPECT_NE(line().find(R"("nan":null,"least":-9223372036854775808)"), std::string::npos) << line();
}

TEST_F(LogTest, EachEventIsThereAtOnce) { // whoever reads after a crash needs the last one
  log_->info("first");
  const std::string first = line();
  EXPECT_FALSE(first.empty());
  clock_.advance(std::chrono::seconds(1));
  log_->error("second");
  EXPECT_EQ(line().substr(first.size()),
            "{\"time\":\"2026-01-01T00:00:01.000Z\",\"level\":\"error\",\"event\":\"second\"}\n");
}

TEST(StderrLogTest, WritesToStandardError) {
  testing::internal::CaptureStderr();
  stderr_log(Level::info)->info("daemon.started", {{"port", 8710U}});
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(text.ends_with("\"level\":\"info\",\"event\":\"daemon.started\",\"port\":8710}\n")) << text;
}

TEST(NoLogTest, IsNeverEnabled) {
  testing::internal::CaptureStderr();
  no_log()->error("lost");
  EXPECT_FALSE(no_log()->enabled(Level::error));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

} // namespace
} // namespace plugboard
