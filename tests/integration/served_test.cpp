// A connector that uses the hub's services, behind the real daemon: once within it, once in a worker.
#include "tests/integration/hub_test.hpp"

#include <filesystem>

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

} // namespace
} // namespace plugboard::test
