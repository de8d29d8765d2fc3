#include "tests/unit/daemon/example.hpp"

#include "core/json/schema.hpp"

namespace plugboard::daemon {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* kFile = "/etc/plugboard/plugboard.json";

TEST(ConfigTest, ReadsEveryMember) {
  auto [config, faults] = read_config(example(), kFile);
  EXPECT_THAT(lines_of(faults), IsEmpty());
  EXPECT_EQ(config.folder, "/etc/plugboard");
  EXPECT_EQ(config.agents.address, "127.0.0.1");
  EXPECT_EQ(config.agents.port, 8710);
  EXPECT_EQ(config.threads, 3U);
  EXPECT_EQ(config.admin.socket, "/etc/plugboard/var/admin.sock");
  ASSERT_TRUE(config.admin.metrics);
  EXPECT_EQ(config.admin.metrics->port, 9710);
  EXPECT_EQ(config.data_dir, "/etc/plugboard/var");
  EXPECT_EQ(config.plugins_dir, "/etc/plugboard/PLUGINS");
  EXPECT_EQ(config.drain_time, std::chrono::milliseconds(2500));
  EXPECT_EQ(config.log_level, "warn");
  EXPECT_EQ(config.current_key, "k2");
  ASSERT_EQ(config.keys.size(), 2U);
  EXPECT_EQ(config.keys.at("k1").name, "/etc/plugboard/keys/k1");
  EXPECT_EQ(config.keys.at("k2").kind, SecretReference::Kind::env);
  EXPECT_EQ(config.keys.at("k2").pointer, "/keys/k2");
  EXPECT_THAT(config.purposes, ElementsAre("support", "fraud"));
  EXPECT_EQ(config.sessions.absolute, std::chrono::hours(1));
  EXPECT_EQ(config.sessions.idle, std::chrono::minutes(10));
  EXPECT_EQ(config.agent_limits.connections, 500U);
  EXPECT_EQ(config.agent_limits.connections_per_address, 50U);
  EXPECT_EQ(config.agent_limits.header_time, std::chrono::seconds(3));
  EXPECT_EQ(config.agent_limits.body_time, std::chrono::seconds(3));
  EXPECT_EQ(config.agent_limits.write_time, std::chrono::seconds(4));
  EXPECT_EQ(config.agent_limits.idle_time, std::chrono::seconds(5));
}

TEST(ConfigTest, ReadsClients) {
  auto [config, faults] = read_config(example(), kFile);
  ASSERT_EQ(config.clients.size(), 2U);
  const auto& desk = config.clients[0].client;
  EXPECT_EQ(desk.id, "desk");
  EXPECT_EQ(desk.tenant, "se");
  EXPECT_EQ(desk.channel, "chat");
  EXPECT_EQ(desk.purpose, "support");
  EXPECT_EQ(desk.criticality, "background");
  EXPECT_TRUE(desk.may(session::Scope::session_create));
  EXPECT_TRUE(desk.may(session::Scope::context_read));
  EXPECT_FALSE(desk.may(session::Scope::session_read));
  EXPECT_TRUE(desk.from_configuration);
  const auto& bot = config.clients[1];
  EXPECT_EQ(bot.client.tenant, "default");
  EXPECT_EQ(bot.client.criticality, "interactive");
  EXPECT_EQ(bot.client.scopes, 0U);
  EXPECT_THAT(bot.client.sections, ElementsAre("shop.*", "shop.orders"));
  EXPECT_EQ(bot.key->name, "/run/bot.key");
  EXPECT_EQ(bot.key->pointer, "/clients/1/key");
}

TEST(ConfigTest, ReadsHowCarefulToBeWithASystem) {
  auto [plain, no_faults] = read_config(example(), kFile);
  EXPECT_THAT(lines_of(no_faults), IsEmpty());
  EXPECT_TRUE(plain.connectors[1].steady.breaker.enabled);
  EXPECT_EQ(plain.connectors[1].steady.retry.attempts, 2U);
  auto [config, faults] = read_config(
      with(example(), "\"timeout_ms\": 300,",
           "\"timeout_ms\": 300, \"breaker\": {\"enabled\": false, \"failure_percent\": 40, \"slow_percent\": 90, "
           "\"slow_ms\": 250}, \"retry\": {\"attempts\": 3, \"percent\": 7}, \"hedge\": {\"enabled\": false, "
           "\"percent\": 2, \"least_wait_ms\": 30}, \"concurrency\": {\"adaptive\": false, \"least\": 6, "
           "\"waiting\": 12},"),
      kFile);
  EXPECT_THAT(lines_of(faults), IsEmpty());
  const auto& [breaker, retry, hedge, limit] = config.connectors[1].steady;
  EXPECT_FALSE(breaker.enabled);
  EXPECT_EQ(breaker.failure_percent, 40U);
  EXPECT_EQ(breaker.slow_percent, 90U);
  EXPECT_EQ(breaker.slow, std::chrono::milliseconds(250));
  EXPECT_EQ(retry.attempts, 3U);
  EXPECT_EQ(retry.percent, 7U);
  EXPECT_FALSE(hedge.enabled);
  EXPECT_EQ(hedge.percent, 2U);
  EXPECT_EQ(hedge.least_wait, std::chrono::milliseconds(30));
  EXPECT_FALSE(limit.adaptive);
  EXPECT_EQ(limit.least, 6U);
  EXPECT_EQ(limit.most_waiting, 12U);
}

TEST(ConfigTest, RefusesCarefulnessThatContradictsItself) {
  const auto lines = [](const char* more) {
    auto [config, faults] =
        read_config(with(example(), "\"timeout_ms\": 300,", std::string("\"timeout_ms\": 300, ") + more), kFile);
    return lines_of(faults);
  };
  EXPECT_THAT(lines("\"breaker\": {\"slow_ms\": 301},"),
              ElementsAre(StartsWith("/connectors/shop/breaker/slow_ms: is longer than")));
  EXPECT_THAT(lines("\"retry\": {\"percent\": 15}, \"hedge\": {\"percent\": 6},"),
              ElementsAre(StartsWith("/connectors/shop/hedge/percent: makes, with \"retry\"")));
  EXPECT_THAT(lines("\"concurrency\": {\"least\": 8},"),
              ElementsAre(StartsWith("/connectors/shop/concurrency/least: is more than \"max_concurrency\", 7")));
  EXPECT_THAT(lines("\"retry\": {\"attempts\": 9},"), ElementsAre(StartsWith("/connectors/shop/retry/attempts: ")));
}

TEST(ConfigTest, ReadsConnectorsInDeclaredOrder) {
  auto [config, faults] = read_config(example(), kFile);
  ASSERT_EQ(config.connectors.size(), 2U);
  EXPECT_EQ(config.connectors[0].name, "login");
  EXPECT_EQ(config.connectors[0].version, "");
  EXPECT_EQ(config.connectors[0].timeout, std::chrono::seconds(10));
  EXPECT_EQ(config.connectors[0].assurance, Assurance::aal1);
  const auto& shop = config.connectors[1];
  EXPECT_EQ(shop.plugin, "rest");
  EXPECT_EQ(shop.version, "1.0.0");
  EXPECT_EQ(shop.timeout, std::chrono::milliseconds(300));
  EXPECT_EQ(shop.max_concurrency, 7U);
  EXPECT_EQ(shop.assurance, Assurance::aal2);
  EXPECT_THAT(shop.egress, ElementsAre("https:api.shop.example"));
  EXPECT_THAT(shop.files, IsEmpty());
  EXPECT_EQ(shop.pointer, "/connectors/shop");
}

// What a plugin gets holds handles; where the secrets are is the hub's to know.
TEST(ConfigTest, ReplacesSecretsByHandles) {
  auto [config, faults] = read_config(example(), kFile);
  const auto& login = config.connectors[0];
  EXPECT_THAT(login.config_as_written, HasSubstr(R"("hs256":{"env":"CHAT_KEY"})"));
  EXPECT_THAT(login.config, HasSubstr(R"("hs256":{"secret":"/issuers/0/hs256"})"));
  EXPECT_THAT(login.config, testing::Not(HasSubstr("CHAT_KEY")));
  ASSERT_EQ(login.secrets.size(), 1U);
  const auto& reference = login.secrets.at("/issuers/0/hs256");
  EXPECT_EQ(reference.name, "CHAT_KEY");
  EXPECT_EQ(reference.pointer, "/connectors/login/config/issuers/0/hs256");
  EXPECT_EQ(config.connectors[1].secrets.at("/headers/Authorization/value").name, "/etc/plugboard/keys/shop");
}

TEST(ConfigTest, FindsTheUpstreamsAuthoritiesBesideTheFile) {
  auto text = std::string(example());
  EXPECT_EQ(read_config(text, kFile).config.upstreams_ca, "") << "the system's";
  text.insert(text.find('{') + 1, R"("upstreams": {"tls": {"ca": {"file": "ca.pem"}}},)");
  auto [config, faults] = read_config(text, kFile);
  EXPECT_THAT(lines_of(faults), IsEmpty());
  EXPECT_EQ(config.upstreams_ca, "/etc/plugboard/ca.pem");
}

TEST(ConfigTest, TakesNetworksAndRatesOfConnectors) {
  auto text = std::string(example());
  const std::string egress = R"("egress": ["https:api.shop.example"]})";
  text.replace(text.find(egress), egress.size(),
               R"("egress": ["https:api.shop.example"], "networks": ["10.1.0.0/16"]},
      "rate_limit": {"per_second": 0.5, "burst": 3, "upstreams": {"https:api.shop.example": {"per_second": 7}}})");
  auto [config, faults] = read_config(text, kFile);
  EXPECT_THAT(lines_of(faults), IsEmpty());
  const auto& shop = config.connectors.back();
  EXPECT_THAT(shop.networks, ElementsAre("10.1.0.0/16"));
  EXPECT_EQ(shop.rates.each.per_second, 0.5);
  EXPECT_EQ(shop.rates.each.burst, 3);
  EXPECT_EQ(shop.rates.of_some.at("https:api.shop.example").per_second, 7);
  text.replace(text.find("0.5"), 3, "0");
  EXPECT_THAT(lines_of(read_config(text, kFile).faults),
              testing::Contains(HasSubstr("/connectors/shop/rate_limit/per_second")));
}

TEST(ConfigTest, TakesNameServersByTheirAddresses) {
  auto text = std::string(example());
  EXPECT_THAT(read_config(text, kFile).config.name_servers.addresses, IsEmpty()) << "the system's";
  text.insert(text.find('{') + 1, R"("upstreams": {"dns": {"servers": ["10.0.0.2", "[::1]:5353", "dns.example"]}},)");
  auto [config, faults] = read_config(text, kFile);
  EXPECT_THAT(config.name_servers.addresses, ElementsAre("10.0.0.2", "[::1]:5353", "dns.example"));
  EXPECT_THAT(lines_of(faults), ElementsAre(HasSubstr("/upstreams/dns/servers/2: \"dns.example\" is no name server")));
}

TEST(ConfigTest, HasSoundDefaults) {
  auto [config, faults] =
      read_config(R"({"agents": {"listen": "[::1]:0"}, "admin": {"socket": "/run/p.sock"}, "data_dir": "/var/lib/p",
    "plugins_dir": "plugins", "keys": {"current": "k", "k": {"env": "K"}}, "clients": [], "connectors": {}})",
                  "hub.json");
  EXPECT_THAT(lines_of(faults), IsEmpty());
  EXPECT_EQ(config.agents.address, "::1");
  EXPECT_EQ(config.threads, 0U);
  EXPECT_FALSE(config.admin.metrics);
  EXPECT_EQ(config.admin.socket, "/run/p.sock");
  EXPECT_EQ(config.drain_time, std::chrono::seconds(10));
  EXPECT_EQ(config.log_level, "info");
  EXPECT_EQ(config.sessions.absolute, std::chrono::hours(12));
  EXPECT_EQ(config.sessions.idle, std::chrono::minutes(30));
  EXPECT_EQ(config.agent_limits.connections, 10'000U);
  EXPECT_EQ(config.agent_limits.header_time, std::chrono::seconds(8));
}

