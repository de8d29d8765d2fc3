// Forty sections over one HTTP/2 connection each, to servers as they are out there; and what is left of a context when
// one of them is killed while it is asked.
#include "tests/integration/http2_systems.hpp"
#include "tests/integration/hub_test.hpp"

#include <atomic>
#include <csignal>
#include <future>

namespace plugboard::test {
namespace {

constexpr int kSections = 40;
constexpr const char* kLong = R"(, "deadline_ms": 25000)";

class Http2UpstreamTest : public HubTest {
 protected:
  // "web.s0" … of that system; the last `slow` of them from /slow/.
  HubConfig forty(const Http2System& system, int slow = 0, const std::string& isolation = "in_process") const {
    std::string sections;
    for (int i = 0; i < kSections; ++i)
      sections += std::string(i ? ", " : "{") + json_string("s" + std::to_string(i)) + ": " +
                  rest_section((i < kSections - slow ? "/s" : "/slow/s") + std::to_string(i) + ".json");
    const auto place = "localhost:" + std::to_string(system.port());
    HubConfig config; // forty fail, or wait, on purpose: none is to be asked twice, or not at all
    config.more = R"("upstreams": {"tls": {"ca": {"file": ")" + system.certificate() + R"("}}},)";
    const std::string scheme = system.tls() ? "https" : "http", grant = system.tls() ? "https" : "h2c";
    config.add("web", R"({"plugin": "rest", "isolation": ")" + isolation + R"(", "config": {"base_url": ")" + scheme +
                          "://" + place + R"(", "sections": )" + sections + R"(}}, "grants": {"egress": [")" + grant +
                          ":" + place + R"("]},
                          "breaker": {"enabled": false}, "hedge": {"enabled": false}})");
    config.add("canary", canary.connector());
    return config;
  }

  static std::string name(int i) { return "web.s" + std::to_string(i); }

  static void expect_complete(const Json& context) {
    EXPECT_TRUE(context.truth("/complete")) << context.dump();
    for (int i = 0; i < kSections; ++i)
      EXPECT_EQ(context.integer("/sections/" + name(i) + "/data/i"), i) << status_of(context, name(i));
  }

  static void expect_unreachable(const Json& context, int from) {
    for (int i = from; i < kSections; ++i) {
      EXPECT_EQ(status_of(context, name(i)), "error") << i;
      EXPECT_EQ(reason_of(context, name(i)), "unreachable") << i;
      EXPECT_FALSE(context.has("/sections/" + name(i) + "/data")) << i;
    }
    EXPECT_FALSE(context.truth("/complete"));
    EXPECT_EQ(status_of(context, "canary.song"), "ok");
  }

  // The connector's calls that are under way in the hub.
  static bool eventually_in_flight(HubProcess& hub, int calls) {
    const auto line = "plugboard_connector_in_flight{connector=\"web\"} " + std::to_string(calls) + "\n";
    return eventually([&] { return hub.admin("/metrics").body.find(line) != std::string::npos; });
  }

  Canary canary;
};

TEST_F(Http2UpstreamTest, NghttpdServesFortySectionsOverOneConnection) {
  Nghttpd system(kSections);
  system.start();
  auto& hub = run(forty(system));
  const auto session = hub.session();
  expect_complete(hub.context(session, kLong));
  EXPECT_EQ(system.connections().size(), 1U);
  for (int i = 0; i < 5; ++i) expect_complete(hub.context(session, kLong));
  EXPECT_LE(system.connections().size(), 2U) << "one for each of the hub's threads";
}

TEST_F(Http2UpstreamTest, NghttpdServesFortySectionsInTheClearToAWorkerToo) {
  for (const std::string isolation : {"in_process", "worker"}) {
    Nghttpd system(kSections, false);
    system.start();
    auto& hub = run(forty(system, 0, isolation));
    expect_complete(hub.context(hub.session(), kLong));
    EXPECT_EQ(system.connections().size(), 1U) << isolation;
  }
}

