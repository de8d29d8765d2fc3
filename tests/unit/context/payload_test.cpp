#include "core/context/payload.hpp"
#include "core/json/reader.hpp"
#include "tests/unit/context/graph.hpp"

#include <gmock/gmock.h>

namespace plugboard::context {
namespace {

using connector::Outcome;
using connector::Reason;
using connector::Status;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using testing::Graph;
using testing::spec;

class PayloadTest : public ::testing::Test {
 protected:
  PayloadTest() {
    Graph graph;
    graph.connector("crm", {spec("contact", {{"email"}}), spec("notes", {{"email"}})});
    graph.connector("bank", {spec("account", {{"email"}})});
    catalog = graph.build({"email"});
    parts.context_id = "0197";
    parts.customer_id = "cus_1";
    parts.identifiers = &identifiers;
    parts.assurance = Assurance::aal1;
    parts.took = milliseconds(12);
    parts.catalog = catalog.get();
    parts.sources = &sources;
    parts.results = &results;
    parts.conflicts = &conflicts;
    see(policy::Policy({{"crm.contact"}, {"crm.notes"}, {"bank.account"}}));
  }

  void see(policy::Policy policy) {
    const std::vector<std::string> all{"*"};
    sight = policy::Sight(std::make_shared<const policy::Policy>(std::move(policy)),
                          {"default", "desk", "chat", "support", &all, policy::Standing::of(Assurance::aal1)});
    parts.sight = &sight;
  }

  SectionResult& add(std::size_t section, Status status, Reason reason = Reason::none) {
    SectionResult result;
    result.section = section;
    result.asked = result.called = true;
    result.outcome.status = status;
    result.outcome.reason = reason;
    if (status == Status::ok) result.outcome.data = R"({"name":"Leo"})";
    results.push_back(result);
    return results.back();
  }

  json::Value written() {
    text = write_payload(parts);
    auto value = reader.read(text);
    EXPECT_TRUE(value) << text;
    return *value;
  }

  std::vector<std::string> keys(json::Value object) {
    std::vector<std::string> keys;
    object.each_member([&](std::string_view key, json::Value) { keys.emplace_back(key); });
    return keys;
  }

