// Clients that come and go, what they may cost, and admins with keys of their own.
#include "tests/integration/hub_test.hpp"

#include <cstdlib>

namespace plugboard::test {
namespace {

class ClientsTest : public HubTest {
 protected:
  static HubConfig limited(const std::string& limits) {
    HubConfig config;
    config.clients = R"([{"id": "desk", "key": {"env": "DESK_KEY"}, "sections": ["*"], "purpose": "support",
      "scopes": ["session:create", "session:read", "context:read"])" +
                     limits + "}]";
    return config;
  }

  static Ask rotate(const std::string& id, const std::string& body, const std::string& key = {}) {
    return {.method = "POST", .path = "/admin/v1/clients/" + id + "/rotate", .key = key, .body = body};
  }

  static Ask remove(const std::string& id, const std::string& key = {}) {
    return {.method = "DELETE", .path = "/admin/v1/clients/" + id, .key = key, .body = {}};
  }

  static std::string add(HubProcess& hub, const std::string& id) {
    const auto added = hub.admin_post("/admin/v1/clients",
                                      R"({"id": ")" + id + R"(", "sections": ["*"], "scopes": ["context:read"]})");
    if (added.status != 201) throw std::runtime_error(added.body);
    hub.keep_secret(added.json().text("/key"));
    return added.json().text("/key");
  }

  static int seen(HubProcess& hub, const std::string& key) { return hub.get("/v1/sections", key).status; }
};

TEST_F(ClientsTest, GetNewKeysWhileTheOldOnesAreGoodForAWhile) {
  auto& hub = run({});
  const auto first = add(hub, "bot-2");
  const auto rotated = hub.admin(rotate("bot-2", ""));
  ASSERT_EQ(rotated.status, 200) << rotated.body;
  EXPECT_TRUE(rotated.json().has("/old_key_until"));
  const auto second = rotated.json().text("/key");
  hub.keep_secret(second);
  EXPECT_EQ(seen(hub, first), 200);
  EXPECT_EQ(seen(hub, second), 200);
  const auto lost = hub.admin(rotate("bot-2", R"({"overlap_s": 0})"));
  ASSERT_EQ(lost.status, 200);
  EXPECT_FALSE(lost.json().has("/old_key_until"));
  hub.keep_secret(lost.json().text("/key"));
  for (int run = 0; run < 2; ++run) {
    EXPECT_EQ(seen(hub, first), 401);
    EXPECT_EQ(seen(hub, second), 401);
    EXPECT_EQ(seen(hub, lost.json().text("/key")), 200);
    if (run > 0) break;
    hub.kill();
    ASSERT_TRUE(hub.start());
  }
  EXPECT_EQ(hub.admin(rotate("bot-2", R"({"overlap_s": -1})")).problem(), "invalid-request");
  EXPECT_EQ(hub.admin(rotate("bot-3", "")).problem(), "not-found");
}

TEST_F(ClientsTest, AreRemovedForGood) {
  auto& hub = run({});
  const auto key = add(hub, "bot-2");
  EXPECT_EQ(hub.admin(remove("bot-2")).status, 204);
  EXPECT_EQ(seen(hub, key), 401);
  EXPECT_EQ(hub.admin(remove("bot-2")).problem(), "not-found");
  hub.kill();
  ASSERT_TRUE(hub.start());
  EXPECT_EQ(seen(hub, key), 401);
}

TEST_F(ClientsTest, TakeTheirSessionsWithThemWhenTheyGoOrLoseTheirKey) {
  auto& hub = run({});
  const auto bot = R"({"id": "bot-2", "sections": ["*"], "scopes": ["session:create", "session:read"]})";
  const auto lives = [&](const std::string& session, const std::string& key) {
    return hub.post("/v1/sessions/introspect", R"({"session": ")" + session + "\"}", key).json().has("/id");
  };
  const auto key_of = [&](const Answer& answer) {
    hub.keep_secret(answer.json().text("/key"));
    return answer.json().text("/key");
  };
  auto key = key_of(hub.admin_post("/admin/v1/clients", bot));
  const auto desks = hub.session();
  const auto first = hub.session({}, key);
  key = key_of(hub.admin(rotate("bot-2", "")));
  EXPECT_TRUE(lives(first, key)); // a new key is no reason to end what the client has begun
  key = key_of(hub.admin(rotate("bot-2", R"({"overlap_s": 0})")));
  EXPECT_FALSE(lives(first, key));
  const auto second = hub.session({}, key);
  EXPECT_TRUE(lives(second, key));
  EXPECT_EQ(hub.admin(remove("bot-2")).status, 204);
  key = key_of(hub.admin_post("/admin/v1/clients", bot));
  EXPECT_FALSE(lives(second, key)); // another client, though of the same name
  EXPECT_TRUE(lives(desks, kDesk));
}