TEST_F(Http2UpstreamTest, NginxServesFortySectionsOverOneConnection) {
  Upstream slow;
  Nginx system(kSections, slow.port());
  system.start();
  auto& hub = run(forty(system));
  const auto session = hub.session();
  expect_complete(hub.context(session, kLong));
  EXPECT_TRUE(eventually([&] { return system.connections().size() == 1; })); // it writes its log when all is answered
  for (int i = 0; i < 5; ++i) expect_complete(hub.context(session, kLong));
  EXPECT_LE(system.connections().size(), 2U) << "one for each of the hub's threads";
}

TEST_F(Http2UpstreamTest, NginxKilledInMidFlightSpoilsOnlyWhatIsInFlight) {
  constexpr int kSlow = 7;
  Upstream behind;
  Nginx system(kSections, behind.port());
  std::atomic<int> round = 0;
  for (int i = kSections - kSlow; i < kSections; ++i)
    behind.on("/slow/s" + std::to_string(i) + ".json", [&, i](const UpstreamRequest&) -> UpstreamReply {
      behind.await("round " + std::to_string(round));
      return {.body = R"({"i": )" + std::to_string(i) + "}"};
    });
  system.start();
  auto& hub = run(forty(system, kSlow));
  const auto session = hub.session();
  for (; round < 2; ++round) { // over a new connection, then over one that has served before
    auto asking = std::async(std::launch::async, [&] { return hub.context(session, kLong); });
    EXPECT_TRUE(eventually_in_flight(hub, kSlow)) << "the quick ones are answered, the slow ones wait";
    system.kill();
    const auto context = asking.get();
    expect_unreachable(context, kSections - kSlow);
    for (int i = 0; i < kSections - kSlow; ++i) EXPECT_EQ(status_of(context, name(i)), "ok") << i;
    system.start();
    behind.open("round " + std::to_string(round));
    for (int i = 0; i < 2; ++i) expect_complete(hub.context(session, kLong));
  }
}

TEST_F(Http2UpstreamTest, NghttpdKilledInMidFlightSpoilsOnlyWhatIsInFlight) {
  Nghttpd system(kSections);
  system.start();
  auto& hub = run(forty(system));
  const auto session = hub.session();
  for (int round = 0; round < 2; ++round) {
    expect_complete(hub.context(session, kLong));
    system.send(SIGSTOP); // so that all forty are in flight when it dies
    auto asking = std::async(std::launch::async, [&] { return hub.context(session, kLong); });
    EXPECT_TRUE(eventually_in_flight(hub, kSections));
    system.kill();
    expect_unreachable(asking.get(), 0);
    system.start();
    const auto before = system.connections().size();
    expect_complete(hub.context(session, kLong));
    EXPECT_EQ(system.connections().size(), before + 1) << "over one new connection";
  }
}

// It is back before anybody looked: what had no answer yet is asked once more, and no context is spoilt twice.
TEST_F(Http2UpstreamTest, RestartedAtOnceItServesTheNextContext) {
  Nghttpd system(kSections);
  system.start();
  auto& hub = run(forty(system));
  const auto session = hub.session();
  for (int round = 0; round < 3; ++round) {
    expect_complete(hub.context(session, kLong));
    auto asking = std::async(std::launch::async, [&] { return hub.context(session, kLong); });
    system.kill();
    system.start();
    auto context = asking.get();
    for (int i = 0; i < kSections; ++i) {
      if (status_of(context, name(i)) == "ok") {
        EXPECT_EQ(context.integer("/sections/" + name(i) + "/data/i"), i);
      } else {
        EXPECT_THAT(reason_of(context, name(i)), testing::AnyOf("unreachable", "upstream_malformed")) << i;
      }
    }
  }
}

TEST_F(Http2UpstreamTest, AnAuthorityThatIsNotThereIsAFaultOfTheConfiguration) {
  HubConfig config;
  config.more = R"("upstreams": {"tls": {"ca": {"file": "no-such.pem"}}},)";
  auto& hub = prepare(config);
  EXPECT_FALSE(hub.start());
  const auto faults = hub.events("config.fault");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].text("/pointer"), "/upstreams/tls/ca/file");
  EXPECT_THAT(faults[0].text("/message"), testing::HasSubstr("no-such.pem"));
}

} // namespace
} // namespace plugboard::test
