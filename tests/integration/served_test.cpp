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

std::string right_for(const std::string& value, const std::string& more = "") {
  return R"({"reason": "request 17", "identifiers": [{"type": "customer_id", "value": ")" + value + "\"}]" + more + "}";
}

TEST_F(ServedHubTest, GivesACustomerAllThatItsSystemsHold) {
  auto& hub = run(served());
  const auto told = hub.admin_post("/admin/v1/customers/cus_1/export", right_for("C1"));
  ASSERT_EQ(told.status, 200) << told.body;
  const auto report = told.json();
  EXPECT_TRUE(report.truth("/complete")) << told.body;
  ASSERT_EQ(report.size("/connectors"), 2U) << "the login offers no such thing";
  EXPECT_EQ(report.text("/connectors/0/connector"), "inside");
  EXPECT_EQ(report.text("/connectors/1/connector"), "outside");
  for (const std::string at : {"/connectors/0", "/connectors/1"}) {
    EXPECT_EQ(report.text(at + "/status"), "ok");
    EXPECT_EQ(report.text(at + "/data/customer"), "C1");
    EXPECT_EQ(report.text(at + "/data/why"), "request 17");
    EXPECT_EQ(report.size(at + "/data/orders"), 2U);
  }
  const auto records = hub.admin("/admin/v1/audit?customer=cus_1").json();
  ASSERT_GE(records.size("/records"), 1U) << records.dump(); // this look is on record, too, maybe in time to be seen
  EXPECT_EQ(records.text("/records/0/action"), "customer.export");
  EXPECT_EQ(records.text("/records/0/details/reason"), "request 17");
  EXPECT_EQ(records.text("/records/0/details/identifiers"), "customer_id");
  EXPECT_EQ(records.dump().find("C1"), std::string::npos) << "never an identifier's value";
}

TEST_F(ServedHubTest, ErasesACustomerInItsSystemsAndInItself) {
  auto& hub = run(served(R"(, "cache_ttl_ms": 600000)"));
  const auto session = hub.session();
  const auto context = hub.context(session, only("counts"));
  const auto customer = context.text("/customer/id");
  const auto path = "/admin/v1/customers/" + customer + "/erase";
  const auto told = hub.admin_post(path, right_for("C1"));
  ASSERT_EQ(told.status, 200) << told.body;
  const auto first = told.json();
  EXPECT_TRUE(first.truth("/complete")) << told.body;
  EXPECT_GE(first.integer("/hub/answers_purged"), 2);
  EXPECT_EQ(hub.admin("/admin/v1/sessions?customer=" + customer).json().size("/sessions"), 0U);
  const auto again = hub.admin_post(path, right_for("C1")).json();
  for (const std::string at : {"/connectors/0", "/connectors/1"}) {
    EXPECT_EQ(first.integer(at + "/erased"), 2);
    EXPECT_EQ(first.text(at + "/kept/0/why"), "tax law");
    EXPECT_EQ(again.integer(at + "/erased"), 0);
  }
  EXPECT_TRUE(again.truth("/complete"));
}

TEST_F(ServedHubTest, SaysWhichConnectorFailedACustomerOrCouldNotBeAsked) {
  auto& hub = run(served());
  const auto failed = hub.admin_post("/admin/v1/customers/cus_1/erase", right_for("fails")).json();
  EXPECT_FALSE(failed.truth("/complete"));
  EXPECT_EQ(failed.text("/connectors/0/status"), "error");
  EXPECT_EQ(failed.text("/connectors/0/reason"), "unreachable");
  const auto nobody = hub.admin_post("/admin/v1/customers/cus_1/erase", right_for("nobody-7")).json();
  EXPECT_TRUE(nobody.truth("/complete")) << nobody.dump();
  const auto late =
      hub.admin_post("/admin/v1/customers/cus_1/export", right_for("never", R"(, "deadline_ms": 300)")).json();
  EXPECT_EQ(late.text("/connectors/1/status"), "timeout") << late.dump();
  const auto lacking = hub.admin_post("/admin/v1/customers/cus_1/export",
                                      R"({"reason": "r", "identifiers": [{"type": "email", "value": "a@b.example"}]})")
                           .json();
  EXPECT_FALSE(lacking.truth("/complete"));
  EXPECT_EQ(lacking.text("/connectors/0/status"), "skipped");
  EXPECT_EQ(lacking.text("/connectors/0/detail"), "it is asked with customer_id");
  for (const std::string& wrong :
       {std::string("{}"), std::string(R"({"reason": ""})"), right_for("null"), right_for("C1", R"(, "tenant": "*")"),
        right_for("C1", R"(, "deadline_ms": 1)"), std::string(R"({"reason": "r", "identifiers": ["C1"]})"),
        std::string(R"({"reason": "r", "identifiers": [{"type": "shoe size", "value": "46"}]})")})
    EXPECT_EQ(hub.admin_post("/admin/v1/customers/cus_1/export", wrong).status, 400) << wrong;
}

TEST_F(ServedHubTest, ShowsHowAConnectorIsByItsOwnWordAndFailsNoCallByIt) {
  auto& hub = run(served(R"(, "health": {"every_ms": 100}, "config": {"ill": true})"));
  const auto shown = [&](const std::string& name) {
    return hub.admin("/metrics").body.find("plugboard_connector_healthy{connector=\"" + name + "\"} 0") !=
           std::string::npos;
  };
  EXPECT_TRUE(eventually([&] { return shown("inside") && shown("outside"); }));
  const auto list = hub.admin("/admin/v1/connectors").json();
  for (std::size_t i = 0; i < list.size("/connectors"); ++i) {
    const auto at = "/connectors/" + std::to_string(i);
    if (list.text(at + "/plugin") != "served") continue;
    EXPECT_EQ(list.text(at + "/health/state"), "unhealthy");
    EXPECT_EQ(list.text(at + "/health/message"), "the token was refused: log in again");
  }
  const auto context = hub.context(hub.session(), only("counts"));
  for (const std::string name : {"inside", "outside"}) EXPECT_EQ(status_of(context, name + ".counts"), "ok");
  EXPECT_EQ(hub.events("connector.unhealthy").size(), 2U) << "once each";
}

} // namespace
} // namespace plugboard::test