  std::shared_ptr<const Catalog> catalog;
  std::vector<Identifier> identifiers{{"email", "leo@example.com", true, "login"}};
  std::vector<Source> sources{{"crm", "sql", "1.0.0"}, {"bank", "rest", "2.1.0"}};
  std::vector<SectionResult> results;
  std::vector<Conflict> conflicts;
  policy::Sight sight;
  PayloadParts parts;
  std::string text;
  json::Reader reader;
};

TEST_F(PayloadTest, SplicesDataWithSourceAndTimes) {
  add(0, Status::ok).outcome.took = milliseconds(3);
  auto section = written()["sections"]["crm.contact"];
  EXPECT_EQ(section["status"].string(), "ok");
  EXPECT_EQ(section["shape"].string(), "record/v1");
  EXPECT_NE(text.find(R"("data":{"name":"Leo"})"), std::string::npos);
  EXPECT_EQ(section["source"]["plugin"].string(), "sql");
  EXPECT_EQ(section["source"]["version"].string(), "1.0.0");
  EXPECT_EQ(section["age_ms"].integer(), 0);
  EXPECT_EQ(section["took_ms"].number(), 3.0);
  EXPECT_TRUE(section["fetched_at"].found());
  EXPECT_FALSE(section["error"].found());
}

TEST_F(PayloadTest, IsCompleteOnlyWhenEverySectionAskedForIsOkOrNotFound) {
  add(0, Status::ok);
  add(1, Status::not_found);
  EXPECT_EQ(written()["complete"].boolean(), true);
  for (auto status : {Status::stale, Status::timeout, Status::error, Status::unavailable, Status::invalid,
                      Status::ambiguous, Status::skipped}) {
    results.clear();
    add(0, Status::ok);
    add(1, status).outcome.data = "{}";
    EXPECT_EQ(written()["complete"].boolean(), false) << name_of(status);
  }
  results.clear();
  add(0, Status::ok);
  parts.denied = {"nobody.knows"};
  EXPECT_EQ(written()["complete"].boolean(), false);
  parts.denied.clear();
  parts.step_up = {{2, {Assurance::aal2}}};
  EXPECT_EQ(written()["complete"].boolean(), false);
}

TEST_F(PayloadTest, AFailureNeverLooksLikeACustomerWhoHasNothing) {
  add(0, Status::timeout, Reason::deadline);
  auto section = written()["sections"]["crm.contact"];
  EXPECT_FALSE(section["data"].found());
  EXPECT_FALSE(section["fetched_at"].found());
  EXPECT_EQ(section["error"]["reason"].string(), "deadline");
  EXPECT_FALSE(section["error"]["title"].string()->empty());
}

TEST_F(PayloadTest, NamesTheRequiredSectionsThatAreMissing) {
  add(0, Status::ok);
  add(1, Status::error, Reason::unreachable);
  add(2, Status::not_found);
  parts.required = {"crm.contact", "crm.notes", "bank.account", "no.such"};
  std::vector<std::string> missing;
  written()["required_missing"].each_element([&](json::Value name) { missing.emplace_back(*name.string()); });
  EXPECT_THAT(missing, ElementsAre("crm.notes", "no.such"));
}

TEST_F(PayloadTest, MergesStepUpsIntoDeclaredOrderAndPutsTheDeniedLast) {
  add(0, Status::ok);
  add(2, Status::ok);
  parts.step_up = {{1, {Assurance::aal2, std::chrono::seconds(300)}}};
  parts.denied = {"zzz.hidden", "aaa.unknown"};
  auto sections = written()["sections"];
  EXPECT_THAT(keys(sections), ElementsAre("crm.contact", "crm.notes", "bank.account", "zzz.hidden", "aaa.unknown"));
  EXPECT_EQ(sections["crm.notes"]["status"].string(), "step_up_required");
  EXPECT_EQ(sections["crm.notes"]["challenge"]["acr_values"].string(), "aal2");
  EXPECT_EQ(sections["crm.notes"]["challenge"]["max_age"].integer(), 300);
  EXPECT_THAT(keys(sections["zzz.hidden"]), ElementsAre("status"));
  EXPECT_THAT(keys(sections["aaa.unknown"]), ElementsAre("status")) << "denied and unknown are not told apart";
}

TEST_F(PayloadTest, LeavesOutSectionsThatRanOnlyForOthers) {
  add(0, Status::error, Reason::unreachable).asked = false;
  add(1, Status::ok);
  auto answer = written();
  EXPECT_THAT(keys(answer["sections"]), ElementsAre("crm.notes"));
  EXPECT_EQ(answer["complete"].boolean(), true);
}

TEST_F(PayloadTest, ReportsDisagreementsWithoutValues) {
  add(0, Status::ok);
  conflicts = {{"customer_id", "crm", "bank"}};
  auto conflict = written()["conflicts"].at_pointer("/0");
  EXPECT_EQ(conflict["type"].string(), "customer_id");
  EXPECT_EQ(conflict["kept"].string(), "crm");
  EXPECT_EQ(conflict["ignored"].string(), "bank");
}

TEST_F(PayloadTest, EscapesWhatTheCallerNamed) {
  parts.denied = {"a\"},{\"b"};
  EXPECT_TRUE(written()["sections"]["a\"},{\"b"].found());
}

// A policy of rules over three sections of which nothing is known.
policy::Policy ruled(const std::string& rules) {
  std::vector<json::Fault> faults;
  return policy::Policy({{"crm.contact"}, {"crm.notes"}, {"bank.account"}},
                        policy::read_rules(json::read_document("{\"rules\": " + rules + "}", false).tree, faults));
}

TEST_F(PayloadTest, LetsOutNoMoreOfTheDataThanPolicyAllowsAndSaysWhatMoreProofWouldBring) {
  see(ruled(R"([{"sections": ["crm.*"], "fields": ["/name"]},
                {"sections": ["crm.*"], "assurance": "aal2", "max_age_s": 60, "fields": ["/iban"]}])"));
  add(0, Status::ok).outcome.data = R"({"name":"Leo","iban":"x","more":1})";
  const auto section = written()["sections"]["crm.contact"];
  EXPECT_NE(text.find(R"("data":{"name":"Leo"},"withheld":[{"field":"/iban","status":"step_up_required",)"
                      R"("challenge":{"error":"insufficient_user_authentication","acr_values":"aal2","max_age":60}}])"),
            std::string::npos)
      << text;
  EXPECT_EQ(section["status"].string(), "ok");
  EXPECT_EQ(written()["complete"].boolean(), false) << "not all that could be had is there";
  see(ruled(R"([{"sections": ["crm.*"], "fields": ["/name"]}])"));
  EXPECT_EQ(written()["complete"].boolean(), true) << "what is denied is not mentioned";
  EXPECT_EQ(text.find("withheld"), std::string::npos);
}

TEST_F(PayloadTest, MasksAccountNumbersInDataAndIdentifiersWhateverThePolicy) {
  identifiers.push_back({"account_id", "SE45 5000 0000 0583 9825 7466", true, "login"});
  add(0, Status::ok).outcome.data = R"({"note":"4111 1111 1111 1111"})";
  add(1, Status::stale).outcome.data = R"({"n":1})";
  written();
  EXPECT_NE(text.find(R"("data":{"note":"4111 11** **** 1111"})"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("value":"SE45 **** **** **** **** 7466")"), std::string::npos) << text;
}

TEST_F(PayloadTest, SplicesWhatIsKnownToBeCleanAndNothingElse) {
  auto& outcome = add(0, Status::ok).outcome;
  outcome.data = R"({"note":"4111 1111 1111 1111"})";
  outcome.is_clean = true; // as if it had been looked through
  written();
  EXPECT_NE(text.find("4111 1111 1111 1111"), std::string::npos);
}

TEST_F(PayloadTest, CallsInvalidWhatItCantRedact) {
  add(0, Status::ok).outcome.data = "{";
  see(ruled("[]"));
  auto section = written()["sections"]["crm.contact"];
  EXPECT_EQ(section["status"].string(), "invalid");
  EXPECT_FALSE(section["data"].found());
}

} // namespace
} // namespace plugboard::context
