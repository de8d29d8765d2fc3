// What a newcomer gets wrong, said in one run, each with its place and what to do.
#include "tests/integration/hub_test.hpp"

#include <filesystem>

namespace plugboard::test {
namespace {

namespace fs = std::filesystem;

class CheckTest : public HubTest {
 protected:
  struct Said {
    int code;
    std::string text;
  };

  Said check(HubProcess& hub, const std::string& text) {
    auto file = hub.folder().write("check.json", text);
    Process process({HubProcess::process_command(), "--config", file, "--check"}, hub.config().environment);
    auto code = process.wait();
    return {code.value_or(-1), process.out()};
  }

  // The line of this place.
  static std::string line_of(const std::string& text, const std::string& pointer) {
    auto at = text.find(": " + pointer + ": ");
    return at == std::string::npos ? "nothing about " + pointer + " in:\n" + text
                                   : text.substr(at, text.find('\n', at) - at);
  }

  Canary canary;
};

TEST_F(CheckTest, WarnsOfSessionsLongerThanNistAllows) {
  HubConfig config;
  auto& hub = prepare(config);
  config.more = R"("sessions": {"absolute_s": 172800, "idle_s": 7200},)";
  const auto said = check(hub, config.text());
  EXPECT_EQ(said.code, 0) << said.text;
  for (const char* words :
       {"aal2: sessions begun with it end after 24 h", "aal3: sessions begun with it end after 12 h",
        "aal2: sessions begun with it end after 1 h", "aal3: sessions begun with it end after 15 min"})
    EXPECT_THAT(said.text, testing::HasSubstr(words));
  EXPECT_THAT(check(hub, HubConfig().text()).text, testing::Not(testing::HasSubstr("NIST")));
}

TEST_F(CheckTest, ReportsEverythingOfANewcomersFileInOneRun) {
  HubConfig config;
  auto& hub = prepare(config);
  const auto cycle = R"({
    "one": {"shape": "record/v1", "needs": [["loop.b"]], "yields": {"loop.a": {"from": "/a"}}, "url": "/1?x={loop.b}", "mapping": "identity"},
    "two": {"shape": "record/v1", "needs": [["loop.a"]], "yields": {"loop.b": {"from": "/b"}}, "url": "/2?x={loop.a}", "mapping": "identity"}})";
  config.add("canary", canary.connector());
  config.add("loop", rest_connector(1, cycle));
  config.add("canary", canary.connector());                               // a second of that name
  config.add("shop", R"({"plugin": "rets", "isolation": "in_process"})"); // unknown plugin
  config.add("crm", rest_connector(1, R"({"x": )" + rest_section("/x") + "}", R"("timout_ms": 5, )")); // misspelt
  config.add("old", R"({"plugin": "rest@9.9.9", "isolation": "worker", "config": {}})");
  auto text = config.text();
  text.replace(text.find(R"("DESK_KEY")"), 10, R"("DESK_KEY_THAT_IS_NOT_SET")");
  text.replace(text.find("keys/k1"), 7, "keys/k9");
  auto said = check(hub, text);
  EXPECT_EQ(said.code, 1);
  using testing::AllOf;
  using testing::HasSubstr;
  EXPECT_THAT(line_of(said.text, "/keys/k1"), AllOf(HasSubstr("keys/k9"), HasSubstr("make the file")));
  EXPECT_THAT(line_of(said.text, "/clients/0/key"), AllOf(HasSubstr("DESK_KEY_THAT_IS_NOT_SET"), HasSubstr("set it")));
  EXPECT_THAT(line_of(said.text, "/connectors/canary"), HasSubstr("twice"));
  EXPECT_THAT(line_of(said.text, "/connectors/shop/plugin"), AllOf(HasSubstr("rets"), HasSubstr("rest")));
  EXPECT_THAT(line_of(said.text, "/connectors/crm/timout_ms"), AllOf(HasSubstr("unknown"), HasSubstr("timeout_ms")));
  EXPECT_THAT(line_of(said.text, "/connectors/old/plugin"), AllOf(HasSubstr("9.9.9"), HasSubstr("1.0.0")));
  EXPECT_THAT(line_of(said.text, "/connectors/loop/config/sections/one/needs"),
              AllOf(HasSubstr("a cycle"), HasSubstr("loop.one needs loop.b"), HasSubstr("loop.two needs loop.a")));
}

