// What platform teams see and change, over the admin socket.
#include "tests/integration/hub_test.hpp"

#include <sys/stat.h>

#include <filesystem>

namespace plugboard::test {
namespace {

namespace fs = std::filesystem;

class AdminTest : public HubTest {
 protected:
  HubConfig with_canary() const {
    HubConfig config;
    config.add("canary", canary.connector());
    return config;
  }

  static constexpr const char* kNewClient =
      R"({"id": "voice", "channel": "voice", "sections": ["canary.*"], "scopes": ["session:create", "context:read"], "purpose": "support"})";

  Canary canary;
};

TEST_F(AdminTest, ListsConnectorsAndWhatTheyDo) {
  auto& hub = run(with_canary());
  hub.context(hub.session(), R"(, "deadline_ms": 10000)");
  auto page = hub.admin("/admin/v1/connectors");
  EXPECT_EQ(page.status, 200);
  auto list = page.json();
  EXPECT_EQ(list.integer("/generation"), 1);
  ASSERT_EQ(list.size("/connectors"), 2U);
  EXPECT_EQ(list.text("/connectors/0/name"), "login");
  EXPECT_EQ(list.dump("/connectors/0/identifiers"), R"(["email","customer_id"])");
  EXPECT_EQ(list.text("/connectors/1/plugin"), "rest");
  EXPECT_EQ(list.text("/connectors/1/version"), "1.0.0");
  EXPECT_EQ(list.text("/connectors/1/state"), "ready");
  EXPECT_EQ(list.text("/connectors/1/isolation"), "in_process");
  EXPECT_EQ(list.dump("/connectors/1/sections"), R"(["canary.song"])");
  EXPECT_EQ(list.integer("/connectors/1/calls"), 1);
  EXPECT_EQ(list.integer("/connectors/1/failures"), 0);
}

TEST_F(AdminTest, ListsPluginsAndFilesThatAreNone) {
  auto config = with_canary();
  TempFolder plugins;
  fs::copy(config.plugins_dir + "/jwt/1.0.0/jwt.so",
           (fs::create_directories(plugins / "jwt/1.0.0"), plugins / "jwt/1.0.0/jwt.so"));
  fs::copy(config.plugins_dir + "/rest/1.0.0/rest.so",
           (fs::create_directories(plugins / "rest/1.0.0"), plugins / "rest/1.0.0/rest.so"));
  plugins.write("notes/1.0.0/notes.so", "these are no machine's words");
  config.plugins_dir = plugins.path();
  auto& hub = run(config);
  auto list = hub.admin("/admin/v1/plugins").json();
  ASSERT_EQ(list.size("/plugins"), 3U);
  int usable = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    auto at = "/plugins/" + std::to_string(i);
    if (!list.truth(at + "/usable")) {
      EXPECT_EQ(list.text(at + "/file"), "notes/1.0.0/notes.so");
      EXPECT_THAT(list.text(at + "/fault"), testing::HasSubstr("ELF"));
      continue;
    }
    ++usable;
    EXPECT_EQ(list.text(at + "/sha256").size(), 64U);
    EXPECT_EQ(list.dump(at + "/used_by"), list.text(at + "/name") == "jwt" ? R"(["login"])" : R"(["canary"])");
    EXPECT_EQ(list.dump(at + "/operations"),
              list.text(at + "/name") == "jwt" ? R"(["authenticate"])" : R"(["lookup"])");
  }
  EXPECT_EQ(usable, 2);
}

TEST_F(AdminTest, AddsAClientWhoseKeyWorksAtOnceAndAfterACrash) {
  auto& hub = run(with_canary());
  auto added = hub.admin_post("/admin/v1/clients", kNewClient);
  ASSERT_EQ(added.status, 201) << added.body;
  const auto key = added.json().text("/key");
  EXPECT_EQ(key.substr(0, 4), "pbk_");
  EXPECT_EQ(added.header("cache-control"), "no-store");
  EXPECT_EQ(added.json().text("/client/from"), "store");
  hub.keep_secret(key);
  EXPECT_TRUE(hub.context(hub.session({}, key), R"(, "deadline_ms": 10000)", key).truth("/complete"));
  ASSERT_EQ(hub.events("admin.change").size(), 1U);
  EXPECT_EQ(hub.events("admin.change")[0].text("/action"), "client.add");
  hub.kill();
  ASSERT_TRUE(hub.start());
  const auto session = hub.session({}, key);
  EXPECT_TRUE(hub.context(session, R"(, "deadline_ms": 10000)", key).truth("/complete"));
  auto list = hub.admin("/admin/v1/clients").json();
  EXPECT_EQ(list.size("/clients"), 4U);
  EXPECT_EQ(hub.admin("/admin/v1/clients").body.find("pbk_"), std::string::npos); // keys are shown once

  EXPECT_EQ(hub.admin_post("/admin/v1/clients", kNewClient).problem(), "conflict");
  auto desk = hub.admin_post("/admin/v1/clients", R"({"id": "desk", "sections": ["*"], "scopes": []})");
  EXPECT_EQ(desk.status, 409); // the configuration's
  EXPECT_EQ(desk.problem(), "conflict");
}

TEST_F(AdminTest, RefusesAClientThatCannotBe) {
  auto& hub = run(with_canary());
  const std::pair<std::string, std::string> cases[] = {
      {R"({"sections": ["*"], "scopes": []})", "/id"},
      {R"({"id": "a b", "sections": ["*"], "scopes": []})", "/id"},
      {R"({"id": "x", "sections": ["everything"], "scopes": []})", "/sections"},
      {R"({"id": "x", "sections": ["*"], "scopes": ["god:mode"]})", "/scopes"},
      {R"({"id": "x", "sections": ["*"], "scopes": [], "purpose": "fun"})", "/purpose"},
      {R"({"id": "x", "sections": ["*"], "scopes": [], "key": "chosen-by-me-0123456789"})", "/key"},
  };
  for (const auto& [body, pointer] : cases) {
    auto answer = hub.admin_post("/admin/v1/clients", body);
    EXPECT_EQ(answer.problem(), "invalid-request") << body;
    EXPECT_THAT(answer.json().text("/detail"), testing::HasSubstr(pointer)) << body;
  }
  EXPECT_EQ(hub.admin_post("/admin/v1/clients", "{").problem(), "malformed");
  EXPECT_EQ(hub.admin("/admin/v1/clients").json().size("/clients"), 3U);
}

TEST_F(AdminTest, CountsWithoutNamingAnybody) {
  auto& hub = run(with_canary());
  const auto session = hub.session();
  hub.context(session, R"(, "deadline_ms": 10000)");
  hub.context(session, R"(, "sections": ["nobody.nothing"], "deadline_ms": 10000)");
  hub.post("/v1/sessions", R"({"connector": "login", "credential": {"token": "nonsense"}})");
  auto page = hub.admin("/metrics");
  EXPECT_THAT(page.header("content-type"), testing::HasSubstr("text/plain"));
  for (const auto* line :
       {"plugboard_contexts_total{complete=\"true\"} 1", "plugboard_contexts_total{complete=\"false\"} 1",
        "plugboard_sessions_total{outcome=\"created\"} 1", "plugboard_sessions_total{outcome=\"refused\"} 1",
        "plugboard_context_seconds_count 2"})
    EXPECT_THAT(page.body, testing::HasSubstr(line));
  for (const auto& secret : {session, std::string(kDesk), std::string("ada@shop.example")})
    EXPECT_EQ(page.body.find(secret), std::string::npos);

  auto metrics = Connection::tcp(hub.metrics_port());
  ASSERT_TRUE(metrics);
  EXPECT_THAT(metrics->ask({.method = "GET", .path = "/metrics", .key = {}, .body = {}}).body,
              testing::HasSubstr("plugboard_contexts_total"));
  EXPECT_EQ(metrics->ask({.method = "GET", .path = "/admin/v1/clients", .key = {}, .body = {}}).status,
            404); // nothing else is there
}

TEST_F(AdminTest, SpeaksToItsOwnUserOnly) {
  auto& hub = run(with_canary());

  struct stat seen {};

  ASSERT_EQ(::stat(hub.admin_socket().c_str(), &seen), 0);
  EXPECT_EQ(seen.st_mode & 0777, 0600U);

  struct stat folder {};

  ASSERT_EQ(::stat((hub.folder() / "var").c_str(), &folder), 0);
  EXPECT_EQ(folder.st_mode & 0777, 0700U);
}

TEST_F(AdminTest, KnowsItsPathsAndMethods) {
  auto& hub = run(with_canary());
  EXPECT_EQ(hub.admin("/admin/v1/nothing").status, 404);
  EXPECT_EQ(hub.admin_post("/admin/v1/connectors", "{}").status, 405);
  EXPECT_EQ(hub.admin("/v1/sections").status, 404); // agents' calls are not here
}

} // namespace
} // namespace plugboard::test