struct Wrong {
  const char* was;
  const char* is;
  const char* pointer;
  const char* words;
};

TEST(ConfigTest, NamesThePlaceOfEachFaultAndWhatToDo) {
  const Wrong cases[] = {
      {R"("drain_ms")", R"("drian_ms")", "/drian_ms", "did you mean \"drain_ms\"?"},
      {R"("purposes")", R"("porpoises")", "/porpoises", "unknown member"},
      {R"("data_dir": "var", )", "", "", "required member \"data_dir\" is missing"},
      {R"("listen": "127.0.0.1:8710")", R"("listen": 8710)", "/agents/listen", "must be a string"},
      {R"("listen": "127.0.0.1:8710")", R"("listen": "8710")", "/agents/listen", "127.0.0.1:8710"},
      {R"("listen": "127.0.0.1:8710")", R"("listen": "127.0.0.1:99999")", "/agents/listen", ""},
      {R"("metrics": "127.0.0.1:9710")", R"("metrics": "nowhere:1")", "/admin/metrics", ""},
      {R"("threads": 3)", R"("threads": 0)", "/agents/threads", "at least 1"},
      {R"("level": "warn")", R"("level": "warning")", "/log/level", "warn"},
      {R"("current": "k2")", R"("current": "k3")", "/keys/current", "names \"k3\", which is not among the keys"},
      {R"({"file": "keys/k1"})", R"("open sesame")", "/keys/k1", "must be an object"},
      {R"({"file": "keys/k1"})", R"({"value": "open sesame"})", "/keys/k1/value", "unknown member"},
      {R"("idle_s": 600)", R"("idle_s": 5)", "/sessions/idle_s", "at least 30"},
      {R"({"env": "DESK_KEY"})", R"("desk-key-0123456789")", "/clients/0/key", "must be an object"},
      {R"("sections": ["*"])", R"("sections": ["Shop"])", "/clients/0/sections/0", "CONNECTOR.SECTION"},
      {R"("scopes": [])", R"("scopes": ["god:mode"])", "/clients/1/scopes/0", "session:create"},
      {R"("purpose": "support")", R"("purpose": "sales")", "/clients/0/purpose",
       "\"sales\" is not among /purposes; add it there"},
      {R"("criticality": "background")", R"("criticality": "low")", "/clients/0/criticality", "background"},
      {R"("id": "bot", )", R"("id": "desk", "tenant": "se", )", "/clients/1/id", "a second client \"desk\""},
      {R"("id": "bot", )", R"("id": "b o t", )", "/clients/1/id", ""},
      {R"("login": {)", R"("Log-in": {)", "/connectors/Log-in", "a connector's name must be a lower-case letter"},
      {R"("plugin": "jwt", )", "", "/connectors/login", "required member \"plugin\" is missing"},
      {R"("plugin": "jwt", "isolation": "in_process")", R"("plugin": "jwt", "isolation": "none")",
       "/connectors/login/isolation", "in_process"},
      {R"("timeout_ms": 300)", R"("timeout_ms": 0)", "/connectors/shop/timeout_ms", "at least 1"},
      {R"("timeout_ms": 300)", R"("timout_ms": 300)", "/connectors/shop/timout_ms", "did you mean \"timeout_ms\"?"},
      {R"("assurance": "aal2")", R"("assurance": "high")", "/connectors/shop/assurance", "aal2"},
  };
  for (const auto& wrong : cases) {
    auto [config, faults] = read_config(with(example(), wrong.was, wrong.is), kFile);
    EXPECT_THAT(lines_of(faults),
                testing::Contains(AllOf(StartsWith(std::string(wrong.pointer) + ": "), HasSubstr(wrong.words))))
        << wrong.is;
    EXPECT_LE(faults.size(), 2U) << wrong.is; // one slip is not a list of woes
  }
}

