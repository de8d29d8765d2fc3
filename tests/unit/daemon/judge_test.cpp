#include "tests/unit/daemon/example.hpp"

#include "core/connector/published_shapes.hpp"
#include "core/daemon/build.hpp"
#include "core/daemon/check.hpp"
#include "core/daemon/worker_program.hpp"
#include "tests/support/temp_folder.hpp"

#include <filesystem>
#include <sstream>

namespace plugboard::daemon {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* kFile = "/etc/plugboard/plugboard.json";

class JudgeTest : public testing::Test {
 protected:
  JudgeTest() : good(with(example(), "PLUGINS", PLUGINS_DIR)) {
    secrets = {{"/etc/plugboard/keys/k1", std::string(32, 'a')},
               {"HUB_KEY", std::string(40, 'b')},
               {"DESK_KEY", "desk-key-0123456"},
               {"/run/bot.key", "bot-key-01234567"},
               {"CHAT_KEY", std::string(32, 'c')},
               {"/etc/plugboard/keys/shop", "t"}};
  }

  ResolveSecret resolve() {
    return [this](const SecretReference& reference) -> Result<Secret> {
      ++asked[reference.name];
      auto at = secrets.find(reference.name);
      if (at == secrets.end()) return fail(Code::not_found, reference.name + " is not there; put it there");
      return Secret(at->second);
    };
  }

  Judged judged(const std::string& text) {
    auto read = read_config(text, kFile);
    EXPECT_THAT(lines_of(read.faults), IsEmpty());
    faults.clear();
    return judge(read.config, resolve(), connector::published_shapes(), faults);
  }

  std::vector<std::string> wrong(std::string_view was, std::string_view is) {
    judged(with(good, was, is));
    return lines_of(faults);
  }

  // Whether the connector "shop" would be started anew.
  bool changes(const std::string& text) {
    auto before = judged(good), after = judged(text);
    EXPECT_THAT(lines_of(faults), IsEmpty());
    EXPECT_EQ(before.config_hash.at(0), after.config_hash.at(0)); // login never
    return before.config_hash.at(1) != after.config_hash.at(1);
  }