TEST_F(ClientsTest, OfTheConfigurationAreReadOnly) {
  auto& hub = run({});
  for (const auto& ask : {rotate("desk", ""), remove("desk")}) {
    const auto answer = hub.admin(ask);
    EXPECT_EQ(answer.status, 409);
    EXPECT_THAT(answer.json().text("/detail"), testing::HasSubstr("configuration"));
  }
  EXPECT_EQ(seen(hub, kDesk), 200);
}

TEST_F(ClientsTest, ThatTheConfigurationDropsLoseTheirSessions) {
  auto& hub = run(limited(""));
  const auto session = hub.session();
  const auto active = [&] {
    return hub.post("/v1/sessions/introspect", R"({"session": ")" + session + "\"}").json().has("/id");
  };
  EXPECT_TRUE(active());
  ASSERT_TRUE(hub.reload(limited(""))); // nothing has changed
  EXPECT_TRUE(active());
  auto without = limited("");
  without.clients = "[]";
  ASSERT_TRUE(hub.reload(without));
  EXPECT_EQ(seen(hub, kDesk), 401);
  ASSERT_TRUE(hub.reload(limited("")));
  EXPECT_EQ(seen(hub, kDesk), 200);
  EXPECT_FALSE(active());
}

TEST_F(ClientsTest, ArriveWithAPreviousKeyWhileTheirKeyChanges) {
  auto config = limited(R"(, "previous_key": {"env": "BOT_KEY"})");
  auto& hub = run(config);
  EXPECT_EQ(seen(hub, kDesk), 200);
  EXPECT_EQ(seen(hub, kBot), 200);
  ASSERT_TRUE(hub.reload(limited("")));
  EXPECT_EQ(seen(hub, kBot), 401);
}

TEST_F(ClientsTest, AreHeldToTheirRateAndToldWhereTheyStand) {
  auto& hub = run(limited(R"(, "rate_limit": {"per_second": 0.01, "burst": 3})"));
  for (int left = 2; left >= 0; --left) {
    const auto answer = hub.get("/v1/sections", kDesk);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("ratelimit-policy"), R"("requests";q=3;w=300)");
    EXPECT_THAT(answer.header("ratelimit"), testing::StartsWith(R"("requests";r=)" + std::to_string(left) + ";t="));
  }
  for (const auto* path : {"/v1/sections", "/v1/nothing"}) {
    const auto refused = hub.get(path, kDesk);
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.problem(), "overloaded");
    EXPECT_GE(std::stoi(refused.header("retry-after")), 90);
    EXPECT_THAT(refused.header("ratelimit"), testing::StartsWith(R"("requests";r=0;t=)"));
  }
  ASSERT_TRUE(hub.reload(limited(R"(, "rate_limit": {"per_second": 1000})")));
  EXPECT_TRUE(eventually([&] { return seen(hub, kDesk) == 200; }));
  ASSERT_TRUE(hub.reload(limited("")));
  EXPECT_EQ(hub.get("/v1/sections", kDesk).header("ratelimit"), "");
}

