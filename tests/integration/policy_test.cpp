// Who may see what, asked of a hub that runs and of a file that no hub runs on: both say the same, to people and to
// programs; and what is wrong with a question, a table or a configuration is said with its place.
#include "tests/integration/hub_test.hpp"

namespace plugboard::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kPolicy = R"("policy": {"rules": [
  {"channels": ["chat"], "sections": ["crm.contact"], "masks": {"/birth_date": "year_only", "/notes": "remove"},
   "need": {"/phones": {"assurance": "aal2", "max_age_s": 300}}},
  {"clients": ["lobby"], "sections": ["crm.*"], "fields": ["/name"]}]},)";

class PolicyCommandsTest : public HubTest {
 protected:
  struct Said {
    int code;
    std::string out, err;
  };

  static HubConfig configuration(const std::string& policy = kPolicy) {
    HubConfig config;
    config.more = policy;
    config.add("crm", rest_connector(1, R"({"contact": {"shape": "contact/v1", "needs": [["customer_id"]],
      "url": "/contact?c={customer_id}", "mapping": "identity"}})"));
    return config;
  }

  static Said plugboard(const HubProcess& hub, std::vector<std::string> words) {
    words.insert(words.begin(), {COMMAND_LINE, "--server", "http://127.0.0.1:" + std::to_string(hub.port()), "--admin",
                                 hub.admin_socket()});
    auto environment = hub.config().environment;
    environment["PLUGBOARD_KEY"] = kDesk;
    Process process(words, environment);
    const auto code = process.wait().value_or(-1);
    return {code, process.out(), process.err()};
  }

  // Of the hub, and of its file.
  static std::vector<Said> both(const HubProcess& hub, std::vector<std::string> words) {
    auto live = plugboard(hub, words);
    words.insert(words.end(), {"--config", hub.config_file()});
    return {std::move(live), plugboard(hub, words)};
  }

  static std::vector<std::string> explain(const std::string& client, std::vector<std::string> more = {}) {
    std::vector<std::string> words{"policy", "explain", "--client", client, "--section", "crm.contact"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  static std::vector<std::string> held(HubProcess& hub, const std::string& table) {
    return {"policy", "test", hub.folder().write("table.json", table)};
  }
};

TEST_F(PolicyCommandsTest, ExplainSaysWhatWouldLeaveAndWhichRuleDecides) {
  auto& hub = run(configuration());
  for (const auto& said : both(hub, explain("desk"))) {
    EXPECT_EQ(said.code, 0) << said.err;
    EXPECT_THAT(said.out, AllOf(HasSubstr("crm.contact for desk (chat, support) at aal1: allowed\n"),
                                HasSubstr("/policy/rules/0  applies, needs aal1\n"),
                                HasSubstr("/policy/rules/1  is for another client\n"),
                                HasSubstr("/birth_date  year_only\n"), HasSubstr("/notes  denied\n"),
                                HasSubstr("/phones  step_up_required, needs aal2 within 300 s\n")));
  }
  for (const auto& said : both(hub, explain("desk", {"--assurance", "aal2", "--age", "300"})))
    EXPECT_THAT(said.out, Not(HasSubstr("step_up_required")));
  for (const auto& said : both(hub, explain("desk", {"--assurance", "aal2", "--age", "301"})))
    EXPECT_THAT(said.out, HasSubstr("step_up_required, needs aal2 within 300 s"));
  for (const auto& said : both(hub, explain("desk", {"--assurance", "asserted"})))
    EXPECT_THAT(said.out, HasSubstr("at asserted: step_up_required, needs aal1\n"));
}

TEST_F(PolicyCommandsTest, ExplainIsTheSameToProgramsFromAHubAndFromItsFile) {
  auto& hub = run(configuration());
  for (const auto* client : {"desk", "bot", "lobby"})
    for (const auto* assurance : {"none", "asserted", "aal1", "aal2", "aal3"}) {
      const auto said = both(hub, explain(client, {"--assurance", assurance, "--purpose", "sales", "--json"}));
      ASSERT_EQ(said[0].code, 0) << said[0].err;
      EXPECT_EQ(said[0].out, said[1].out);
      const auto page = Json::parse(said[0].out);
      EXPECT_EQ(page.text("/client"), client);
      EXPECT_EQ(page.text("/purpose"), "sales");
      EXPECT_EQ(page.truth("/client_may_name_it"), std::string(client) != "bot");
      EXPECT_TRUE(page.truth("/has_policy"));
    }
}

TEST_F(PolicyCommandsTest, ExplainSaysWhatIsWrongWithAQuestion) {
  auto& hub = run(configuration());
  for (const auto& said : both(hub, explain("nobody"))) {
    EXPECT_EQ(said.code, 1);
    EXPECT_EQ(said.out, "");
    EXPECT_THAT(said.err, HasSubstr("here is no such client"));
  }
  for (const auto& said : both(hub, {"policy", "explain", "--client", "desk", "--section", "crm.nothing"})) {
    EXPECT_EQ(said.code, 1);
    EXPECT_THAT(said.err, HasSubstr("here is no such section"));
  }
  for (const auto& said : both(hub, explain("desk", {"--assurance", "aal9"}))) {
    EXPECT_EQ(said.code, 1);
    EXPECT_THAT(said.err, HasSubstr("must be none, asserted, aal1, aal2 or aal3"));
  }
  for (const auto& said : both(hub, explain("desk", {"--purpose", "curiosity"}))) {
    EXPECT_EQ(said.code, 1) << said.out;
    EXPECT_THAT(said.err, HasSubstr("purpose must be one of those that the"));
  }
  EXPECT_EQ(plugboard(hub, {"policy", "explain", "--client", "desk"}).code, 2);
  EXPECT_EQ(plugboard(hub, explain("desk", {"--age", "-1"})).code, 2);
  EXPECT_EQ(plugboard(hub, explain("desk", {"--config", "/no/such.json"})).code, 2);
  EXPECT_EQ(plugboard(hub, {"policy"}).code, 2);
}

TEST_F(PolicyCommandsTest, TestHoldsATableAndSaysWhatIsOtherwise) {
  auto& hub = run(configuration());
  const std::string good = R"({"expectations": [
    {"client": "desk", "assurance": "aal1", "section": "crm.contact", "verdict": "allowed",
     "fields": {"/name": "visible", "/birth_date": "year_only", "/notes": "denied", "/phones": "step_up_required"}},
    {"client": "bot", "assurance": "aal3", "section": "crm.contact", "verdict": "denied"})";
  for (const auto& said : both(hub, held(hub, good + "]}"))) {
    EXPECT_EQ(said.code, 0) << said.out << said.err;
    EXPECT_EQ(said.out, "2 expectations, 0 failed\n");
  }
  const auto bad = good + R"(, {"client": "lobby", "assurance": "aal1", "section": "crm.contact", "verdict": "denied",
                                "fields": {"/name": "last4"}}]})";
  for (const auto& said : both(hub, held(hub, bad))) {
    EXPECT_EQ(said.code, 1);
    EXPECT_EQ(said.out, "/expectations/2: verdict is allowed, expected denied\n"
                        "/expectations/2: /name is visible, expected last4\n"
                        "3 expectations, 1 failed\n");
  }
  auto as_json = held(hub, bad);
  as_json.emplace_back("--json");
  for (const auto& said : both(hub, as_json)) {
    EXPECT_EQ(said.code, 1);
    EXPECT_EQ(Json::parse(said.out).integer("/failed"), 1);
    EXPECT_EQ(Json::parse(said.out).text("/failures/1/of"), "/name");
  }
}