TEST(ConfigTest, FindsEveryFaultInOneRun) {
  auto text = with(example(), R"("drain_ms")", R"("drian_ms")");
  text = with(text, R"("threads": 3)", R"("threads": 0)");
  text = with(text, R"("current": "k2")", R"("current": "k3")");
  text = with(text, R"("purpose": "support")", R"("purpose": "sales")");
  text = with(text, R"("shop": {)", R"("login": {)");
  auto [config, faults] = read_config(text, kFile);
  EXPECT_THAT(lines_of(faults),
              testing::UnorderedElementsAre(StartsWith("/drian_ms: "), StartsWith("/agents/threads: "),
                                            StartsWith("/keys/current: "), StartsWith("/clients/0/purpose: "),
                                            AllOf(StartsWith("/connectors/login: "), HasSubstr("twice"))));
}

TEST(ConfigTest, TakesAWorkerForAPluginUnlessItIsTrusted) {
  const std::string trusted = R"("plugin": "jwt", "isolation": "in_process")";
  const auto isolation = [&](std::string_view written) {
    return read_config(with(example(), trusted, written), kFile).config.connectors.at(0).isolation;
  };
  EXPECT_EQ(isolation(trusted), connector::Isolation::in_process);
  EXPECT_EQ(isolation(R"("plugin": "jwt")"), connector::Isolation::worker);
  EXPECT_EQ(isolation(R"("plugin": "jwt", "isolation": "worker")"), connector::Isolation::worker);
  EXPECT_EQ(isolation(R"("plugin": "jwt", "isolation": "require")"), connector::Isolation::require);
}

