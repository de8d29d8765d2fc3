#include "core/api/store_patience.hpp"
#include "tests/unit/connector/memory_log.hpp"

#include <gtest/gtest.h>

namespace plugboard::api {
namespace {

using namespace std::chrono_literals;

class StorePatienceTest : public testing::Test {
 protected:
  using Told = std::function<void(Result<int>)>;

  // Asks a store that answers when the test says so.
  Told ask() {
    Told told;
    patience.wait<int>([this](Result<int> answer) { answers.push_back(std::move(answer)); },
                       [&](Told tell) { told = std::move(tell); });
    return told;
  }

  void pass(Duration time) {
    clock.advance(time);
    io.run_for(5ms);
    io.restart();
  }

  std::string metric() const {
    const auto text = metrics.text();
    const std::string name = "\nplugboard_store_late_total ";
    const auto at = text.find(name) + name.size();
    return text.substr(at, text.find('\n', at) - at);
  }

  boost::asio::io_context io;
  FakeClock clock;
  connector::MemoryLog log;
  Metrics metrics;
  StorePatience patience{io, clock, log, metrics};
  std::vector<Result<int>> answers;
};

TEST_F(StorePatienceTest, PassesOnWhatTheStoreSaysInTime) {
  const auto told = ask();
  EXPECT_TRUE(answers.empty());
  told(7);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].value(), 7);
  pass(StorePatience::kPatience);
  EXPECT_EQ(answers.size(), 1U);
  EXPECT_EQ(metric(), "0");
}

TEST_F(StorePatienceTest, ArmsNothingForAnAnswerAtOnce) {
  patience.wait<int>([this](Result<int> answer) { answers.push_back(std::move(answer)); },
                     [](const Told& tell) { tell(7); });
  EXPECT_EQ(answers.size(), 1U);
  EXPECT_EQ(io.poll(), 0U);
  EXPECT_TRUE(io.stopped()) << "nothing waits";
}

TEST_F(StorePatienceTest, TellsWhoWaitsThatItHangsAndDropsWhatComesLater) {
  const auto told = ask();
  clock.advance(StorePatience::kPatience);
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (answers.empty() && std::chrono::steady_clock::now() < end) io.run_for(1ms);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].error().code, Code::unavailable);
  told(7);
  EXPECT_EQ(answers.size(), 1U);
  EXPECT_EQ(metric(), "1");
  EXPECT_TRUE(log.has("store.hangs"));
}

} // namespace
} // namespace plugboard::api
