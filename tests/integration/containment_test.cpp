// What an operator sees of how connectors are kept from the hub: in the admin API, in metrics, on the command line.
#include "tests/integration/hub_test.hpp"

#include <csignal>
#include <filesystem>

namespace plugboard::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ContainmentTest : public HubTest {
 protected:
  static std::string isolated(std::string connector, const std::string& isolation, const std::string& more = "") {
    const std::string in_process = R"("isolation": "in_process")";
    return connector.replace(connector.find(in_process), in_process.size(),
                             R"("isolation": ")" + isolation + "\"" + more);
  }

  // "login" in the hub, "canary" in a worker.
  HubConfig with_worker(const std::string& more = "") const {
    HubConfig config;
    config.add("canary", isolated(canary.connector(), "worker", more));
    return config;
  }

  static std::string run_cli(const HubProcess& hub, std::vector<std::string> words, int code = 0) {
    words.insert(words.begin(), {COMMAND_LINE, "--server", "http://127.0.0.1:" + std::to_string(hub.port()), "--admin",
                                 hub.admin_socket()});
    Process process(words, {{"PLUGBOARD_KEY", kDesk}});
    EXPECT_EQ(process.wait(), code) << process.err();
    return process.out() + process.err();
  }

  static Json connectors(HubProcess& hub) { return hub.admin("/admin/v1/connectors").json(); }

  Canary canary;
};

TEST_F(ContainmentTest, ReportsTheWorkersLevelAndUse) {
  auto& hub = run(with_worker(R"(, "limits": {"memory_mb": 300})"));
  const auto list = connectors(hub);
  EXPECT_EQ(list.text("/connectors/1/worker/state"), "up");
  EXPECT_GT(list.integer("/connectors/1/worker/pid"), 1);
  EXPECT_EQ(list.size("/connectors/1/worker/layers/present") + list.size("/connectors/1/worker/layers/missing"), 10U);
  EXPECT_EQ(list.integer("/connectors/1/worker/starts"), 1);
  EXPECT_EQ(list.size("/connectors/1/worker/last_exits"), 0U);
  EXPECT_EQ(list.integer("/connectors/1/worker/limits/memory_mb"), 300);
  EXPECT_TRUE(eventually([&] { return connectors(hub).integer("/connectors/1/worker/resident_bytes") > 1 << 20; }));
  const auto metrics = hub.admin("/metrics").body;
  for (const auto* line :
       {R"(plugboard_connector_isolation{connector="canary",isolation="worker"} 1)",
        R"(plugboard_worker_up{connector="canary"} 1)", R"(plugboard_worker_starts_total{connector="canary"} 1)",
        R"(plugboard_worker_exits_total{connector="canary",kind="limit"} 0)"})
    EXPECT_THAT(metrics, HasSubstr(line));
  const auto present = list.size("/connectors/1/worker/layers/present");
  EXPECT_THAT(metrics, HasSubstr("plugboard_connector_layers{connector=\"canary\"} " + std::to_string(present)));
}

TEST_F(ContainmentTest, NeverLetsCodeInTheHubGoUnseen) {
  auto& hub = run(with_worker());
  const auto list = connectors(hub);
  EXPECT_THAT(list.text("/banner"), HasSubstr("run inside the hub, their code is trusted as the hub's own: login."));
  EXPECT_THAT(list.text("/connectors/0/banner"), HasSubstr("runs inside the hub"));
  EXPECT_FALSE(list.has("/connectors/0/worker"));
  EXPECT_THAT(hub.admin("/metrics").body,
              HasSubstr(R"(plugboard_connector_isolation{connector="login",isolation="in_process"} 1)"));
  EXPECT_THAT(run_cli(hub, {"connector", "list"}), AllOf(HasSubstr("in_process!"), HasSubstr("run inside the hub")));
  EXPECT_THAT(run_cli(hub, {"connector", "show", "login"}), HasSubstr("runs inside the hub"));
  EXPECT_THAT(run_cli(hub, {"doctor"}), HasSubstr("warning  connector login: runs inside the hub"));
}

TEST_F(ContainmentTest, NamesALayerThatIsLeftOutEverywhere) {
  auto config = with_worker();
  config.more = R"("sandbox": {"without": ["landlock"]},)";
  auto& hub = run(config);
  const auto list = connectors(hub);
  EXPECT_THAT(list.dump("/connectors/1/worker/layers/missing"), HasSubstr(R"("layer":"landlock")"));
  EXPECT_THAT(list.text("/connectors/1/banner"), HasSubstr("lacks layers of the sandbox: "));
  EXPECT_THAT(list.text("/banner"), HasSubstr("lack layers of the sandbox: canary."));
  EXPECT_THAT(run_cli(hub, {"connector", "show", "canary"}), HasSubstr("- landlock"));
  EXPECT_EQ(hub.events("plugin.layers_missing").size(), 1U);
  EXPECT_THAT(run_cli(hub, {"doctor"}), HasSubstr("warning  connector canary: its worker lacks"));
  EXPECT_THAT(hub.admin("/metrics").body, Not(HasSubstr("plugboard_connector_layers_missing{connector=\"canary\"} 0")));
}