  std::string good;
  std::map<std::string, std::string> secrets;
  std::map<std::string, int> asked;
  std::vector<json::Fault> faults;
};

TEST_F(JudgeTest, BuildsWhatAGoodConfigurationSays) {
  auto result = judged(good);
  EXPECT_THAT(lines_of(faults), IsEmpty());
  ASSERT_EQ(result.connectors.size(), 2U);
  const auto& shop = result.connectors[1];
  EXPECT_EQ(shop.plugin.manifest.name, "rest");
  EXPECT_EQ(shop.files_root, "/etc/plugboard");
  EXPECT_EQ(shop.timeout, std::chrono::milliseconds(300));
  EXPECT_EQ(shop.max_concurrency, 7U);
  EXPECT_THAT(shop.config, HasSubstr(R"({"secret":"/headers/Authorization/value"})"));
  EXPECT_THAT(result.connectors[0].identifiers, ElementsAre("customer_id"));
  ASSERT_TRUE(result.catalog);
  ASSERT_EQ(result.catalog->sections().size(), 3U);
  EXPECT_EQ(result.catalog->sections()[0].name, "shop.orders");
  EXPECT_EQ(result.catalog->sections()[0].assurance, Assurance::aal2);
  EXPECT_EQ(result.keys.at("k2").reveal(), std::string(40, 'b'));
  ASSERT_EQ(result.clients.size(), 2U);
  EXPECT_EQ(result.clients[1].key.reveal(), "bot-key-01234567");
}

TEST_F(JudgeTest, AsksForAPluginsSecretsEachTime) {
  auto result = judged(good);
  const auto& ask = result.connectors[1].secrets.at("/headers/Authorization/value");
  EXPECT_EQ(ask()->reveal(), "t");
  secrets["/etc/plugboard/keys/shop"] = "rotated";
  EXPECT_EQ(ask()->reveal(), "rotated");
  secrets.erase("/etc/plugboard/keys/shop");
  EXPECT_FALSE(ask());
}

TEST_F(JudgeTest, SaysWhichSecretsAreMissing) {
  secrets.clear();
  judged(good);
  EXPECT_THAT(
      lines_of(faults),
      testing::UnorderedElementsAre(
          "/keys/k1: /etc/plugboard/keys/k1 is not there; put it there", "/keys/k2: HUB_KEY is not there; put it there",
          "/clients/0/key: DESK_KEY is not there; put it there",
          "/clients/1/key: /run/bot.key is not there; put it there",
          "/connectors/login/config/issuers/0/hs256: CHAT_KEY is not there; put it there",
          "/connectors/shop/config/headers/Authorization/value: /etc/plugboard/keys/shop is not there; put it there"));
}

TEST_F(JudgeTest, RefusesSecretsThatAreTooShort) {
  secrets["HUB_KEY"] = std::string(31, 'b');
  secrets["DESK_KEY"] = std::string(15, 'd');
  judged(good);
  EXPECT_THAT(lines_of(faults),
              ElementsAre(AllOf(StartsWith("/keys/k2: "), HasSubstr("fewer than 32 bytes"), HasSubstr("openssl rand")),
                          AllOf(StartsWith("/clients/0/key: "), HasSubstr("fewer than 16 characters"))));
  for (const auto& line : lines_of(faults)) EXPECT_THAT(line, testing::Not(HasSubstr("bbb")));
}

TEST_F(JudgeTest, RefusesTwoClientsWithOneKey) {
  secrets["/run/bot.key"] = secrets["DESK_KEY"];
  judged(good);
  EXPECT_THAT(lines_of(faults), ElementsAre(AllOf(StartsWith("/clients/1/key"), HasSubstr("give each its own"))));
}

TEST_F(JudgeTest, SaysWhichPluginsThereAre) {
  EXPECT_THAT(wrong("\"jwt\"", "\"jtw\""),
              ElementsAre(AllOf(StartsWith("/connectors/login/plugin: no plugin \"jtw\""), HasSubstr("jwt"))));
  EXPECT_THAT(wrong("rest@1.0.0", "rest@7.0.0"),
              ElementsAre(AllOf(StartsWith("/connectors/shop/plugin: "), HasSubstr("has no version 7.0.0"),
                                HasSubstr("1.0.0"))));
  EXPECT_THAT(wrong(PLUGINS_DIR, "/nowhere"),
              ElementsAre(StartsWith("/connectors/login/plugin: "), StartsWith("/connectors/shop/plugin: ")));
}

TEST_F(JudgeTest, HoldsAPluginsConfigurationAgainstItsSchema) {
  EXPECT_THAT(wrong("\"base_url\"", "\"base_ulr\""),
              testing::Contains(
                  AllOf(StartsWith("/connectors/shop/config/base_ulr: "), HasSubstr("did you mean \"base_url\"?"))));
  EXPECT_THAT(wrong(R"("audience": "support", )", ""),
              ElementsAre(StartsWith("/connectors/login/config/issuers/0: required member \"audience\"")));
}

TEST_F(JudgeTest, SaysWhichShapesThereAre) {
  auto text = good;
  text.replace(text.find("record/v1"), 9, "recrod/v1");
  judged(text);
  EXPECT_THAT(
      lines_of(faults),
      ElementsAre(AllOf(StartsWith("/connectors/shop/config/sections/orders/shape: there is no shape \"recrod/v1\""),
                        HasSubstr("contact/v1"), HasSubstr("record/v1"))));
}

TEST_F(JudgeTest, RefusesGrantsThatThePluginDoesNotAskFor) {
  EXPECT_THAT(wrong(R"("egress": ["https:api.shop.example"])",
                    R"("egress": ["tcp:db.shop.example:5432"], "files": ["ro:/etc/"])"),
              ElementsAre("/connectors/shop/grants/egress/0: the plugin rest does not ask for "
                          "\"tcp:db.shop.example:5432\" in its manifest; remove the grant",
                          "/connectors/shop/grants/files/0: the plugin rest does not ask for \"ro:/etc/\" in its "
                          "manifest; remove the grant"));
}

TEST_F(JudgeTest, SaysHowAGrantIsWritten) {
  for (const auto* grant : {"https://api.shop.example/", "api.shop.example", "ftp:x:21", ""})
    EXPECT_THAT(wrong(R"(["https:api.shop.example"])", "[\"" + std::string(grant) + "\"]"),
                testing::Contains(AllOf(StartsWith("/connectors/shop/grants/egress/0: "), HasSubstr("https:HOST"))))
        << grant;
}

TEST_F(JudgeTest, SaysHowANetworkIsWrittenAndThatARateIsOfAGrant) {
  EXPECT_THAT(wrong(R"("egress": ["https:api.shop.example"])",
                    R"("egress": ["https:api.shop.example"], "networks": ["10.0.0.0/8", "8.8.8.0/24", "10.1.2.3/8"])"),
              ElementsAre(StartsWith("/connectors/shop/grants/networks/1: \"8.8.8.0/24\" has public addresses"),
                          StartsWith("/connectors/shop/grants/networks/2: \"10.1.2.3/8\" is no network")));
  EXPECT_THAT(wrong(R"("grants": {"egress")", R"("rate_limit": {"upstreams": {"https:else.example": {"per_second": 1}}},
                    "grants": {"egress")"),
              ElementsAre(StartsWith("/connectors/shop/rate_limit/upstreams/https:else.example: is not among")));
}

TEST_F(JudgeTest, SpellsOutACycle) {
  auto text = good;
  text = with(text, R"("shop.parcel": {"from": "/parcel"})", R"("shop.other": {"from": "/other"})");
  EXPECT_THAT(
      (judged(text), lines_of(faults)),
      ElementsAre(AllOf(StartsWith(
          "/connectors/shop/config/sections/parcel/needs: shop.parcel needs shop.parcel, which no session brings"))));
  text = with(good, R"("latest": {"shape": "record/v1", "needs": [["customer_id"]], "url": "/latest?c={customer_id}")",
              R"("latest": {"shape": "record/v1", "needs": [["shop.ring"]], "url": "/latest?c={shop.ring}")");
  text = with(text, R"(c={customer_id}", "mapping": "identity"})", R"(c={customer_id}", "mapping": "identity"},
    "ring": {"shape": "record/v1", "needs": [["shop.parcel"]], "url": "/r?c={shop.parcel}", "mapping": "identity", "yields": {"shop.ring": {"from": "/r"}}})");
  EXPECT_THAT((judged(text), lines_of(faults)),
              testing::Contains(AllOf(HasSubstr("a cycle: "),
                                      HasSubstr("shop.latest needs shop.ring, which only shop.ring yields"))));
}

TEST_F(JudgeTest, SeesANeedThatNoLoginBrings) {
  EXPECT_THAT(wrong(R"("identifiers": {"customer_id":)", R"("identifiers": {"email":)"), testing::Not(IsEmpty()));
}

TEST_F(JudgeTest, CarriesOverAConnectorThatSeesNoChange) {
  EXPECT_FALSE(changes(good));
  EXPECT_FALSE(changes(with(good, R"("drain_ms": 2500)", R"("drain_ms": 2501)")));
  EXPECT_FALSE(changes(with(good, R"("purposes": ["support", "fraud"])", R"("purposes": ["support"])")));
}

TEST_F(JudgeTest, StartsAConnectorAnewForAllThatItSees) {
  EXPECT_TRUE(changes(with(good, R"("timeout_ms": 300)", R"("timeout_ms": 301)")));
  EXPECT_TRUE(changes(with(good, R"("max_concurrency": 7)", R"("max_concurrency": 8)")));
  for (const std::string limit :
       {R"("memory_mb": 511)", R"("threads": 65)", R"("descriptors": 255)", R"("cpu_percent": 50)"})
    EXPECT_TRUE(changes(with(good, R"("timeout_ms": 300)", R"("timeout_ms": 300, "limits": {)" + limit + "}")))
        << limit;
  EXPECT_TRUE(changes(with(good, "/orders?c=", "/v2/orders?c=")));
  EXPECT_TRUE(changes(with(good, R"(["https:api.shop.example"])", R"(["https:api.shop.example", "https:b.example"])")));
  secrets["/etc/plugboard/keys/new"] = "t";
  EXPECT_TRUE(changes(with(good, R"({"file": "keys/shop"})", R"({"file": "keys/new"})")));
}

// The same version's file with other bytes is another plugin.
TEST_F(JudgeTest, StartsAConnectorAnewForAnotherFile) {
  namespace fs = std::filesystem;
  test::TempFolder plugins;
  fs::copy(PLUGINS_DIR, plugins.path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  const auto text = with(good, PLUGINS_DIR, plugins.path());
  const auto before = judged(text);
  const auto file = plugins / "rest/1.0.0/rest.so";
  plugins.write("rest/1.0.0/rest.so", test::read_text(file) + "\n");
  const auto after = judged(text);
  ASSERT_THAT(lines_of(faults), IsEmpty()); // a connector with faults has no hash to compare
  EXPECT_EQ(before.config_hash[0], after.config_hash[0]);
  EXPECT_NE(before.config_hash[1], after.config_hash[1]);
}

// Of the connector "shop", which is async; "login", too.
TEST_F(JudgeTest, LimitsWorkersSensiblyAndAsWritten) {
  auto limits = judged(good).connectors[1].limits;
  EXPECT_EQ(limits.memory_bytes, 512U << 20);
  EXPECT_EQ(limits.threads, 64U);
  EXPECT_EQ(limits.descriptors, 256U);
  EXPECT_EQ(limits.cpu_percent, 100U);
  const auto written =
      R"("limits": {"memory_mb": 100, "threads": 9, "descriptors": 99, "cpu_percent": 150}, "timeout_ms": 300)";
  limits = judged(with(good, R"("timeout_ms": 300)", written)).connectors.at(1).limits;
  EXPECT_THAT(lines_of(faults), IsEmpty());
  EXPECT_EQ(limits.memory_bytes, 100U << 20);
  EXPECT_EQ(limits.threads, 9U);
  EXPECT_EQ(limits.descriptors, 99U);
  EXPECT_EQ(limits.cpu_percent, 150U);
}

TEST_F(JudgeTest, GivesABlockingPluginThreadsForItsCalls) {
  const auto sql = [](const std::string& more) {
    return R"("db": {"plugin": "sql", )" + more +
           R"("config": {"database": {"sqlite": "/data/x.db"}, "sections": {"x": {"shape": "record/v1", "needs": [["customer_id"]], "query": "SELECT 1"}}},
      "grants": {"files": ["ro:/data/"]}}, "shop": )";
  };
  auto limits = judged(with(good, R"("shop": )", sql(""))).connectors.at(1).limits;
  EXPECT_EQ(limits.threads, 64U);
  limits = judged(with(good, R"("shop": )", sql(R"("limits": {"threads": 20}, )"))).connectors.at(1).limits;
  EXPECT_EQ(limits.threads, 20U); // 16 calls at once, and four
  EXPECT_THAT(lines_of(faults), IsEmpty());
  EXPECT_THAT(wrong(R"("shop": )", sql(R"("limits": {"threads": 19}, )")),
              ElementsAre(AllOf(StartsWith("/connectors/db/limits/threads: is too few for the plugin's 16 calls"),
                                HasSubstr("at least 20"), HasSubstr("max_concurrency"))));
  judged(with(good, R"("shop": )", sql(R"("limits": {"threads": 19}, "max_concurrency": 15, )")));
  EXPECT_THAT(lines_of(faults), IsEmpty());
}