TEST(ConfigTest, LeavesOutTheLayersThatItsSandboxDoesWithout) {
  std::string all;
  for (std::size_t i = 1; i <= wire::kLayers; ++i)
    all += (all.empty() ? "\"" : ", \"") + std::string(wire::name_of(static_cast<wire::Layer>(i))) + "\"";
  const auto without = [](const std::string& names) {
    return read_config(with(example(), R"("drain_ms")", R"("sandbox": {"without": [)" + names + R"(]}, "drain_ms")"),
                       kFile);
  };
  EXPECT_THAT(lines_of(without(all).faults), IsEmpty());
  EXPECT_EQ(without(all).config.sandbox_without.size(), wire::kLayers);
  EXPECT_THAT(without(R"("seccomp", "pid", "seccomp")").config.sandbox_without,
              ElementsAre(wire::Layer::pid, wire::Layer::seccomp));
  EXPECT_THAT(lines_of(without(R"("pid", "uts")").faults),
              ElementsAre(AllOf(StartsWith("/sandbox/without/1: "), HasSubstr("no_new_privs"))));
}

TEST(ConfigTest, ReadsAWorkersLimits) {
  const auto limits = [](const std::string& written) {
    return read_config(with(example(), R"("timeout_ms": 300)", R"("limits": {)" + written + R"(}, "timeout_ms": 300)"),
                       kFile);
  };
  const auto none = limits("").config.connectors.at(1).limits;
  EXPECT_FALSE(none.memory_bytes || none.threads || none.descriptors || none.cpu_percent);
  auto [config, faults] =
      limits(R"("memory_mb": 1048576, "threads": 4096, "descriptors": 65536, "cpu_percent": 25600)");
  EXPECT_THAT(lines_of(faults), IsEmpty());
  EXPECT_EQ(config.connectors[1].limits.memory_bytes, std::uint64_t{1} << 40);
  EXPECT_EQ(config.connectors[1].limits.threads, 4096U);
  EXPECT_EQ(config.connectors[1].limits.descriptors, 65536U);
  EXPECT_EQ(config.connectors[1].limits.cpu_percent, 25600U);
  for (const std::string wrong :
       {R"("memory_mb": 31)", R"("memory_mb": 1048577)", R"("threads": 3)", R"("threads": 4097)",
        R"("descriptors": 31)", R"("descriptors": 65537)", R"("cpu_percent": 0)", R"("cpu_percent": 25601)",
        R"("memory_mb": "512M")", R"("memory": 512)"})
    EXPECT_THAT(lines_of(limits(wrong).faults), ElementsAre(StartsWith("/connectors/shop/limits/"))) << wrong;
}