TEST_F(ContainmentTest, RefusesToStartWhereARequiredLayerIsLeftOut) {
  HubConfig config;
  config.add("canary", isolated(canary.connector(), "require"));
  config.more = R"("sandbox": {"without": ["landlock"]},)";
  auto& hub = prepare(config);
  EXPECT_FALSE(hub.start());
  EXPECT_THAT(hub.raw_log(), AllOf(HasSubstr("/connectors/canary/isolation"), HasSubstr("leaves out landlock")));
}

// A machine that gives no user namespaces, made of a namespace in which their number is none.
TEST_F(ContainmentTest, RefusesToStartWhereTheMachineLacksARequiredLayer) {
  const std::vector<std::string> poor{"/usr/bin/unshare",
                                      "--user",
                                      "--map-root-user",
                                      "sh",
                                      "-c",
                                      "echo 0 > /proc/sys/user/max_user_namespaces && exec \"$@\"",
                                      "sh"};
  const auto there = [&](std::vector<std::string> words) {
    words.insert(words.begin(), poor.begin(), poor.end());
    return words;
  };
  if (Process(there({"/bin/true"})).wait() != 0) GTEST_SKIP() << "no user namespaces to try it in";
  HubConfig config;
  config.add("canary", isolated(canary.connector(), "require"));
  auto& hub = prepare(config);
  const auto file = hub.folder().write("plugboard.json", config.text());
  Process process(there({HubProcess::process_command(), "--config", file}), config.environment);
  EXPECT_EQ(process.wait(), 1) << process.err();
  EXPECT_THAT(process.err(),
              AllOf(HasSubstr("/connectors/canary"), HasSubstr("wants every layer"), HasSubstr("user (")));
}

TEST_F(ContainmentTest, RemembersHowAWorkerEnded) {
  auto& hub = run(with_worker());
  const auto pid = connectors(hub).integer("/connectors/1/worker/pid");
  ASSERT_EQ(::kill(static_cast<pid_t>(pid), SIGKILL), 0);
  ASSERT_TRUE(eventually([&] { return connectors(hub).integer("/connectors/1/worker/starts") == 2; }));
  ASSERT_TRUE(eventually([&] { return connectors(hub).text("/connectors/1/worker/state") == "up"; }));
  const auto list = connectors(hub);
  EXPECT_EQ(list.integer("/connectors/1/worker/crashes"), 1);
  EXPECT_THAT(list.text("/connectors/1/worker/last_exits/0/how"), HasSubstr("signal 9"));
  EXPECT_THAT(hub.admin("/metrics").body,
              HasSubstr(R"(plugboard_worker_exits_total{connector="canary",kind="crash"} 1)"));
  EXPECT_THAT(run_cli(hub, {"connector", "show", "canary"}), AllOf(HasSubstr("1 crashes"), HasSubstr("signal 9")));
  EXPECT_THAT(run_cli(hub, {"connector", "show", "canary", "--json"}), HasSubstr(R"("last_exits")"));
}

// A worker that takes 300 MiB a call, and may have 200.
class MemoryTest : public ContainmentTest {
 protected:
  HubConfig greedy(const std::string& without) {
    HubConfig config;
    fs::copy(config.plugins_dir, plugins_.path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    fs::create_directories(plugins_ / "eats_memory/1.0.0");
    fs::copy(BAD_PLUGINS_FOLDER "/eats_memory.so", plugins_ / "eats_memory/1.0.0/eats_memory.so");
    config.plugins_dir = plugins_.path();
    config.more = R"("sandbox": {"without": [)" + without + "]},";
    return config.add("greedy", R"({"plugin": "eats_memory", "limits": {"memory_mb": 200}})");
  }

  // How the worker ended, after it was asked.
  std::string end(HubProcess& hub) {
    static_cast<void>(hub.context(hub.session(), R"(, "sections": ["greedy.contact"], "deadline_ms": 10000)"));
    const std::string at = "/connectors/1/worker/last_exits/0/how";
    if (!eventually([&] { return connectors(hub).has(at); })) return "it did not end";
    EXPECT_EQ(connectors(hub).integer("/connectors/1/worker/at_limit"), 1);
    const auto metrics = hub.admin("/metrics").body;
    EXPECT_THAT(metrics, HasSubstr(R"(plugboard_worker_exits_total{connector="greedy",kind="limit"} 1)"));
    EXPECT_THAT(metrics, HasSubstr(R"(plugboard_worker_limit_hits_total{connector="greedy",limit="memory"} 1)"));
    return connectors(hub).text(at);
  }

  TempFolder plugins_;
};

TEST_F(MemoryTest, NamesTheLimitThatTheKernelKilledItFor) {
  auto& hub = run(greedy("\"rlimits\""));
  if (connectors(hub).dump("/connectors/1/worker/layers/missing").find("cgroup") != std::string::npos)
    GTEST_SKIP() << "no control groups for the hub here";
  EXPECT_EQ(end(hub), "killed by the kernel: memory limit (200 MiB)");
}

TEST_F(MemoryTest, IsKeptToByTheHubItselfWithoutAControlGroup) {
  auto& hub = run(greedy("\"rlimits\", \"cgroup\""));
  EXPECT_EQ(end(hub), "killed: memory limit (200 MiB)");
}

TEST_F(ContainmentTest, ShowsNoConnectorThatIsNot) {
  auto& hub = run(with_worker());
  EXPECT_THAT(run_cli(hub, {"connector", "show", "crm"}, 1), HasSubstr("no connector \"crm\""));
}

} // namespace
} // namespace plugboard::test
