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

  // part: of the time that passes, until it is so; false: for a second it was not.
  bool becomes(double part, const std::function<bool()>& so, int calls_a_turn = 0) {
    const Instant begin = clock_.now();
    for (Instant last = begin; last - begin < std::chrono::seconds(1) && !so();) {
      std::this_thread::sleep_for(milliseconds(1));
      const Instant now = clock_.now();
      spend(std::chrono::duration_cast<Duration>((now - std::exchange(last, now)) * part));
      for (int i = 0; i < calls_a_turn; ++i) worker_->answered();
    }
    return so();
  }

  SystemClock clock_;
  Count gave_way_;
  TemporaryFolder folder_;
  Duration spent_{};
  bool first_ = true;
  std::shared_ptr<Cgroup> group_;
  Hogs hogs_{clock_};
  std::shared_ptr<Hogs::Worker> worker_;
};

TEST_F(HogsTest, WhoHoldsTheProcessorGivesWayUntilItLetsGo) {
  const auto idle = [this] { return file("cpu.idle") == "1"; };
  const auto usual = [this] { return file("cpu.idle") == "0" && file("cpu.shares") == "256"; };
  EXPECT_TRUE(becomes(0.95, idle));
  EXPECT_EQ(gave_way_.count, 1);
  EXPECT_FALSE(becomes(0.5, usual)) << "it still takes much";
  EXPECT_TRUE(becomes(0.05, usual));
  EXPECT_TRUE(becomes(0.95, idle)) << "again";
}

TEST_F(HogsTest, WhoTakesAPartOrAnswersCallAfterCallDoesNot) {
  const auto ever = [this] { return gave_way_.count > 0; };
  EXPECT_FALSE(becomes(0.6, ever));
  EXPECT_FALSE(becomes(0.95, ever, 1)) << "a call a millisecond";
}

TEST_F(HogsTest, WhoIsGoneIsWatchedNoMore) {
  worker_.reset();
  EXPECT_FALSE(becomes(0.95, [this] { return gave_way_.count > 0; }));
}

} // namespace
} // namespace plugboard::connector
