// How a hub starts, reads its configuration again, and ends, with people asking it meanwhile.
#include "tests/integration/hub_test.hpp"

#include <atomic>
#include <csignal>
#include <thread>

namespace plugboard::test {
namespace {

class LifeTest : public HubTest {
 protected:
  LifeTest() {
    upstream.on("/held", [this](const UpstreamRequest&) {
      upstream.await("go");
      return UpstreamReply{.body = R"({"late":true})"};
    });
    upstream.on("/quick", UpstreamReply{.body = R"({"late":false})"});
  }

  HubConfig with(const std::string& sections) const {
    HubConfig config;
    config.add("shop", rest_connector(upstream.port(), sections));
    return config;
  }

  // A request that is under way when this returns: the system has it.
  Connection under_way(HubProcess& hub, const std::string& session) {
    auto before = upstream.requests("/held").size();
    auto connection = Connection::tcp(hub.port());
    connection->send(
        bytes_of({.path = "/v1/context",
                  .key = kDesk,
                  .body = R"({"session": ")" + session + R"(", "sections": ["shop.held"], "deadline_ms": 25000})"}));
    EXPECT_TRUE(eventually([&] { return upstream.requests("/held").size() > before; }));
    return std::move(*connection);
  }

  Canary canary;
  Upstream upstream;
  const std::string held = R"({"held": )" + rest_section("/held") + "}";
  const std::string both = R"({"held": )" + rest_section("/held") + R"(, "quick": )" + rest_section("/quick") + "}";
};

TEST_F(LifeTest, DrainsOnSigterm) {
  auto& hub = run(with(held));
  const auto session = hub.session();
  auto idle = Connection::tcp(hub.port());
  EXPECT_EQ(idle->ask({.method = "GET", .path = "/readyz", .key = {}, .body = {}}).status, 200);
  auto waiting = under_way(hub, session);
  hub.process().send(SIGTERM);
  EXPECT_TRUE(idle->ends());                                                         // nothing was asked there
  EXPECT_TRUE(eventually([&] { return !Connection::tcp(hub.port()).has_value(); })); // nobody new
  EXPECT_FALSE(hub.process().ended());
  upstream.open("go");
  auto answer = waiting.read();
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.json().truth("/complete")) << answer.body;
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_EQ(hub.process().wait(), 0) << hub.raw_log();
  EXPECT_EQ(hub.events("hub.stopped").size(), 1U);
}

TEST_F(LifeTest, EndsWhatTakesLongerThanTheGracePeriod) {
  auto config = with(held);
  config.more = R"("drain_ms": 200,)";
  auto& hub = run(config);
  const auto session = hub.session();
  auto waiting = under_way(hub, session);
  hub.process().send(SIGTERM);
  EXPECT_EQ(hub.process().wait(), 0) << hub.raw_log();
  EXPECT_EQ(hub.events("hub.grace_over").size(), 1U);
  EXPECT_TRUE(waiting.ends());
}

TEST_F(LifeTest, EndsAtOnceWhenAskedTwice) {
  auto& hub = run(with(held));
  const auto session = hub.session();
  auto waiting = under_way(hub, session);
  hub.process().send(SIGTERM);
  ASSERT_TRUE(eventually([&] { return hub.events("hub.draining").size() == 1; }));
  EXPECT_FALSE(hub.process().ended());
  hub.process().send(SIGINT);
  EXPECT_EQ(hub.process().wait(std::chrono::seconds(8)), 0) << hub.raw_log(); // drain_ms is 10,000
}

TEST_F(LifeTest, TakesANewSectionAtReload) {
  auto& hub = run(with(held));
  const auto session = hub.session();
  EXPECT_EQ(hub.get("/v1/sections", kDesk).json().size("/sections"), 1U);
  auto config = with(both);
  config.add("canary", canary.connector());
  ASSERT_TRUE(hub.reload(config)) << hub.raw_log();
  EXPECT_TRUE(eventually([&] { return hub.get("/v1/sections", kDesk).json().size("/sections") == 3; }));
  auto context = hub.context(session, R"(, "sections": ["shop.quick", "canary.song"], "deadline_ms": 10000)");
  EXPECT_TRUE(context.truth("/complete")) << context.dump();
  EXPECT_EQ(hub.admin("/admin/v1/connectors").json().integer("/generation"), 2);
}

TEST_F(LifeTest, KeepsTheGenerationThatARequestBeganWith) {
  auto& hub = run(with(both));
  const auto session = hub.session();
  auto waiting = under_way(hub, session);
  HubConfig without;
  without.add("canary", canary.connector());
  ASSERT_TRUE(hub.reload(without)) << hub.raw_log();
  EXPECT_TRUE(eventually([&] {
    return status_of(hub.context(session, R"(, "sections": ["shop.held"], "deadline_ms": 10000)"), "shop.held") ==
           "denied";
  }));
  upstream.open("go");
  auto context = waiting.read().json();
  EXPECT_TRUE(context.truth("/complete")) << context.dump(); // of the connector that is no longer configured
  EXPECT_TRUE(eventually([&] { return hub.events("connector.stopped").size() == 1; })); // now that nobody uses it
}

TEST_F(LifeTest, LeavesRunningWhatDidNotChange) {
  auto config = with(both);
  config.add("canary", canary.connector());
  auto& hub = run(config);
  hub.context(hub.session(), R"(, "sections": ["canary.song"], "deadline_ms": 10000)");
  config.connectors[0].second = rest_connector(upstream.port(), held);
  ASSERT_TRUE(hub.reload(config));
  EXPECT_TRUE(eventually([&] { return hub.events("connector.stopped").size() == 1; })); // shop alone
  auto connectors = hub.admin("/admin/v1/connectors").json();
  EXPECT_EQ(connectors.text("/connectors/2/name"), "canary");
  EXPECT_EQ(connectors.integer("/connectors/2/calls"), 1); // the same one still
}

TEST_F(LifeTest, RefusesABadFileWhole) {
  auto& hub = run(with(both));
  const auto session = hub.session();
  auto bad = with(both);
  bad.add("canary", canary.connector());
  bad.add("typo", R"({"plugin": "rset", "isolation": "in_process"})");
  bad.clients.insert(bad.clients.rfind(']'),
                     R"(, {"id": "new", "key": {"env": "NEW_KEY"}, "sections": ["*"], "scopes": ["context:read"]})");
  EXPECT_FALSE(hub.reload(bad));
  std::vector<std::string> pointers;
  for (const auto& fault : hub.events("config.fault")) pointers.push_back(fault.text("/pointer"));
  EXPECT_THAT(pointers, testing::UnorderedElementsAre("/connectors/typo/plugin", "/clients/3/key"));
  EXPECT_EQ(hub.get("/v1/sections", kDesk).json().size("/sections"), 2U);
  EXPECT_EQ(hub.admin("/admin/v1/connectors").json().integer("/generation"), 1);
  EXPECT_TRUE(hub.context(session, R"(, "sections": ["shop.quick"], "deadline_ms": 10000)").truth("/complete"));

  // A file that is no JSON, one that is not there, and a connector that does not start: the same.
  hub.folder().write("plugboard.json", "{");
  hub.process().send(SIGHUP);
  EXPECT_TRUE(eventually([&] { return hub.events("hub.reload_refused").size() == 2; }));
  auto does_not_start = with(R"({"one": {"shape": "record/v1", "url": "/x?a={nobody}", "mapping": "identity"}})");
  EXPECT_FALSE(hub.reload(does_not_start));
  EXPECT_TRUE(hub.context(session, R"(, "sections": ["shop.quick"], "deadline_ms": 10000)").truth("/complete"));
  EXPECT_TRUE(hub.reload(with(both))) << hub.raw_log(); // a good one is taken after all of that
}

TEST_F(LifeTest, TakesClientsAwayAndInAtReload) {
  auto& hub = run(with(both));
  auto config = with(both);
  config.clients =
      R"([{"id": "bot", "key": {"env": "BOT_KEY"}, "sections": ["shop.quick"], "scopes": ["context:read"]}])";
  EXPECT_EQ(hub.get("/v1/sections", kDesk).status, 200);
  ASSERT_TRUE(hub.reload(config));
  EXPECT_EQ(hub.get("/v1/sections", kDesk).status, 401);
  EXPECT_EQ(hub.get("/v1/sections", kBot).json().size("/sections"), 1U);
}

TEST_F(LifeTest, FailsNoRequestWhileItReloads) {
  auto config = with(both);
  config.add("canary", canary.connector());
  auto& hub = run(config);
  const auto session = hub.session();
  std::atomic<bool> going{true};
  std::atomic<int> good{0}, bad{0};
  auto body = R"({"session": ")" + session + R"(", "sections": ["shop.quick", "canary.song"], "deadline_ms": 15000})";
  std::vector<std::thread> people;
  for (int i = 0; i < 3; ++i)
    people.emplace_back([&, port = hub.port()] {
      auto connection = Connection::tcp(port);
      while (going) {
        try {
          auto answer = connection->ask({.path = "/v1/context", .key = kDesk, .body = body});
          ++(answer.status == 200 && answer.json().truth("/complete") ? good : bad);
        } catch (const std::exception&) {
          ++bad;
          return;
        }
      }
    });
  for (int i = 0; i < 8; ++i) {
    auto next = config;
    next.connectors[0].second =
        rest_connector(upstream.port(), both, R"("timeout_ms": )" + std::to_string(9000 + i) + ", ");
    EXPECT_TRUE(hub.reload(next));
    auto before = good.load();
    EXPECT_TRUE(eventually([&] { return good > before + 5 || bad > 0; }));
  }
  going = false;
  for (auto& thread : people) thread.join();
  EXPECT_EQ(bad.load(), 0);
  EXPECT_GT(good.load(), 40);
}

TEST_F(LifeTest, DoesNotShareItsFolderOrItsPort) {
  auto& hub = run(with(both));
  hub.folder().write("second.json", read_text(hub.config_file()));
  Process second({hub.process_command(), "--config", hub.folder() / "second.json"}, hub.config().environment);
  EXPECT_EQ(second.wait(), 1);
  EXPECT_THAT(second.err(), testing::HasSubstr("store.unusable"));

  auto elsewhere = with(both);
  auto& third = prepare(elsewhere);
  auto text = elsewhere.text();
  text.replace(text.find("127.0.0.1:0"), 11, "127.0.0.1:" + std::to_string(hub.port()));
  third.folder().write("third.json", text);
  Process taken({hub.process_command(), "--config", third.folder() / "third.json"}, elsewhere.environment);
  EXPECT_EQ(taken.wait(), 1);
  EXPECT_THAT(taken.err(), testing::HasSubstr("agents.cannot_listen"));
  EXPECT_THAT(taken.err(), testing::HasSubstr(std::to_string(hub.port())));
  EXPECT_EQ(hub.get("/healthz").status, 200);
}

} // namespace
} // namespace plugboard::test
