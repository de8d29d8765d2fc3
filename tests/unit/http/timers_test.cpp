#include "core/http/timers.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace plugboard::http {
namespace {

using namespace std::chrono_literals;

class TimersTest : public testing::Test {
 protected:
  void pass(Duration time) { // and let what is due run
    clock_.advance(time);
    const auto end = std::chrono::steady_clock::now() + 10s;
    const auto before = ran_.size();
    while (ran_.size() == before && std::chrono::steady_clock::now() < end) io_.run_for(1ms);
    io_.poll();
  }

  std::function<void()> note(int number) {
    return [this, number] { ran_.push_back(number); };
  }

  boost::asio::io_context io_;
  FakeClock clock_;
  std::vector<int> ran_;
};

TEST_F(TimersTest, RunsWhatIsDueInItsOrder) {
  Timers timers(io_, clock_);
  timers.set(clock_.now() + 3ms, note(3));
  timers.set(clock_.now() + 1ms, note(1));
  timers.set(clock_.now() + 2ms, note(2));
  timers.set(clock_.now() + 2ms, note(22));
  timers.set(clock_.now() + 1h, note(99));
  pass(3ms);
  EXPECT_EQ(ran_, (std::vector<int>{1, 2, 22, 3}));
}

TEST_F(TimersTest, DoesNotRunWhatWasCleared) {
  Timers timers(io_, clock_);
  const auto first = timers.set(clock_.now() + 1ms, note(1));
  timers.set(clock_.now() + 2ms, note(2));
  timers.clear(first);
  timers.clear(first);
  pass(2ms);
  EXPECT_EQ(ran_, std::vector<int>{2});
}

TEST_F(TimersTest, AnEarlierOneIsNotKeptWaitingByALaterOne) {
  Timers timers(io_, clock_);
  timers.set(clock_.now() + 1h, note(2));
  timers.set(clock_.now() + 1ms, note(1));
  pass(1ms);
  EXPECT_EQ(ran_, std::vector<int>{1});
}

TEST_F(TimersTest, AnActionMaySetAnotherAndClearOthers) {
  Timers timers(io_, clock_);
  const auto doomed = timers.set(clock_.now() + 2ms, note(2));
  timers.set(clock_.now() + 1ms, [&] {
    timers.clear(doomed);
    timers.set(clock_.now(), note(3));
  });
  pass(2ms);
  EXPECT_EQ(ran_, std::vector<int>{3});
}

TEST_F(TimersTest, AnActionMayDestroyThemAll) {
  auto timers = std::make_unique<Timers>(io_, clock_);
  timers->set(clock_.now() + 1ms, [&] {
    timers.reset();
    ran_.push_back(1);
  });
  timers->set(clock_.now() + 1ms, note(2));
  pass(1ms);
  EXPECT_EQ(ran_, std::vector<int>{1});
}

TEST_F(TimersTest, NothingRunsAfterItsOwner) {
  auto timers = std::make_unique<Timers>(io_, clock_);
  timers->set(clock_.now(), note(1));
  timers.reset();
  io_.run();
  EXPECT_TRUE(ran_.empty());
}

} // namespace
} // namespace plugboard::http