TEST_F(ClientsTest, HaveAQuotaThatARestartDoesNotGiveBack) {
  auto& hub = run(limited(R"(, "quota": {"contexts_per_day": 3})"));
  auto session = hub.session();
  const auto ask = [&] { return hub.post("/v1/context", R"({"session": ")" + session + "\"}"); };
  EXPECT_THAT(ask().header("ratelimit"), testing::StartsWith(R"("contexts";r=2;t=)"));
  EXPECT_EQ(ask().header("ratelimit-policy"), R"("contexts";q=3;w=86400)");
  EXPECT_EQ(hub.get("/v1/sections", kDesk).header("ratelimit"), ""); // counts for contexts alone
  EXPECT_EQ(hub.stop(), 0);
  ASSERT_TRUE(hub.start());
  EXPECT_EQ(ask().status, 200);
  const auto refused = ask();
  EXPECT_EQ(refused.status, 429);
  EXPECT_GT(std::stoi(refused.header("retry-after")), 0);
  EXPECT_LE(std::stoi(refused.header("retry-after")), 86400);
  EXPECT_EQ(seen(hub, kDesk), 200);
}

class AdminsTest : public ClientsTest {};

TEST_F(AdminsTest, MayWhatTheirRoleSays) {
  auto& hub = run(HubConfig().with_admins());
  const auto get = [&](const std::string& path, const std::string& key) {
    return hub.admin_tcp({.method = "GET", .path = path, .key = key, .body = {}});
  };
  for (const auto* key : {kViewer, kOperator, kAdmin}) {
    EXPECT_EQ(get("/admin/v1/clients", key).json().size("/clients"), 3U);
    EXPECT_EQ(get("/metrics", key).status, 200);
  }
  EXPECT_EQ(get("/admin/v1/clients", kElsewhere).json().size("/clients"), 0U);
  EXPECT_EQ(get("/metrics", kElsewhere).status, 403);
  EXPECT_EQ(get("/admin/v1/clients?tenant=default", kElsewhere).status, 404);
  for (const auto* key : {kDesk, "", "nobody's-key-0123456789abcdef0123456789"}) {
    const auto answer = get("/admin/v1/clients", key);
    EXPECT_EQ(answer.problem(), "client-unknown");
    EXPECT_EQ(answer.header("www-authenticate"), "Bearer realm=\"plugboard\"");
  }
  EXPECT_EQ(hub.admin_tcp(remove("desk", kOperator)).status, 403);
  EXPECT_EQ(hub.admin_tcp(remove("desk", kAdmin)).status, 409);
  EXPECT_EQ(hub.admin_tcp(remove("desk", kElsewhere)).status, 404);
  EXPECT_EQ(seen(hub, kAdmin), 401); // an admin's key is no client's
}

TEST_F(AdminsTest, ChangeWithTheConfiguration) {
  HubConfig more, less;
  more.with_admins(
      R"(, {"id": "new", "key": {"env": "NEW_KEY"}, "previous_key": {"env": "OLD_KEY"}, "role": "viewer"})");
  less.with_admins(R"(, {"id": "new", "key": {"env": "NEW_KEY"}, "role": "viewer"})");
  const std::string fresh = "a-new-admin-key-0123456789abcdef", old = "an-old-admin-key-0123456789abcdef";
  for (auto* config : {&more, &less}) config->environment.insert({{"NEW_KEY", fresh}, {"OLD_KEY", old}});
  auto& hub = run(more);
  const auto status = [&](const std::string& key) {
    return hub.admin_tcp({.method = "GET", .path = "/metrics", .key = key, .body = {}}).status;
  };
  EXPECT_EQ(status(fresh), 200);
  EXPECT_EQ(status(old), 200);
  ASSERT_TRUE(hub.reload(less));
  EXPECT_EQ(status(fresh), 200);
  EXPECT_EQ(status(old), 401);
}

