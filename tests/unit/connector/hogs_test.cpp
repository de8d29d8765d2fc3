// Groups of files that stand for the kernel's: the test says how much of the processor was taken.
#include "core/connector/hogs.hpp"

#include "core/connector/cgroup_files.hpp"
#include "tests/unit/connector/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>

namespace plugboard::connector {
namespace {

using std::chrono::milliseconds;

class Count final : public Counter {
 public:
  void add(double) override { ++count; }

  std::atomic<int> count{0};
};

class HogsTest : public ::testing::Test {
 protected:
  HogsTest() {
    spend({});
    group_ = std::make_shared<Cgroup>(std::vector<std::string>{folder_.path}, false, folder_.path);
    worker_ = hogs_.watch(group_, gave_way_);
  }

  void spend(Duration more) {
    spent_ += more;
    std::string text = std::to_string(spent_.count());
    text =
        std::string(19 - text.size(), '0') + text + "\n"; // as long as before: whoever reads meanwhile reads a number
    std::fstream file(folder_.path / "cpuacct.usage", first_ ? std::ios::out : std::ios::in | std::ios::out);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    first_ = false;
  }

  std::string file(const char* name) const { return read_cgroup_file(folder_.path / name).value_or(""); }

  // So many looks, twenty milliseconds apart, while it takes this part of the processor.
  void look(int times, double part, int answers = 0) {
    for (int i = 0; i < times; ++i) {
      spend(std::chrono::duration_cast<Duration>(milliseconds(20) * part));
      for (int call = 0; call < answers; ++call) worker_->answered();
      hogs_.look(milliseconds(20));
    }
  }

  bool is_idle() const { return file("cpu.idle") == "1"; }

  FakeClock clock_;
  Count gave_way_;
  TemporaryFolder folder_;
  Duration spent_{};
  bool first_ = true;
  std::shared_ptr<Cgroup> group_;
  Hogs hogs_{clock_};
  std::shared_ptr<Hogs::Worker> worker_;
};

TEST_F(HogsTest, WhoHoldsTheProcessorGivesWayUntilItLetsGo) {
  look(2, 0.95);
  EXPECT_TRUE(is_idle());
  look(50, 0.5);
  look(9, 0.01);
  look(1, 0.2);
  look(9, 0.01);
  EXPECT_TRUE(is_idle()) << "it took something now and then";
  EXPECT_EQ(gave_way_.count, 1);
  look(1, 0.01);
  EXPECT_FALSE(is_idle());
  EXPECT_EQ(file("cpu.shares"), "256") << "which an idle group forgets";
  look(1, 0.95);
  EXPECT_TRUE(is_idle()) << "again";
}

TEST_F(HogsTest, WhoTakesAPartOrAnswersCallAfterCallDoesNot) {
  look(50, 0.7);
  look(50, 0.95, 10);
  EXPECT_EQ(gave_way_.count, 0);
  look(1, 0.95, 9);
  EXPECT_EQ(gave_way_.count, 1) << "more than two milliseconds a call";
}

TEST_F(HogsTest, LooksByItselfOnceItIsStarted) {
  hogs_.start();
  for (int i = 0; i < 5000 && gave_way_.count == 0; ++i) {
    std::this_thread::sleep_for(milliseconds(1));
    spend(milliseconds(50));
    clock_.advance(milliseconds(1));
  }
  EXPECT_TRUE(is_idle());
}

TEST_F(HogsTest, WhoIsGoneIsWatchedNoMore) {
  look(1, 0);
  auto gone = std::exchange(worker_, nullptr);
  gone.reset();
  spend(milliseconds(20));
  hogs_.look(milliseconds(20));
  EXPECT_EQ(gave_way_.count, 0);
}

} // namespace
} // namespace plugboard::connector