TEST(ConfigTest, SaysWhereTextIsNoJson) {
  auto [config, faults] = read_config("{\n  \"agents\": {,}\n}", kFile);
  EXPECT_THAT(lines_of(faults), ElementsAre(HasSubstr("line 2")));
  EXPECT_THAT(lines_of(read_config("", kFile).faults), testing::SizeIs(1));
  EXPECT_THAT(lines_of(read_config("null", kFile).faults), ElementsAre(": must be a JSON object"));
  EXPECT_THAT(lines_of(read_config("[]", kFile).faults), ElementsAre(HasSubstr("must be an object")));
}

// Found by the fuzzer: milliseconds that are no nanoseconds any more.
TEST(ConfigTest, ReckonsWithNoNumberThatIsRefused) {
  auto [config, faults] = read_config(with(example(), "3000", "22222222222222225"), kFile);
  EXPECT_THAT(lines_of(faults), ElementsAre(StartsWith("/agents/limits/request_ms: ")));
  EXPECT_EQ(config.agent_limits.header_time, http::ServerLimits{}.header_time);
}

TEST(ConfigTest, RefusesASocketPathThatDoesNotFit) {
  auto fits = "/" + std::string(106, 's');
  EXPECT_THAT(lines_of(read_config(with(example(), "var/admin.sock", fits), kFile).faults), IsEmpty());
  EXPECT_THAT(lines_of(read_config(with(example(), "var/admin.sock", fits + "s"), kFile).faults),
              ElementsAre(AllOf(StartsWith("/admin/socket: "), HasSubstr("107 bytes"))));
}

TEST(ConfigTest, PublishesASchemaThatIsEnforced) {
  EXPECT_TRUE(json::Schema::compile(config_schema()));
}

} // namespace
} // namespace plugboard::daemon
