#include "core/connector/cgroup_files.hpp"
#include "core/connector/cgroups.hpp"
#include "tests/unit/connector/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace plugboard::connector {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

constexpr std::int64_t kHub = 4'000'000; // no pid of any machine

constexpr wire::Limits kLimits{64 << 20, 16, 64, 50};

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// A folder that stands for what the kernel mounts. What is written to it stays as it was written.
class CgroupsTest : public ::testing::Test {
 protected:
  std::string put(const std::string& file, const std::string& text) {
    fs::create_directories((folder_.path / file).parent_path());
    std::ofstream(folder_.path / file) << text;
    return text;
  }

  std::string mount(const std::string& point, const std::string& type, const std::string& options) const {
    return "31 23 0:29 / " + (folder_.path / point).string() + " rw,relatime shared:9 - " + type + " cgroup " +
           options + "\n";
  }

  TemporaryFolder folder_;
};

class UnifiedTest : public CgroupsTest {
 protected:
  UnifiedTest() {
    put("all/hub.service/cgroup.controllers", "cpuset cpu io memory pids\n");
    put("all/hub.service/cgroup.type", "domain\n");
    put("all/hub.service/cgroup.procs", std::to_string(kHub) + "\n");
  }

  Cgroups find() const { return {mount("all", "cgroup2", "rw"), "0::/hub.service\n", kHub}; }

  fs::path own() const { return folder_.path / "all/hub.service"; }
};

TEST_F(UnifiedTest, MovesTheHubIntoALeafBeforeItLimitsOthers) {
  const Cgroups groups = find();
  EXPECT_EQ(groups.why_none(), "");
  EXPECT_EQ(text_of(own() / "hub/cgroup.procs"), std::to_string(kHub));
  EXPECT_EQ(text_of(own() / "cgroup.subtree_control").substr(0, 4), "+cpu"); // the last of them
}

TEST_F(UnifiedTest, LimitsAWorkersGroup) {
  Cgroups groups = find();
  const auto group = groups.make("crm", kLimits);
  ASSERT_TRUE(group) << group.error().message;
  ASSERT_EQ((*group)->folders().size(), 1U);
  const fs::path folder = (*group)->folders()[0];
  EXPECT_EQ(folder.parent_path(), own());
  EXPECT_EQ(text_of(folder / "memory.max"), std::to_string(64 << 20));
  EXPECT_EQ(text_of(folder / "pids.max"), "18") << "the launcher and the first of the pid namespace count, too";
  EXPECT_EQ(text_of(folder / "cpu.max"), "5000 10000");
}

TEST_F(UnifiedTest, SetsNoLimitThatIsNotWanted) {
  Cgroups groups = find();
  const auto group = groups.make("crm", {});
  ASSERT_TRUE(group);
  for (const auto& file : fs::directory_iterator((*group)->folders()[0]))
    EXPECT_EQ(file.path().filename(), "cpu.weight");
}

TEST_F(UnifiedTest, CountsASmallShareOfTheProcessorOverATimeInWhichTheKernelTakesIt) {
  Cgroups groups = find();
  wire::Limits limits;
  limits.cpu_percent = 2;
  const auto group = groups.make("crm", limits);
  ASSERT_TRUE(group);
  EXPECT_EQ(text_of(fs::path((*group)->folders()[0]) / "cpu.max"), "1000 50000");
}

TEST_F(UnifiedTest, LetsTheHubGoFirst) {
  Cgroups groups = find();
  const auto group = groups.make("crm", kLimits);
  ASSERT_TRUE(group);
  EXPECT_EQ(text_of(fs::path((*group)->folders()[0]) / "cpu.weight"), "25");
}

TEST_F(UnifiedTest, TellsUseAndWhichLimitWasHit) {
  Cgroups groups = find();
  const auto made = groups.make("crm", {});
  ASSERT_TRUE(made);
  const Cgroup& group = **made;
  const fs::path folder = group.folders()[0];
  EXPECT_EQ(group.use().memory_bytes, std::nullopt);
  EXPECT_EQ(group.limit_hit(), "");
  std::ofstream(folder / "memory.current") << "4096\n";
  std::ofstream(folder / "cpu.stat") << "usage_usec 1500\nuser_usec 1000\n";
  std::ofstream(folder / "pids.events") << "max 3\n";
  EXPECT_EQ(group.use().memory_bytes, 4096U);
  EXPECT_EQ(group.use().processor, std::chrono::microseconds(1500));
  EXPECT_EQ(group.limit_hit(), "threads");
  std::ofstream(folder / "memory.events") << "low 0\nmax 9\noom 1\noom_kill 1\n";
  EXPECT_EQ(group.limit_hit(), "memory") << "it was killed for it";
}

TEST_F(UnifiedTest, LeavesAGroupAloneThatOthersAreIn) {
  put("all/hub.service/cgroup.procs", std::to_string(kHub) + "\n77\n");
  Cgroups groups = find();
  EXPECT_THAT(groups.why_none(), HasSubstr("Delegate=yes"));
  EXPECT_FALSE(fs::exists(own() / "hub"));
  EXPECT_FALSE(groups.make("crm", {}));
}

TEST_F(UnifiedTest, RemovesWhatIsLeftOfAHubThatWasKilled) {
  fs::create_directories(own() / "plugboard-worker-3999999-crm-0");
  const std::string living = "plugboard-worker-" + std::to_string(::getpid()) + "-crm-0";
  fs::create_directories(own() / living);
  find();
  EXPECT_FALSE(fs::exists(own() / "plugboard-worker-3999999-crm-0"));
  EXPECT_TRUE(fs::exists(own() / living)) << "its worker may be about to join it";
}