TEST_F(PolicyCommandsTest, TestSaysWhatIsWrongWithATable) {
  auto& hub = run(configuration());
  const std::pair<const char*, const char*> cases[] = {
      {R"({"expectations": [{"client": "desk", "section": "crm.contact"}]})", "/expectations/0/assurance"},
      {R"({"expectations": [{"client": "desk", "assurance": "high", "section": "crm.contact"}]})",
       "/expectations/0/assurance"},
      {R"({"expectations": [{"client": "ghost", "assurance": "aal1", "section": "crm.contact"}]})",
       "/expectations/0/client"},
      {R"({"expectations": [{"client": "desk", "assurance": "aal1", "section": "crm.contact", "feilds": {}}]})",
       "/expectations/0/feilds"},
      {R"({"expectations": 1})", "/expectations"},
      {R"({"expectations": [)", "JSON"}};
  for (const auto& [table, place] : cases)
    for (const auto& said : both(hub, held(hub, table))) {
      EXPECT_EQ(said.code, 1) << table;
      EXPECT_EQ(said.out, "") << table;
      EXPECT_THAT(said.err, HasSubstr(place)) << table;
    }
  EXPECT_EQ(plugboard(hub, {"policy", "test", "/no/such.json"}).code, 2);
}

TEST_F(PolicyCommandsTest, AWrongConfigurationIsRefusedWithThePlaceOfEachFault) {
  auto& hub = prepare(configuration());
  const auto file = hub.folder().write("wrong.json", configuration(R"("policy": {"rules": [
    {"sections": ["crm.contact"], "fields": ["name"]},
    {"sections": ["crm.contact"], "masks": {"/name": "last5"}},
    {"sections": ["crm.contact"], "need": {"/nmae": {"assurance": "aal2"}}}]},)")
                                                         .text());
  for (const auto& words : {explain("desk", {"--config", file}), [&] {
                              auto table = held(hub, R"({"expectations": []})");
                              table.insert(table.end(), {"--config", file});
                              return table;
                            }()}) {
    const auto said = plugboard(hub, words);
    EXPECT_EQ(said.code, 1);
    EXPECT_THAT(said.err, AllOf(HasSubstr("/policy/rules/0/fields/0"), HasSubstr("/policy/rules/1/masks/~1name"),
                                HasSubstr("/policy/rules/2/need/~1nmae")));
  }
}

TEST_F(PolicyCommandsTest, WithoutAPolicyPeopleAreTold) {
  auto& hub = run(configuration(""));
  for (const auto& said : both(hub, explain("desk")))
    EXPECT_THAT(said.out, HasSubstr("the configuration has no policy: clients see their sections whole"));
  EXPECT_FALSE(hub.admin("/admin/v1/policy").json().truth("/has_policy"));
  const auto doctor = plugboard(hub, {"doctor"});
  EXPECT_EQ(doctor.code, 0) << doctor.out; // nothing is broken
  EXPECT_THAT(doctor.out, HasSubstr("warning  policy: there is none: each client sees every field"));
  ASSERT_TRUE(hub.reload(configuration()));
  EXPECT_TRUE(hub.admin("/admin/v1/policy").json().truth("/has_policy"));
  EXPECT_THAT(plugboard(hub, {"doctor"}).out, HasSubstr("good     policy: the configuration says who may see what"));
}

} // namespace
} // namespace plugboard::test