TEST_F(AdminsTest, AreNotLetInFromAfarWithoutTls) {
  const std::pair<std::string, std::string> cases[] = {
      {R"(, "listen": "0.0.0.0:0")", "/admin/listen"}, // in the clear
      {R"(, "listen": "[::]:0")", "/admin/listen"},
      {R"(, "listen": "127.0.0.1:0", "keys": [])", "/admin/listen"}, // nobody's
      {R"(, "keys": [{"id": "boss", "key": {"env": "ADMIN_KEY"}, "role": "admin"}])", "/admin"},
      {R"(, "listen": "127.0.0.1:0", "keys": [{"id": "boss", "key": {"env": "DESK_KEY"}, "role": "admin"}])",
       "/admin/keys/0/key"}, // a client's, and too short
      {R"(, "listen": "127.0.0.1:0", "keys": [{"id": "boss", "key": {"env": "ADMIN_KEY"}, "role": "god"}])",
       "/admin/keys/0/role"},
  };
  for (const auto& [admin, pointer] : cases) {
    auto config = HubConfig().with_admins();
    config.admin = admin;
    if (admin.find("keys") == std::string::npos)
      config.admin += R"(, "keys": [{"id": "boss", "key": {"env": "ADMIN_KEY"}, "role": "admin"}])";
    auto& hub = prepare(config);
    EXPECT_FALSE(hub.start()) << admin;
    bool said = false;
    for (const auto& fault : hub.events("config.fault")) said = said || fault.text("/pointer") == pointer;
    EXPECT_TRUE(said) << admin << hub.raw_log();
  }
}

class ClientCommandsTest : public AdminsTest {
 protected:
  Process command(HubProcess& hub, std::vector<std::string> words, bool over_tcp = false) {
    words.insert(words.begin(),
                 {COMMAND_LINE, "--admin",
                  over_tcp ? "http://127.0.0.1:" + std::to_string(hub.admin_port()) : hub.admin_socket()});
    return Process(words, {{"PLUGBOARD_ADMIN_KEY", over_tcp ? kAdmin : ""}});
  }
};

TEST_F(ClientCommandsTest, AddRotateAndRemove) {
  auto& hub = run(HubConfig().with_admins());
  for (const bool over_tcp : {false, true}) {
    auto add = command(hub,
                       {"client", "add", "bot-2", "--section", "*", "--scope", "context:read", "--per-second", "100",
                        "--contexts-per-day", "9", "--json"},
                       over_tcp);
    ASSERT_EQ(add.wait(), 0) << add.err() << add.out();
    const auto key = Json::parse(add.out()).text("/key");
    hub.keep_secret(key);
    EXPECT_EQ(Json::parse(add.out()).integer("/client/quota/contexts_per_day"), 9);
    EXPECT_EQ(seen(hub, key), 200);
    auto rotate = command(hub, {"client", "rotate", "bot-2", "--overlap", "60"}, over_tcp);
    EXPECT_EQ(rotate.wait(), 0);
    EXPECT_THAT(rotate.out(), testing::AllOf(testing::HasSubstr("rotated bot-2"), testing::HasSubstr("is good until")));
    EXPECT_EQ(seen(hub, key), 200);
    EXPECT_EQ(command(hub, {"client", "rotate", "bot-2", "--now"}, over_tcp).wait(), 0);
    EXPECT_EQ(seen(hub, key), 401);
    auto remove = command(hub, {"client", "remove", "bot-2", "--json"}, over_tcp);
    EXPECT_EQ(remove.wait(), 0);
    EXPECT_EQ(Json::parse(remove.out()).truth("/removed"), true);
    auto gone = command(hub, {"client", "remove", "bot-2"}, over_tcp);
    EXPECT_EQ(gone.wait(), 1);
    EXPECT_THAT(gone.err(), testing::HasSubstr("bot-2"));
    EXPECT_EQ(command(hub, {"client", "remove", "../x"}, over_tcp).wait(), 2);
    EXPECT_EQ(command(hub, {"client", "rotate", "bot-2", "--now", "--overlap", "5"}, over_tcp).wait(), 2);
  }
}

} // namespace
} // namespace plugboard::test
