#include "core/connector/pending_launch.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <latch>
#include <thread>

namespace plugboard::connector {
namespace {

// What it launches is a program that runs until it is killed.
class PendingLaunchTest : public ::testing::Test {
 protected:
  ~PendingLaunchTest() override { ::close(plugin_); }

  void bring_workers(const std::string& program = "/usr/bin/yes") {
    workers_ = std::make_unique<Workers>(program, std::vector<wire::Layer>(), random_, false);
  }

  std::shared_ptr<PendingLaunch> launch() {
    return PendingLaunch::begin(*workers_, {"crm", {}, plugin_}, home_, [this] { ++told_; });
  }

  void hear() { // what the home is told from now on until it was
    home_.restart();
    const auto busy = boost::asio::make_work_guard(home_);
    home_.run_one();
  }

  static bool any_child() {
    siginfo_t info{};
    return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
  }

  SeededRandom random_{1};
  const int plugin_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  boost::asio::io_context home_;
  std::unique_ptr<Workers> workers_;
  int told_ = 0;
};

TEST_F(PendingLaunchTest, TellsTheHomeOnceThereIsAProcess) {
  bring_workers();
  const auto pending = launch();
  hear();
  EXPECT_EQ(told_, 1);
  auto spawned = pending->take();
  ASSERT_NE(spawned, nullptr);
  ASSERT_TRUE(spawned->started) << spawned->started.error().message;
  EXPECT_GE(spawned->started->socket, 0);
  EXPECT_EQ(spawned->started->process->how_it_ended(), std::nullopt);
  EXPECT_FALSE(spawned->group); // nobody looked for control groups
  EXPECT_EQ(pending->take(), nullptr);
  spawned.reset();
  EXPECT_FALSE(any_child());
}

TEST_F(PendingLaunchTest, TellsTheHomeWhyThereIsNone) {
  bring_workers("/nowhere/plugboard-worker");
  const auto pending = launch();
  hear();
  const auto spawned = pending->take();
  ASSERT_NE(spawned, nullptr);
  ASSERT_FALSE(spawned->started);
  EXPECT_NE(spawned->started.error().message.find("/nowhere/plugboard-worker"), std::string::npos);
}

TEST_F(PendingLaunchTest, KeepsNobodyWaitingWhileOthersAreLaunched) {
  bring_workers();
  std::latch over(1);
  workers_->where_it_may_block([&over] { over.wait(); });
  const auto pending = launch();
  EXPECT_EQ(pending->take(), nullptr);
  pending->call_off();
  over.count_down();
  workers_.reset(); // all that was to be done was done
  EXPECT_EQ(home_.poll(), 0U);
  EXPECT_EQ(pending->take(), nullptr);
  EXPECT_FALSE(any_child());
}

TEST_F(PendingLaunchTest, LeavesNothingWhenItIsCalledOffAtAnyMoment) {
  bring_workers();
  for (int i = 0; i < 60; ++i) {
    const auto pending = launch();
    std::this_thread::sleep_for(i * std::chrono::microseconds(50)); // queued, at work, done
    pending->call_off();
    EXPECT_EQ(pending->take(), nullptr);
    EXPECT_FALSE(any_child()) << i;
  }
}

TEST_F(PendingLaunchTest, LetsGoOfItsOwnerWhenItIsCalledOff) {
  bring_workers();
  auto owner = std::make_shared<int>(1);
  const std::weak_ptr<int> there = owner;
  std::latch over(1);
  workers_->where_it_may_block([&over] { over.wait(); });
  const auto pending = PendingLaunch::begin(*workers_, {"crm", {}, plugin_}, home_, [owner] {});
  owner.reset();
  EXPECT_FALSE(there.expired());
  pending->call_off();
  EXPECT_TRUE(there.expired());
  over.count_down();
  workers_.reset(); // whose thread waits on the latch
}

} // namespace
} // namespace plugboard::connector
