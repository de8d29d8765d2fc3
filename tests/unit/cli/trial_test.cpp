#include "core/cli/trial.hpp"
#include "core/cli/trial_inputs.hpp"

#include "core/json/document.hpp"

#include <gtest/gtest.h>

namespace plugboard::cli {
namespace {

TEST(OriginTest, IsSchemeAndAuthority) {
  EXPECT_EQ(origin_of("https://crm.example/v2?a=b"), "https://crm.example");
  EXPECT_EQ(origin_of("http://10.0.0.7:8080"), "http://10.0.0.7:8080");
  EXPECT_EQ(origin_of("https://crm.example?a=b"), "https://crm.example");
  for (const char* none :
       {"", "https://", "https:///v2", "ftp://crm.example", "crm.example", "see https://crm.example"})
    EXPECT_FALSE(origin_of(none)) << none;
}

TEST(StandInNamesTest, GivesEachOriginANameOfItsOwn) {
  const StandInNames names({"https://crm.example/v2", "https://crm.example/v1", "http://crm.example:8080/", "no URL"},
                           {80, 443});
  EXPECT_EQ(names.hosts(), (std::vector<std::string>{"crm.example.localhost", "crm.example-8080.localhost"}));
  EXPECT_EQ(names.here("https://crm.example/v2/a?b=c"), "https://crm.example.localhost:443/v2/a?b=c");
  EXPECT_EQ(names.here("http://crm.example:8080"), "http://crm.example-8080.localhost:80");
  EXPECT_EQ(names.here("https://crm.example.evil/v2"), "https://crm.example.evil/v2") << "begins alike, is another";
  EXPECT_EQ(names.here("contacts.read"), "contacts.read");
  EXPECT_EQ(names.there("crm.example.localhost:443"), "https://crm.example");
  EXPECT_EQ(names.there("crm.example-8080.localhost:80"), "http://crm.example:8080");
  EXPECT_EQ(names.there("crm.example.localhost:80"), "");
}

class TrialTest : public testing::Test {
 protected:
  TrialTest() {
    trial.plugin.manifest.name = "crm";
    trial.plugin.manifest.version = "1.2.3";
    trial.plugin.manifest.egress = {"https:*", "tcp:db.example:5432"};
    trial.scenario.written = R"({"url": "https://crm.example/v2", "key": {"env": "CRM_KEY"}, "tries": 3})";
    trial.scenario.secrets = {{"CRM_KEY", "secret"}};
    trial.scenario.lookups = {{.section = "contact", .identifiers = {{"email", "ada@example.com", true, {}}}}};
    trial.key = "key";
    trial.signing_key = Secret("0123456789abcdef0123456789abcdef");
  }

  std::string at(std::string_view pointer) const {
    const auto document = json::read_document(*trial_config(trial), false);
    const auto* value = json::at_pointer(document.tree, pointer);
    return value ? json::to_text(*value) : "nothing";
  }

  Trial trial;
};

TEST_F(TrialTest, LeadsToTheStandInAndGrantsThatAlone) {
  trial.names = StandInNames({"https://crm.example/v2"}, {80, 443});
  trial.ca_file = "stand_in.pem";
  EXPECT_EQ(at("/connectors/crm/plugin"), R"("crm@1.2.3")");
  EXPECT_EQ(at("/connectors/crm/config"),
            R"({"url":"https://crm.example.localhost:443/v2","key":{"env":"CRM_KEY"},"tries":3})");
  EXPECT_EQ(at("/connectors/crm/grants/egress"), R"(["https:crm.example.localhost:443","tcp:db.example:5432"])");
  EXPECT_EQ(at("/connectors/crm/isolation"), "nothing") << "a worker";
  EXPECT_EQ(at("/upstreams/tls/ca/file"), R"("stand_in.pem")");
  EXPECT_EQ(trial_environment(trial).at("CRM_KEY"), "secret");
}

TEST_F(TrialTest, LeadsToItsOwnSystemsWhereNoneIsStoodInFor) {
  EXPECT_EQ(at("/connectors/crm/config/url"), R"("https://crm.example/v2")");
  EXPECT_EQ(at("/connectors/crm/grants/egress"), R"(["https:crm.example","tcp:db.example:5432"])");
  EXPECT_EQ(at("/connectors/crm/grants/networks"), "nothing");
  EXPECT_EQ(at("/upstreams"), "nothing");
}

TEST_F(TrialTest, LetsInWhomTheLookupsAreAbout) {
  EXPECT_EQ(at("/connectors/plugboard_run/config/identifiers"), R"({"email":{"claim":"email","verified":true}})");
  const auto token = trial_token(trial, trial.scenario.lookups[0].identifiers, WallTime(std::chrono::seconds(1000)));
  EXPECT_EQ(std::count(token.begin(), token.end(), '.'), 2);
  EXPECT_NE(token, trial_token(trial, {}, WallTime(std::chrono::seconds(1000))));
}

TEST_F(TrialTest, RefusesFilesOutsideOfItsFolder) {
  for (const char* bad : {"/etc/keys.json", "../keys.json"}) {
    trial.scenario.files = {{bad, "{}"}};
    const auto config = trial_config(trial);
    ASSERT_FALSE(config) << bad;
    EXPECT_NE(config.error().message.find(bad), std::string::npos);
  }
  trial.scenario.files = {{"keys.json", "{}"}};
  EXPECT_EQ(at("/connectors/crm/grants/files"), R"(["ro:keys.json"])");
}

TEST_F(TrialTest, HasAConnectorForWhatASectionIsComputedFrom) {
  auto& scenario = trial.scenario;
  scenario.sections = {{.name = "risk",
                        .shape = "record/v1",
                        .description = {},
                        .needs = {},
                        .yields = {},
                        .echo = {},
                        .from = {{"contact", "contact/v1"}, {"tickets", "tickets/v1", true}}}};
  scenario.lookups = {{.section = "risk", .inputs = {{"contact", std::string(R"({"customer_id":"7"})"), {}, false}}},
                      {.section = "risk",
                       .identifiers = {{"customer_id", "8", true, {}}},
                       .inputs = {{"contact", std::string(R"({"customer_id":"8"})"), {}, false}}}};
  add_inputs(scenario);
  ASSERT_EQ(scenario.upstream.size(), 2U);
  EXPECT_EQ(scenario.upstream[0].url, std::string(kTrialInputsOrigin) + "/made-up-1/contact");
  EXPECT_EQ(scenario.upstream[1].url, std::string(kTrialInputsOrigin) + "/8/contact");
  EXPECT_EQ(scenario.upstream[1].answer.body, R"({"customer_id":"8"})");
  trial.names = StandInNames({kTrialInputsOrigin}, {80, 443});
  EXPECT_EQ(at("/connectors/crm/from"),
            R"({"contact":"plugboard_run_inputs.contact","tickets":"plugboard_run_inputs.tickets"})");
  EXPECT_EQ(at("/connectors/crm/grants/egress"), R"(["tcp:db.example:5432"])") << "not where the inputs are";
  EXPECT_EQ(at("/connectors/plugboard_run_inputs/config/sections/tickets/shape"), R"("tickets/v1")");
  EXPECT_EQ(at("/connectors/plugboard_run_inputs/grants/egress"),
            R"(["https:inputs.plugboard-run.example.localhost:443"])");
}

} // namespace
} // namespace plugboard::cli