TEST_F(CheckTest, SaysThatAGoodFileIsGoodAndRunsNothing) {
  HubConfig config;
  config.add("canary", canary.connector());
  auto& hub = prepare(config);
  auto said = check(hub, config.text());
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.text, testing::HasSubstr("good: 2 connectors, 1 sections, 3 clients"));
  EXPECT_FALSE(fs::exists(hub.folder() / "var")); // nothing was made
  EXPECT_EQ(said.text.find(kDesk), std::string::npos);
}

TEST_F(CheckTest, SaysWhereTheJsonBreaks) {
  HubConfig config;
  auto& hub = prepare(config);
  auto said = check(hub, "{\n  \"agents\": {\"listen\": \"127.0.0.1:0\",}\n  \"x\"");
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.text, testing::HasSubstr("line 2"));
  Process missing({HubProcess::process_command(), "--config", hub.folder() / "nowhere.json", "--check"});
  EXPECT_EQ(missing.wait(), 1);
  EXPECT_THAT(missing.out(), testing::HasSubstr("nowhere.json"));
  Process wrong({HubProcess::process_command(), "--confg", "x"});
  EXPECT_EQ(wrong.wait(), 2);
}

TEST_F(CheckTest, SpellsOutANeedThatNobodyYields) {
  HubConfig config;
  auto& hub = prepare(config);
  config.add("shop", rest_connector(1, R"({
    "a": {"shape": "record/v1", "needs": [["shop.x"]], "yields": {"shop.y": {"from": "/y"}}, "url": "/a?x={shop.x}", "mapping": "identity"},
    "b": {"shape": "record/v1", "needs": [["shop.y"]], "url": "/b?y={shop.y}", "mapping": "identity"}})"));
  auto said = check(hub, config.text());
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(line_of(said.text, "/connectors/shop/config/sections/b/needs"),
              testing::HasSubstr(
                  "shop.b needs shop.y, which only shop.a yields; shop.a needs shop.x, which no session brings"));
}

class StartTest : public CheckTest {};

TEST_F(StartTest, TakesAWorkerWhereNothingIsSaid) {
  HubConfig config;
  auto connector = canary.connector();
  const std::string in_process = R"("isolation": "in_process", )";
  connector.replace(connector.find(in_process), in_process.size(), "");
  config.add("canary", connector);
  auto& hub = prepare(config);
  ASSERT_TRUE(hub.start());
  EXPECT_THAT(hub.admin("/admin/v1/connectors").body, testing::HasSubstr(R"("isolation":"worker")"));
}

