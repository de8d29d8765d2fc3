// A connector that uses the hub's services, behind the real daemon: once within it, once in a worker.
#include "tests/integration/hub_test.hpp"

#include <filesystem>
#include <fstream>

namespace plugboard::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ServedHubTest : public HubTest {
 protected:
  HubConfig served(const std::string& more = "") {
    HubConfig config;
    fs::copy(config.plugins_dir, plugins_.path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    fs::copy(SERVED_PLUGINS_FOLDER, plugins_.path(),
             fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    config.plugins_dir = plugins_.path();
    config.add("inside", R"({"plugin": "served", "isolation": "in_process")" + more + "}");
    return config.add("outside", R"({"plugin": "served", "isolation": "worker")" + more + "}");
  }

  static std::string only(const std::string& section) {
    return R"(, "deadline_ms": 10000, "sections": ["inside.)" + section + R"(", "outside.)" + section + "\"]";
  }

 private:
  TempFolder plugins_;
};

TEST_F(ServedHubTest, WaitsAndCountsForAConnector) {
  auto& hub = run(served());
  const auto session = hub.session();
  const auto waited = hub.context(session, only("waits"));
  const auto counted = hub.context(session, only("counts"));
  for (const std::string name : {"inside", "outside"}) {
    EXPECT_GE(waited.integer("/sections/" + name + ".waits/data/waited_ms"), 30) << name;
    EXPECT_TRUE(counted.truth("/sections/" + name + ".counts/data/counted")) << name;
    const std::string line =
        "plugboard_plugin_served_answers_total{connector=\"" + name + "\",kind=\"right\",way=\"long\"} 3";
    EXPECT_TRUE(eventually([&] { return hub.admin("/metrics").body.find(line) != std::string::npos; })) << name;
  }
}

TEST_F(ServedHubTest, KeepsValuesOfEachConnectorBeyondItsOwnLife) {
  auto& hub = run(served());
  const auto kept = hub.context(hub.session(), only("keeps"));
  for (const std::string name : {"inside", "outside"})
    EXPECT_EQ(kept.text("/sections/" + name + ".keeps/data/kept"), "third") << kept.dump();
  ASSERT_EQ(hub.stop(), 0);
  ASSERT_TRUE(hub.start());
  const auto recalled = hub.context(hub.session(), only("recalls"));
  for (const std::string name : {"inside", "outside"})
    EXPECT_EQ(recalled.text("/sections/" + name + ".recalls/data/kept"), "third") << recalled.dump();
}

TEST_F(ServedHubTest, GivesWhatASecretWasReplacedWithUntilTheOperatorWritesAnother) {
  const auto bytes = [](HubProcess& hub, const std::string& section) {
    const auto told = hub.context(hub.session(), only(section));
    std::vector<std::int64_t> all;
    for (const std::string name : {"inside", "outside"})
      all.push_back(told.integer("/sections/" + name + "." + section + "/data/bytes"));
    return all;
  };
  using Bytes = std::vector<std::int64_t>;
  auto& hub = prepare(served(R"(, "config": {"token": {"file": "token"}})"));
  const auto write = [&](const std::string& value) { std::ofstream(hub.folder() / "token") << value; };
  write("as-configured");
  hub.keep_secret("as-configured");
  ASSERT_TRUE(hub.start());
  EXPECT_EQ(bytes(hub, "tells_secret"), (Bytes{13, 13}));
  EXPECT_EQ(bytes(hub, "replaces"), (Bytes{7, 7}));
  ASSERT_EQ(hub.stop(), 0);
  ASSERT_TRUE(hub.start());
  EXPECT_EQ(bytes(hub, "tells_secret"), (Bytes{7, 7})) << "also after a restart";
  write("the operator's");
  EXPECT_EQ(bytes(hub, "tells_secret"), (Bytes{14, 14}));
  write("as-configured");
  EXPECT_EQ(bytes(hub, "tells_secret"), (Bytes{13, 13})) << "what was dropped stays so";
}

} // namespace
} // namespace plugboard::test