class JudgeWorkersTest : public JudgeTest {
 protected:
  std::vector<std::string> of_workers(const std::string& text, const std::string& no_worker) {
    auto read = read_config(text, kFile);
    EXPECT_THAT(lines_of(read.faults), IsEmpty());
    judge_workers(read.config, no_worker, read.faults);
    return lines_of(read.faults);
  }

  // Of "shop".
  std::string isolated(std::string_view isolation, const std::string& more = "") const {
    auto text = with(good, R"("plugin": "rest@1.0.0", "isolation": "in_process")",
                     R"("plugin": "rest@1.0.0", "isolation": ")" + std::string(isolation) + "\"");
    return with(text, R"("drain_ms")", more + R"("drain_ms")");
  }
};

TEST_F(JudgeWorkersTest, SaysOnceThatThereIsNoWorkerToBeHad) {
  EXPECT_THAT(of_workers(good, "it is gone"), IsEmpty()); // nobody needs it
  EXPECT_THAT(of_workers(isolated("worker"), ""), IsEmpty());
  const auto both = with(isolated("require"), R"("jwt", "isolation": "in_process")", R"("jwt")");
  EXPECT_THAT(of_workers(both, "it is gone"),
              ElementsAre(AllOf(StartsWith("/connectors/login: needs a worker process, and it is gone"),
                                HasSubstr("in_process"))));
}

