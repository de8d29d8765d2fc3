// The launcher and the walls, from both sides: plugboard-worker itself, started by hand.
#include "core/worker/launch.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/worker_cell.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

namespace plugboard::worker {
namespace {

using test::WorkerCell;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using wire::Layer;

const char* const kPlugin = PLUGIN;

wire::Launch some() {
  wire::Launch launch;
  launch.connector = "crm";
  launch.no_cgroup = "there are none in this test";
  launch.limits = {std::uint64_t{256} << 20, 16, 64, 0};
  launch.uid = test::a_users_number();
  return launch;
}

bool is_alive(pid_t process) { // one that only waits to be reaped is not
  const std::string stat = test::read_text("/proc/" + std::to_string(process) + "/stat");
  const auto name_ends = stat.rfind(") ");
  return name_ends != std::string::npos && stat[name_ends + 2] != 'Z' && stat[name_ends + 2] != 'X';
}

wire::Setup good_setup() {
  wire::Setup setup;
  setup.plugin = "good_async";
  setup.version = "1.0.0";
  setup.config = "{}";
  setup.max_reply_bytes = 1 << 20;
  return setup;
}

bool sanitized(const WorkerCell& cell) {
  return cell.profile() == "sanitizers";
}

TEST(LaunchTest, TellsOfEachLayerOnceAndWhyItIsMissing) {
  const WorkerCell cell(kPlugin, some());
  ASSERT_EQ(cell.refused(), "");
  EXPECT_EQ(cell.layers().size(), wire::kLayers);
  for (const auto& [layer, state] : cell.layers())
    EXPECT_EQ(state.present, state.why_not.empty()) << wire::name_of(layer) << ": " << state.why_not;
  EXPECT_EQ(cell.layers().at(Layer::cgroup).why_not, "there are none in this test");
}

TEST(LaunchTest, LeavesOutWhatTheOperatorLeavesOut) {
  wire::Launch launch = some();
  launch.without = {Layer::network, Layer::seccomp};
  const WorkerCell cell(kPlugin, launch);
  ASSERT_EQ(cell.refused(), "");
  for (const Layer layer : launch.without) {
    EXPECT_FALSE(cell.has(layer));
    EXPECT_EQ(cell.layers().at(layer).why_not, "left out by the configuration");
  }
}

TEST(LaunchTest, SaysThatTwoLayersNeedNoNewPrivs) {
  wire::Launch launch = some();
  launch.without = {Layer::no_new_privs};
  const WorkerCell cell(kPlugin, launch);
  EXPECT_FALSE(cell.has(Layer::landlock));
  EXPECT_THAT(cell.layers().at(Layer::landlock).why_not, HasSubstr("no_new_privs"));
}

TEST(LaunchTest, GivesTheWorkerNoEnvironmentAndOneSocket) {
  WorkerCell cell(kPlugin, some());
  ASSERT_EQ(cell.refused(), "");
  if (::geteuid() == 0) { // who else may not look
    EXPECT_EQ(cell.text_of("environ"), "");
    std::size_t descriptors = 0;
    const std::string folder = "/proc/" + std::to_string(cell.worker()) + "/fd";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      ++descriptors;
      const int number = std::stoi(entry.path().filename());
      const std::string target = std::filesystem::read_symlink(entry.path());
      if (number == 3) {
        EXPECT_THAT(target, HasSubstr("socket:"));
      } else if (number < 3 && !(number == 2 && sanitized(cell))) {
        EXPECT_EQ(target, "/dev/null");
      }
    }
    EXPECT_EQ(descriptors, cell.has(Layer::mount) ? 4U : 5U);
  }
}

TEST(LaunchTest, LeavesTheWorkerNoRights) {
  const WorkerCell cell(kPlugin, some());
  ASSERT_EQ(cell.refused(), "");
  const std::string status = cell.text_of("status");
  for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapAmb"})
    EXPECT_THAT(status, HasSubstr(std::string(set) + ":\t0000000000000000"));
  EXPECT_THAT(status, HasSubstr("NoNewPrivs:\t1"));
  EXPECT_THAT(status, HasSubstr(cell.has(Layer::seccomp) ? "Seccomp:\t2" : "Seccomp:\t0"));
  const std::string uid = std::to_string(::geteuid() == 0 ? test::a_users_number() : ::geteuid());
  EXPECT_THAT(status, HasSubstr("Uid:\t" + uid + "\t" + uid + "\t" + uid + "\t" + uid));
}

TEST(LaunchTest, OffersTheWorkerWhereMemoryEnds) {
  const WorkerCell cell(kPlugin, some());
  EXPECT_EQ(cell.text_of("oom_score_adj"), "500\n");
}

TEST(LaunchTest, LimitsWhatTheWorkerMayTake) {
  const WorkerCell cell(kPlugin, some());
  if (!cell.has(Layer::rlimits)) GTEST_SKIP() << cell.layers().at(Layer::rlimits).why_not;
  const std::string limits = cell.text_of("limits");
  EXPECT_THAT(limits, HasSubstr("Max data size             268435456"));
  EXPECT_THAT(limits, HasSubstr("Max open files            64"));
  EXPECT_THAT(limits, HasSubstr("Max processes             18"));
  EXPECT_THAT(limits, HasSubstr("Max file size             0"));
  EXPECT_THAT(limits, HasSubstr("Max core file size        0"));
  EXPECT_THAT(limits, HasSubstr("Max stack size            2097152"));
}

TEST(LaunchTest, RunsAPluginBehindTheWalls) {
  WorkerCell cell(kPlugin, some());
  ASSERT_EQ(cell.set_up(good_setup()), "");
  const plugboard_identifier email{{"email", 5}, {"a@b.se", 6}, {"test", 4}, 1, 0};
  EXPECT_THAT(cell.look_up("contact", email).value_or("gone"), HasSubstr("a@b.se"));
  cell.stop();
  EXPECT_EQ(cell.ended(), 0);
}

TEST(LaunchTest, HasNoFoldersBesideTheGrantedOnes) {
  const test::TempFolder folder;
  ::chmod(folder.path().c_str(), 0755);
  wire::Launch launch = some();
  launch.folders = {folder.path()};
  const WorkerCell cell(kPlugin, launch);
  if (!cell.has(Layer::mount)) GTEST_SKIP() << cell.layers().at(Layer::mount).why_not;
  const std::string mounts = cell.text_of("mountinfo");
  EXPECT_THAT(mounts, HasSubstr(" /files/0 ro,nosuid,nodev,noexec"));
  EXPECT_THAT(mounts, HasSubstr(" / / ro,nosuid,nodev"));
  EXPECT_THAT(mounts, Not(HasSubstr(" rw,nosuid")));
  EXPECT_THAT(mounts, Not(HasSubstr(" /proc ")));
  EXPECT_THAT(mounts, Not(HasSubstr(" /tmp ")));
}

TEST(LaunchTest, RefusesAFolderThatIsNotThere) {
  wire::Launch launch = some();
  launch.folders = {"/nowhere/at/all"};
  WorkerCell cell(kPlugin, launch);
  EXPECT_THAT(cell.refused(), HasSubstr("/nowhere/at/all"));
  EXPECT_EQ(cell.ended(), kRefused);
}

TEST(LaunchTest, LetsTheWorkerReadWhatTheHubOwns) {
  const test::TempFolder folder;
  ::chmod(folder.path().c_str(), 0700);
  wire::Launch launch = some();
  launch.folders = {folder.path()};
  const WorkerCell cell(kPlugin, launch);
  if (!cell.has(Layer::mount)) GTEST_SKIP() << cell.layers().at(Layer::mount).why_not;
  EXPECT_EQ(cell.refused(), "");
}

TEST(LaunchTest, RefusesAFolderThatItsUserMayNotRead) {
  if (::geteuid() != 0) GTEST_SKIP() << "a worker is of our own user here";
  const test::TempFolder folder; // somebody else's alone
  ::chmod(folder.path().c_str(), 0700);
  ASSERT_EQ(::chown(folder.path().c_str(), 65534, 65534), 0);
  wire::Launch launch = some();
  launch.folders = {folder.path()};
  const WorkerCell cell(kPlugin, launch);
  EXPECT_THAT(cell.refused(), HasSubstr(folder.path()));
  EXPECT_THAT(cell.refused(), HasSubstr(std::to_string(test::a_users_number())));
}

TEST(LaunchTest, ListensForTunnelsWithinTheWorkersNetwork) {
  wire::Launch launch = some();
  launch.tunnels = {5432, 443, 5432};
  const WorkerCell cell(kPlugin, launch);
  ASSERT_EQ(cell.refused(), "");
  if (!cell.has(Layer::network)) GTEST_SKIP() << cell.layers().at(Layer::network).why_not;
  EXPECT_EQ(cell.listeners().size(), 3U);
  EXPECT_THAT(cell.text_of("net/tcp"), HasSubstr("0100007F:1538")); // 127.0.0.1:5432, as the kernel writes it
  EXPECT_THAT(cell.text_of("net/tcp"), HasSubstr("0300007F:1538")); // 127.0.0.3:5432
}

TEST(LaunchTest, HasNoListenersWithoutANetworkOfItsOwn) {
  wire::Launch launch = some();
  launch.tunnels = {5432};
  launch.without = {Layer::network};
  const WorkerCell cell(kPlugin, launch);
  EXPECT_EQ(cell.refused(), "");
  EXPECT_THAT(cell.listeners(), IsEmpty());
}

TEST(LaunchTest, KillsTheWorkerWhenItIsTerminated) {
  WorkerCell cell(kPlugin, some());
  const pid_t worker = cell.worker();
  cell.send(SIGTERM);
  EXPECT_EQ(cell.ended(), -SIGKILL);
  EXPECT_FALSE(is_alive(worker)) << "the launcher must not end before it";
}

TEST(LaunchTest, LeavesNobodyBehindWhenItIsKilled) {
  WorkerCell cell(kPlugin, some());
  const pid_t worker = cell.worker();
  cell.send(SIGKILL);
  EXPECT_EQ(cell.ended(), -SIGKILL);
  EXPECT_TRUE(test::eventually([&] { return !is_alive(worker); }));
}

TEST(LaunchTest, EndsAsTheWorkerEnds) {
  for (const int signal : {SIGKILL, SIGSEGV, SIGABRT}) {
    WorkerCell cell(kPlugin, some());
    if (sanitized(cell) && signal != SIGKILL) continue; // of which sanitizers make something else
    if (::kill(cell.worker(), signal) != 0) GTEST_SKIP() << "we may not";
    EXPECT_EQ(cell.ended(), -signal);
  }
}

TEST(LaunchTest, EndsWhenTheHubHangsUp) {
  WorkerCell cell(kPlugin, some());
  const pid_t worker = cell.worker();
  cell.hang_up();
  EXPECT_EQ(cell.ended(), 0);
  EXPECT_FALSE(is_alive(worker));
}

TEST(LaunchTest, DiesWithTheHub) {
  int report[2];
  ASSERT_EQ(::pipe(report), 0);
  const pid_t hub = ::fork();
  if (hub == 0) {
    auto* const cell = new WorkerCell(kPlugin, some()); // for ever: it is killed
    const pid_t pids[] = {cell->launcher(), cell->worker()};
    static_cast<void>(!::write(report[1], pids, sizeof pids));
    ::pause();
  }
  pid_t pids[2]{};
  ASSERT_EQ(::read(report[0], pids, sizeof pids), static_cast<ssize_t>(sizeof pids));
  EXPECT_TRUE(is_alive(pids[0]) && is_alive(pids[1]));
  ::kill(hub, SIGKILL);
  ::waitpid(hub, nullptr, 0);
  EXPECT_TRUE(test::eventually([&] { return !is_alive(pids[0]) && !is_alive(pids[1]); }));
  ::close(report[0]);
  ::close(report[1]);
}

} // namespace
} // namespace plugboard::worker
