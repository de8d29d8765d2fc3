// A reload that is refused late, when its connectors run already, must leave no trace.
#include "tests/integration/hub_test.hpp"

#include <csignal>

namespace plugboard::test {
namespace {

class RefusedReloadTest : public HubTest {
 protected:
  RefusedReloadTest() {
    upstream.on("/one", UpstreamReply{.body = R"({"number":1})"});
    upstream.on("/two", UpstreamReply{.body = R"({"number":2})"});
  }

  HubConfig with(const std::string& sections) const {
    HubConfig config;
    config.add("shop", rest_connector(upstream.port(), sections));
    return config;
  }

  Upstream upstream;
  const std::string one = R"({"one": )" + rest_section("/one") + "}";
  const std::string both = R"({"one": )" + rest_section("/one") + R"(, "two": )" + rest_section("/two") + "}";
};

TEST_F(RefusedReloadTest, TakesTheSameConnectorsUpAnewWhenTheFaultIsMended) {
  auto& hub = run(with(one));
  const auto session = hub.session();
  auto added = hub.admin_post("/admin/v1/clients", R"({"id": "extra", "sections": ["*"], "scopes": ["context:read"]})");
  ASSERT_EQ(added.status, 201) << added.body;
  hub.keep_secret(added.json().text("/key"));
  hub.folder().write("twin.key", added.json().text("/key"));

  auto config = with(both);
  auto twin = config; // its client has the key of one that is in the store: seen only when the clients are put to use
  twin.clients.insert(
      twin.clients.rfind(']'),
      R"(, {"id": "twin", "key": {"file": "twin.key"}, "sections": ["*"], "scopes": ["context:read"]})");
  EXPECT_FALSE(hub.reload(twin));
  EXPECT_EQ(hub.events("config.fault").back().text("/pointer"), "/clients") << hub.raw_log();

  ASSERT_TRUE(hub.reload(config)) << hub.raw_log();
  auto context = hub.context(session, R"(, "sections": ["shop.*"], "deadline_ms": 10000)");
  EXPECT_TRUE(context.truth("/complete")) << context.dump();
  EXPECT_EQ(status_of(context, "shop.two"), "ok") << context.dump();
}

TEST_F(RefusedReloadTest, SaysWhatChangesOnlyWithARestart) {
  auto& hub = run(with(one));
  auto config = with(both);
  config.agents = R"(, "limits": {"connections": 300})";
  config.more = R"("sessions": {"idle_s": 60}, "log": {"level": "warn"},)";
  ASSERT_TRUE(hub.reload(config)) << hub.raw_log();
  auto said = hub.events("hub.needs_restart");
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].text("/members"), "agents, sessions, log");
}

} // namespace
} // namespace plugboard::test