TEST_F(JudgeWorkersTest, SaysThatTheProgramIsMissingAndWhereItBelongs) {
  test::TempFolder folder;
  EXPECT_THAT(why_no_worker(folder / "plugboard-worker"),
              AllOf(HasSubstr(folder / "plugboard-worker"), HasSubstr("No such file"), HasSubstr("beside plugboardd")));
  const auto program = folder.write("plugboard-worker", "");
  EXPECT_THAT(why_no_worker(program), HasSubstr("Permission denied"));
  std::filesystem::permissions(program, std::filesystem::perms::owner_exec, std::filesystem::perm_options::add);
  EXPECT_EQ(why_no_worker(program), "");
}

TEST_F(JudgeWorkersTest, RequiresNoLayerThatIsLeftOut) {
  const std::string without = R"("sandbox": {"without": ["seccomp", "landlock"]}, )";
  EXPECT_THAT(of_workers(isolated("worker", without), ""), IsEmpty());
  EXPECT_THAT(of_workers(isolated("require"), ""), IsEmpty());
  EXPECT_THAT(of_workers(isolated("require", without), ""),
              ElementsAre("/connectors/shop/isolation: \"require\" wants every layer of the sandbox, and "
                          "/sandbox/without leaves out landlock, seccomp; take one of the two away"));
}

TEST_F(JudgeTest, WritesALineAFaultForTheNewcomer) {
  test::TempFolder folder;
  std::ostringstream out;
  auto file = folder.write("hub.json", with(with(good, "\"jwt\"", "\"jtw\""), R"("drain_ms")", R"("drian_ms")"));
  EXPECT_EQ(check_config(file, resolve(), out), 1);
  EXPECT_THAT(out.str(), AllOf(HasSubstr(file + ": /drian_ms: unknown member"),
                               HasSubstr(file + ": /connectors/login/plugin: no plugin")));
  out.str("");
  EXPECT_EQ(check_config(folder / "nowhere.json", resolve(), out), 1);
  EXPECT_THAT(out.str(), HasSubstr("nowhere.json: No such file"));
}

} // namespace
} // namespace plugboard::daemon