TEST_F(UnifiedTest, RemovesAGroupThatWasStillInUseWhenItsOwnerWent) {
  Cgroups groups = find();
  auto made = groups.make("crm", {});
  ASSERT_TRUE(made);
  const fs::path folder = (*made)->folders()[0];
  std::ofstream(folder / "somebody"); // a folder that is not empty cannot be removed, as a group that is not
  *made = nullptr;
  EXPECT_TRUE(fs::exists(folder));
  for (const char* file : {"somebody", "cpu.weight"}) fs::remove(folder / file); // those of a group go with it
  ASSERT_TRUE(groups.make("crm", {}));
  EXPECT_FALSE(fs::exists(folder));
}

TEST_F(UnifiedTest, IsNotTakenWhereItHasNoControllers) {
  put("all/hub.service/cgroup.controllers", "hugetlb\n");
  put("memory/hub/tasks", "");
  const std::string mounts = mount("all", "cgroup2", "rw") + mount("memory", "cgroup", "rw,memory");
  Cgroups groups(mounts, "4:memory:/hub\n0::/hub.service\n", kHub);
  const auto group = groups.make("crm", {});
  ASSERT_TRUE(group);
  EXPECT_THAT((*group)->folders(), ElementsAre(::testing::StartsWith((folder_.path / "memory/hub").string())));
}

TEST_F(CgroupsTest, OfTheFirstVersionHaveOneGroupAHierarchy) {
  for (const char* folder : {"memory/a", "pids", "cpu,cpuacct/b", "freezer"})
    fs::create_directories(folder_.path / folder);
  Cgroups groups(mount("memory", "cgroup", "rw,memory") + mount("pids", "cgroup", "rw,pids") +
                     mount("cpu,cpuacct", "cgroup", "rw,cpu,cpuacct") + mount("freezer", "cgroup", "rw,freezer"),
                 "12:memory:/a\n11:pids:/\n3:cpu,cpuacct:/b\n2:freezer:/\n", kHub);
  const auto group = groups.make("crm", kLimits);
  ASSERT_TRUE(group) << group.error().message;
  ASSERT_EQ((*group)->folders().size(), 3U);
  EXPECT_EQ(text_of(fs::path((*group)->folders()[0]) / "memory.limit_in_bytes"), std::to_string(64 << 20));
  EXPECT_EQ(text_of(fs::path((*group)->folders()[1]) / "pids.max"), "18");
  EXPECT_EQ(text_of(fs::path((*group)->folders()[2]) / "cpu.cfs_quota_us"), "5000");
  EXPECT_EQ(text_of(fs::path((*group)->folders()[2]) / "cpu.shares"), "256");
  std::ofstream(fs::path((*group)->folders()[2]) / "cpuacct.usage") << "77\n";
  std::ofstream(fs::path((*group)->folders()[0]) / "memory.oom_control")
      << "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n";
  EXPECT_EQ((*group)->use().processor, Duration(77));
  EXPECT_EQ((*group)->limit_hit(), "memory");
}

TEST_F(CgroupsTest, SayWhatIsLacking) {
  fs::create_directories(folder_.path / "memory");
  Cgroups groups(mount("memory", "cgroup", "rw,memory"), "12:memory:/\n", kHub);
  const auto group = groups.make("crm", kLimits);
  ASSERT_FALSE(group);
  EXPECT_THAT(group.error().message, HasSubstr("pids"));
}

TEST_F(CgroupsTest, AreSeenThroughAMountOfAPartOfTheirs) {
  fs::create_directories(folder_.path / "memory/inner");
  std::string mounted = mount("memory", "cgroup", "rw,memory");
  mounted.replace(mounted.find(" / "), 3, " /docker/7 ");
  EXPECT_EQ(read_cgroup_mounts(mounted, "4:memory:/docker/7/inner\n").first.at(0).folder,
            (folder_.path / "memory/inner").string());
  EXPECT_THAT(read_cgroup_mounts(mounted, "4:memory:/docker/77\n").first, IsEmpty());
}

TEST_F(CgroupsTest, AreNotThereWhereNothingIsMounted) {
  Cgroups groups("24 1 0:2 / /proc rw - proc proc rw\nnonsense\n", "1:memory:/\n::\nx\n", kHub);
  EXPECT_THAT(groups.why_none(), HasSubstr("no control groups"));
}

// Of this very machine, where it allows that.
TEST(CgroupsHereTest, LimitWhatAProcessMayTake) {
  Cgroups groups(*read_cgroup_file("/proc/self/mountinfo"), *read_cgroup_file("/proc/self/cgroup"), ::getpid());
  const auto group = groups.make("test", kLimits);
  if (!group) GTEST_SKIP() << group.error().message;
  const pid_t child = ::fork();
  if (child == 0) {
    for (const std::string& folder : (*group)->folders())
      if (!write_cgroup_file(folder + "/cgroup.procs", "0").empty()) ::_exit(1);
    const std::size_t more = kLimits.memory_bytes * 2;
    auto* const bytes = static_cast<volatile char*>(std::malloc(more));
    for (std::size_t i = 0; bytes != nullptr && i < more; i += 4096) bytes[i] = 1;
    ::_exit(2);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status)) << "it took twice of what it may";
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
  EXPECT_EQ((*group)->limit_hit(), "memory");
}

} // namespace
} // namespace plugboard::connector
