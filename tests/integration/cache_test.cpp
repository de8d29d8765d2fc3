// Answers that the hub keeps, as clients and operators meet them.
#include "tests/integration/hub_test.hpp"

#include <atomic>
#include <thread>

namespace plugboard::test {
namespace {

class CacheTest : public HubTest {
 protected:
  void start(const std::string& keeping) {
    upstream.on("/profile", [this](const UpstreamRequest&) {
      ++calls;
      return fails ? UpstreamReply{.status = 500} : UpstreamReply{.body = R"({"n": ")" + std::to_string(calls) + "\"}"};
    });
    HubConfig config;
    config.more = R"("drain_ms": 500,)";
    config.add("shop", rest_connector(upstream.port(), R"({"profile": )" + rest_section("/profile") + "}", keeping));
    hub = &run(std::move(config));
    session = hub->session();
  }

  std::string shown(const std::string& more = "") {
    answer = hub->context(session, R"(, "deadline_ms": 20000)" + more);
    const std::string at = "/sections/shop.profile";
    const auto status = answer.text(at + "/status");
    return answer.has(at + "/data") ? status + " " + answer.text(at + "/data/n") : status;
  }

  Upstream upstream;
  std::atomic<int> calls = 0;
  std::atomic<bool> fails = false;
  HubProcess* hub = nullptr;
  std::string session;
  Json answer;
};

TEST_F(CacheTest, GivesWhatItKeepsUntilItIsPurged) {
  start(R"("cache_ttl_ms": 600000, )");
  EXPECT_EQ(shown(), "ok 1");
  EXPECT_EQ(shown(), "ok 1");
  EXPECT_GE(answer.integer("/sections/shop.profile/age_ms"), 0);
  EXPECT_TRUE(answer.truth("/complete"));
  EXPECT_EQ(shown(R"(, "max_age_ms": 0)"), "ok 2");
  EXPECT_EQ(shown(), "ok 2");
  EXPECT_EQ(hub->admin("/admin/v1/cache").json().integer("/entries"), 1);
  const auto customer = answer.text("/customer/id");
  EXPECT_EQ(hub->admin_post("/admin/v1/cache/purge", R"({"customer": "cus_nobody"})").json().integer("/purged"), 0);
  EXPECT_EQ(hub->admin_post("/admin/v1/cache/purge", R"({"section": "profile"})").status, 400);
  const auto purged = hub->admin_post("/admin/v1/cache/purge", R"({"customer": ")" + customer + R"("})");
  EXPECT_EQ(purged.json().integer("/purged"), 1) << purged.body;
  EXPECT_EQ(shown(), "ok 3");
  EXPECT_NE(hub->admin("/metrics").body.find(R"(plugboard_cache_lookups_total{connector="shop",result="hit"} 2)"),
            std::string::npos);
}

TEST_F(CacheTest, TellsAnOlderAnswerFromAFreshOneWhenTheSystemFails) {
  start(R"("cache_ttl_ms": 1, "cache": {"if_error_ms": 600000}, )");
  EXPECT_EQ(shown(), "ok 1");
  std::this_thread::sleep_for(std::chrono::milliseconds(5)); // longer than it is fresh
  fails = true;
  EXPECT_EQ(shown(), "stale 1");
  EXPECT_EQ(answer.text("/sections/shop.profile/error/reason"), "upstream_failed");
  EXPECT_GE(answer.integer("/sections/shop.profile/age_ms"), 5);
  EXPECT_FALSE(answer.truth("/complete"));
  EXPECT_EQ(shown(R"(, "max_age_ms": 0)"), "error");
}

TEST_F(CacheTest, KeepsAnswersOverAReloadThatLeavesTheirConnectorAlone) {
  start(R"("cache_ttl_ms": 600000, )");
  EXPECT_EQ(shown(), "ok 1");
  auto config = hub->config();
  config.add("other", rest_connector(upstream.port(), R"({"profile": )" + rest_section("/other") + "}"));
  ASSERT_TRUE(hub->reload(config));
  EXPECT_EQ(shown(R"(, "sections": ["shop.profile"])"), "ok 1");
  config.connectors[0].second = rest_connector(upstream.port(), R"({"profile": )" + rest_section("/profile") + "}",
                                               R"("timeout_ms": 9000, "cache_ttl_ms": 600000, )");
  ASSERT_TRUE(hub->reload(config));
  EXPECT_EQ(shown(R"(, "sections": ["shop.profile"])"), "ok 2");
}

TEST_F(CacheTest, PrefetchesWhatIsAskedForLater) {
  start(R"("cache_ttl_ms": 600000, )");
  const auto body = R"({"session": ")" + session + R"("})";
  const auto taken = hub->post("/v1/prefetch", body);
  EXPECT_EQ(taken.status, 202) << taken.body;
  EXPECT_EQ(taken.json().names(""), std::vector<std::string>{"context_id"}) << "nothing is shown";
  EXPECT_EQ(shown(), "ok 1") << "the same call, or its answer";
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(hub->post("/v1/prefetch", body, kLobby).status, 403);
  EXPECT_EQ(hub->post("/v1/prefetch", R"({"session": "pbs_none"})").status, 404);
  EXPECT_EQ(hub->post("/v1/prefetch", R"({"session": 1})").problem(), "invalid-request");
}

TEST_F(CacheTest, PrefetchesNothingThatWouldNotBeKept) {
  start("");
  EXPECT_EQ(hub->post("/v1/prefetch", R"({"session": ")" + session + R"("})").status, 202);
  EXPECT_EQ(shown(), "ok 1");
}

} // namespace
} // namespace plugboard::test
