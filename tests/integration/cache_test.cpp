// Answers that the hub keeps, as clients and operators meet them.
#include "tests/integration/hub_test.hpp"

#include "tests/support/process.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
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

  // Of an answer that comes when "the end of the test" is opened. Returns its context_id.
  std::string begin_prefetch() {
    start(R"("cache_ttl_ms": 600000, )");
    upstream.on("/profile", [this](const UpstreamRequest&) {
      upstream.await("the end of the test");
      return UpstreamReply{.body = R"({"n": "late"})"};
    });
    const auto taken = hub->post("/v1/prefetch", R"({"deadline_ms": 30000, "session": ")" + session + R"("})");
    EXPECT_EQ(taken.status, 202);
    return taken.json().text("/context_id");
  }

  bool metrics_say(const std::string& line) {
    return eventually([&] { return hub->admin("/metrics").body.find(line + "\n") != std::string::npos; });
  }

  bool in_flight(int calls_in_flight) {
    return metrics_say("plugboard_connector_in_flight{connector=\"shop\"} " + std::to_string(calls_in_flight));
  }

  // What the command line prints.
  std::string command(std::vector<std::string> words) {
    words.insert(words.begin(), {COMMAND_LINE, "--admin", hub->admin_socket()});
    Process process(words);
    EXPECT_EQ(process.wait(), 0) << process.err();
    return process.out();
  }

  // The record of that action; how many there are is for whoever asks.
  Json on_record(const std::string& action) {
    const auto trail = hub->admin("/admin/v1/audit").json();
    Json found;
    for (std::size_t i = 0; i < trail.size("/records"); ++i) {
      const auto at = "/records/" + std::to_string(i);
      if (trail.has(at + "/action") && trail.text(at + "/action") == action) found = Json::parse(trail.dump(at));
    }
    return found;
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

TEST_F(CacheTest, IsShownAndPurgedFromTheCommandLineOnRecord) {
  start(R"("cache_ttl_ms": 600000, )");
  EXPECT_EQ(shown(), "ok 1");
  EXPECT_THAT(command({"cache", "show"}), testing::StartsWith("1 answers kept in "));
  EXPECT_EQ(command({"cache", "purge", "--connector", "other"}), "purged: 0 answers\n");
  EXPECT_EQ(command({"cache", "purge", "--section", "shop.profile"}), "purged: 1 answers\n");
  EXPECT_THAT(command({"cache", "show"}), testing::StartsWith("0 answers kept in "));
  const auto record = on_record("cache.purge");
  EXPECT_EQ(record.text("/target"), "shop") << record.dump();
  EXPECT_EQ(record.text("/details/section"), "profile");
  EXPECT_THAT(record.text("/by"), testing::StartsWith("user "));
  EXPECT_EQ(record.text("/tenant"), "default");
  EXPECT_EQ(shown(), "ok 2");
}

TEST_F(CacheTest, APrefetchIsOnRecord) {
  start(R"("cache_ttl_ms": 600000, )");
  const auto taken = hub->post("/v1/prefetch", R"({"session": ")" + session + R"("})").json();
  const auto record = on_record("context.prefetch");
  EXPECT_EQ(record.text("/target"), taken.text("/context_id")) << record.dump();
  EXPECT_EQ(record.text("/by"), "client desk");
  EXPECT_EQ(shown(), "ok 1");
  EXPECT_EQ(record.text("/customer"), answer.text("/customer/id"));
}

TEST_F(CacheTest, APrefetchEndsWithItsSession) {
  begin_prefetch();
  EXPECT_TRUE(in_flight(1));
  ASSERT_EQ(hub->post("/v1/sessions/revoke", R"({"session": ")" + session + R"("})").status, 204);
  EXPECT_TRUE(in_flight(0)) << "nobody would be shown it";
  upstream.open("the end of the test");
}

TEST_F(CacheTest, APrefetchIsCalledOffByWhoAskedForIt) {
  const auto id = begin_prefetch();
  EXPECT_TRUE(in_flight(1));
  const auto added = hub->admin_post("/admin/v1/clients", R"({"id": "other", "sections": ["*"],
    "scopes": ["context:read"]})");
  const auto cancel = [&](const std::string& of, const std::string& key) {
    return hub->post("/v1/prefetch/cancel", R"({"context_id": ")" + of + "\"}", key).status;
  };
  EXPECT_EQ(cancel(id, added.json().text("/key")), 204) << "says no more than of one that never was";
  EXPECT_EQ(cancel("none", kDesk), 204);
  EXPECT_EQ(cancel(id, kLobby), 403);
  EXPECT_EQ(hub->post("/v1/prefetch/cancel", R"({"id": "none"})").problem(), "invalid-request");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_TRUE(in_flight(1)) << "nobody called it off who may";
  EXPECT_EQ(cancel(id, kDesk), 204);
  EXPECT_TRUE(in_flight(0));
  EXPECT_EQ(cancel(id, kDesk), 204) << "once more, when it is over";
  upstream.open("the end of the test");
}

TEST_F(CacheTest, APrefetchThatIsCalledOffTakesNothingFromWhoWaitsForTheSame) {
  const auto id = begin_prefetch();
  EXPECT_TRUE(in_flight(1));
  auto asked = std::async(std::launch::async, [&] { return shown(); });
  EXPECT_TRUE(metrics_say(R"(plugboard_cache_lookups_total{connector="shop",result="shared"} 1)"));
  EXPECT_EQ(hub->post("/v1/prefetch/cancel", R"({"context_id": ")" + id + "\"}").status, 204);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  upstream.open("the end of the test");
  EXPECT_EQ(asked.get(), "ok late");
}

TEST_F(CacheTest, PrefetchesNothingThatWouldNotBeKept) {
  start("");
  EXPECT_EQ(hub->post("/v1/prefetch", R"({"session": ")" + session + R"("})").status, 202);
  EXPECT_EQ(shown(), "ok 1");
}

} // namespace
} // namespace plugboard::test
