#include "core/connector/worker_record.hpp"

#include "core/connector/cgroup_files.hpp"
#include "tests/unit/connector/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace plugboard::connector {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using wire::Layer;

class WorkerRecordTest : public ::testing::Test {
 protected:
  static Settings settings() {
    Settings made;
    made.name = "crm";
    made.isolation = Isolation::worker;
    made.limits.memory_bytes = std::uint64_t{1} << 40;
    made.limits.threads = 16;
    return made;
  }

  // A folder that stands for a control group of the unified hierarchy.
  std::shared_ptr<Cgroup> group() {
    fs::create_directory(folder_.path / "group");
    return std::make_shared<Cgroup>(std::vector<std::string>{(folder_.path / "group").string()}, true);
  }

  void put(const std::string& file, const std::string& text) const {
    std::ofstream(folder_.path / "group" / file) << text;
  }

  void come_up(Result<std::shared_ptr<Cgroup>> group) {
    record_.launching();
    wire::Launch order;
    record_.join(order, std::move(group));
    record_.launched(static_cast<std::uint32_t>(::getpid()), {{Layer::mount, true, ""}, {Layer::cgroup, true, ""}});
    record_.greeted({{Layer::landlock, false, "the kernel has none"}}, "standard");
    record_.became(WorkerState::up);
  }

  std::string end(const std::string& how, const std::string& why_killed = "", bool counts = true) {
    return record_.ended(how, why_killed, WallTime(seconds(++ends_)), counts);
  }

  bool shows(const std::string& line) const { return metrics_.text().find(line) != std::string::npos; }

  TemporaryFolder folder_;
  SeededRandom random_{1};
  Metrics metrics_;
  Workers workers_{"/nowhere", {}, random_, false};
  Settings settings_ = settings();
  WorkerRecord record_{settings_, workers_, metrics_};
  int ends_ = 0;
};

TEST_F(WorkerRecordTest, SaysWhatAWorkerIsAndWhatItHasToDoWithout) {
  EXPECT_EQ(record_.state(), WorkerState::starting);
  come_up(fail(Code::unavailable, "none here"));
  const Containment now = record_.now();
  EXPECT_EQ(now.state, WorkerState::up);
  EXPECT_EQ(now.pid, static_cast<std::uint32_t>(::getpid()));
  EXPECT_EQ(now.starts, 1U);
  EXPECT_EQ(now.profile, "standard");
  ASSERT_EQ(now.layers.size(), 3U);
  EXPECT_EQ(now.layers[0].layer, Layer::mount); // in the order of the layers, whoever told of them
  EXPECT_EQ(record_.missing(), "landlock (the kernel has none)");
  EXPECT_TRUE(shows("plugboard_worker_up{connector=\"crm\"} 1"));
  EXPECT_TRUE(shows("plugboard_connector_layers_missing{connector=\"crm\"} 1"));
}

TEST_F(WorkerRecordTest, OrdersAControlGroupToBeJoinedOrSaysWhyThereIsNone) {
  wire::Launch order;
  record_.join(order, fail(Code::unavailable, "none here"));
  EXPECT_EQ(order.no_cgroup, "none here");
  EXPECT_TRUE(order.cgroups.empty());
  record_.join(order, group());
  EXPECT_EQ(order.cgroups, std::vector<std::string>{(folder_.path / "group").string()});
}

TEST_F(WorkerRecordTest, CountsCrashesAndKillsApartAndKeepsTheLastFive) {
  for (int i = 0; i < 4; ++i) EXPECT_EQ(end("signal 11"), "signal 11");
  EXPECT_EQ(end("signal 9", "it did not answer a health probe"), "killed: it did not answer a health probe");
  EXPECT_EQ(end("exit code 3"), "exit code 3");
  const Containment now = record_.now();
  EXPECT_EQ(now.crashes, 5U);
  EXPECT_EQ(now.killed, 1U);
  ASSERT_EQ(now.last_exits.size(), 5U);
  EXPECT_EQ(now.last_exits[0].how, "exit code 3"); // newest first
  EXPECT_EQ(now.last_exits[0].at, WallTime(seconds(6)));
  EXPECT_EQ(now.last_exits[4].how, "signal 11");
  EXPECT_EQ(now.pid, 0U);
  EXPECT_TRUE(shows("plugboard_worker_exits_total{connector=\"crm\",kind=\"crash\"} 5"));
}

TEST_F(WorkerRecordTest, CountsNoEndThatWasAskedFor) {
  end("exit code 0", "", false);
  EXPECT_EQ(record_.now().crashes, 0U);
  EXPECT_TRUE(record_.now().last_exits.empty());
}

TEST_F(WorkerRecordTest, NamesTheMemoryLimitThatTheKernelHeld) {
  come_up(group());
  put("memory.events", "low 0\noom_kill 1\n");
  EXPECT_EQ(end("signal 9 (Killed)"), "killed by the kernel: memory limit (1048576 MiB)");
  EXPECT_EQ(record_.now().at_limit, 1U);
  EXPECT_EQ(record_.now().crashes, 0U);
  EXPECT_TRUE(shows("plugboard_worker_limit_hits_total{connector=\"crm\",limit=\"memory\"} 1"));
}

TEST_F(WorkerRecordTest, NamesTheLimitOfThreadsBesideHowItEnded) {
  come_up(group());
  put("pids.events", "max 7\n");
  EXPECT_EQ(end("signal 6"), "signal 6; it had run into its limit of threads (16)");
  EXPECT_EQ(record_.now().crashes, 1U);
}

TEST_F(WorkerRecordTest, CountsALimitOnceAWorker) {
  come_up(group());
  put("pids.events", "max 7\n");
  EXPECT_EQ(record_.measure(), "");
  EXPECT_EQ(record_.measure(), "");
  EXPECT_TRUE(shows("plugboard_worker_limit_hits_total{connector=\"crm\",limit=\"threads\"} 1"));
}

TEST_F(WorkerRecordTest, MeasuresWhatTheGroupTakes) {
  come_up(group());
  put("memory.current", "4096\n");
  put("cpu.stat", "usage_usec 2000000\nuser_usec 1\n");
  EXPECT_EQ(record_.measure(), "");
  const Containment now = record_.now();
  EXPECT_EQ(now.memory_bytes, 4096U);
  EXPECT_EQ(now.cpu, Duration(seconds(2)));
  EXPECT_GT(now.resident_bytes, 0U);
  EXPECT_TRUE(shows("plugboard_worker_cpu_seconds_total{connector=\"crm\"} 2"));
}

TEST_F(WorkerRecordTest, HasAWorkerKilledThatTakesTooMuchWhereNoGroupHoldsIt) {
  settings_.limits.memory_bytes = 1 << 20; // this process takes more
  come_up(fail(Code::unavailable, "none here"));
  const std::string why = record_.measure();
  EXPECT_EQ(why, "memory limit (1 MiB)");
  EXPECT_EQ(end("signal 9", why), "killed: memory limit (1 MiB)");
  EXPECT_EQ(record_.now().at_limit, 1U);
}

} // namespace
} // namespace plugboard::connector