TEST_F(StartTest, RefusesFilesThatAreNoPluginsAndTheirCodeNeverRuns) {
  const std::tuple<std::string, std::string> cases[] = {{"not_elf", "ELF"},
                                                        {"truncated_half", "cut short"},
                                                        {"no_note", "note"},
                                                        {"major_2", "ABI 2.0"},
                                                        {"bad_manifest", "manifest"},
                                                        {"no_entry", "plugboard_connector_entry_v1"},
                                                        {"create_fails", "must be an https address"},
                                                        {"start_fails", "the database does not answer"}};
  for (const auto& [name, words] : cases) {
    HubConfig config;
    TempFolder plugins;
    fs::copy(config.plugins_dir, plugins.path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    fs::create_directories(plugins / (name + "/1.0.0"));
    fs::copy(std::string(BAD_PLUGINS_FOLDER) + "/" + name + ".so", plugins / (name + "/1.0.0/" + name + ".so"));
    config.plugins_dir = plugins.path();
    config.add("bad", R"({"plugin": ")" + name + R"(", "isolation": "in_process"})");
    auto& hub = prepare(config);
    const auto marker = plugins / "marker";
    auto environment = config.environment;
    environment["PLUGBOARD_BAD_PLUGIN_MARKER"] = marker;
    auto file = hub.folder().write("plugboard.json", config.text());
    Process process({HubProcess::process_command(), "--config", file}, environment);
    EXPECT_EQ(process.wait(), 1) << name << process.err();
    EXPECT_THAT(process.err(), testing::HasSubstr("/connectors/bad")) << name;
    EXPECT_THAT(process.err(), testing::HasSubstr(words)) << name;
    EXPECT_FALSE(fs::exists(marker)) << name;
  }
}

// Beside a bad file that nobody configured a hub starts, and at reload a bad plugin is refused with the whole file.
TEST_F(StartTest, IsNotHarmedByABadFileBesideIt) {
  HubConfig config;
  TempFolder plugins;
  fs::copy(config.plugins_dir, plugins.path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  fs::create_directories(plugins / "major_2/1.0.0");
  fs::copy(std::string(BAD_PLUGINS_FOLDER) + "/major_2.so", plugins / "major_2/1.0.0/major_2.so");
  plugins.write("rest/9.0.0/readme.txt", "not a library");
  config.plugins_dir = plugins.path();
  config.add("canary", canary.connector());
  auto& hub = run(config);
  auto worse = config;
  worse.add("bad", R"({"plugin": "major_2", "isolation": "in_process"})");
  EXPECT_FALSE(hub.reload(worse));
  EXPECT_TRUE(hub.context(hub.session(), R"(, "deadline_ms": 10000)").truth("/complete"));
}

// Plugins that load, and misbehave when they are called: each spoils its own section.
TEST_F(StartTest, KeepsMisbehavingPluginsToTheirOwnSections) {
  const std::tuple<std::string, std::string, std::string> cases[] = {{"good", "ok", ""},
                                                                     {"good_async", "ok", ""},
                                                                     {"call_throws", "error", "plugin_failed"},
                                                                     {"completes_twice", "ok", ""},
                                                                     {"never_completes", "timeout", "deadline"},
                                                                     {"drops_call", "invalid", "plugin_protocol"},
                                                                     {"huge_reply", "invalid", "too_large"},
                                                                     {"invalid_utf8", "invalid", "plugin_protocol"},
                                                                     {"not_json", "invalid", "plugin_protocol"},
                                                                     {"deep_json", "invalid", "plugin_protocol"},
                                                                     {"duplicate_keys", "invalid", "plugin_protocol"},
                                                                     {"wrong_shape", "invalid", "shape"},
                                                                     {"another_customer", "invalid", "wrong_customer"},
                                                                     {"unknown_status", "invalid", "plugin_protocol"},
                                                                     {"null_reply", "invalid", "plugin_protocol"}};
  HubConfig config;
  TempFolder plugins;
  fs::copy(config.plugins_dir, plugins.path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  config.plugins_dir = plugins.path();
  for (const auto& [name, status, reason] : cases) {
    fs::create_directories(plugins / (name + "/1.0.0"));
    fs::copy(std::string(BAD_PLUGINS_FOLDER) + "/" + name + ".so", plugins / (name + "/1.0.0/" + name + ".so"));
    config.add(name, R"({"plugin": ")" + name + R"(", "isolation": "in_process"})");
  }
  config.add("canary", canary.connector());
  auto& hub = run(config);
  const auto session = hub.session({.customer_id = "1"}); // what they yield is no conflict then
  for (int round = 0; round < 2; ++round) {
    auto context = hub.context(session, R"(, "deadline_ms": 3000)");
    for (const auto& [name, status, reason] : cases) {
      EXPECT_EQ(status_of(context, name + ".contact"), status) << name;
      EXPECT_EQ(reason_of(context, name + ".contact"), reason) << name;
    }
    EXPECT_EQ(status_of(context, "canary.song"), "ok");
  }
}

} // namespace
} // namespace plugboard::test
