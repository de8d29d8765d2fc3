// What rules mean: whom they fit, how they add up, what they ask to be proved.
#include "tests/unit/policy/rules.hpp"

#include "core/policy/explain.hpp"

#include <gmock/gmock.h>

namespace plugboard::policy {
namespace {

using std::chrono::seconds;
using testing::asker;
using ::testing::ElementsAre;
using testing::left;
using testing::policy_of;

std::string fate(const std::string& rules, std::string_view field, const Asker& who = asker(),
                 std::size_t section = 0) {
  return fate_of(policy_of(rules)->rows(who, section), field);
}

TEST(RulesTest, DenyWhatNoneAllows) {
  EXPECT_EQ(policy_of("[]")->view(asker(Assurance::aal3), 0).verdict, Verdict::denied);
  EXPECT_EQ(policy_of(R"([{"sections": ["shop.*"]}])")->view(asker(Assurance::aal3), 0).verdict, Verdict::denied);
}

TEST(RulesTest, FitTenantClientChannelAndPurpose) {
  for (std::string word : {"tenants", "clients", "channels", "purposes"}) {
    const auto rules = R"([{"sections": ["*"], ")" + word + R"(": ["other", "default", "desk", "chat", "support"]}])";
    EXPECT_EQ(policy_of(rules)->view(asker(), 0).verdict, Verdict::allowed) << word;
    const auto others = R"([{"sections": ["*"], ")" + word + R"(": ["other"]}])";
    EXPECT_EQ(policy_of(others)->view(asker(), 0).verdict, Verdict::denied) << word;
  }
}

TEST(RulesTest, AddUp) {
  const std::string rules = R"([{"sections": ["*"], "fields": ["/name"], "masks": {"/name": "last4"}},
                                {"sections": ["*"], "fields": ["/name", "/born"], "masks": {"/name": "hash", "/born": "year_only"}},
                                {"sections": ["*"], "purposes": ["fraud"], "fields": ["/name", "/vip"]}])";
  EXPECT_EQ(fate(rules, "/name"), "last4") << "the less masked counts";
  EXPECT_EQ(fate(rules, "/born"), "year_only");
  EXPECT_EQ(fate(rules, "/vip"), "denied");
  EXPECT_EQ(fate(rules, "/name", asker(Assurance::aal1, {}, "fraud")), "visible");
  EXPECT_EQ(fate(rules, "/vip", asker(Assurance::aal1, {}, "fraud")), "visible");
}

TEST(RulesTest, NeverAskForLessThanTheConnector) {
  const std::string rules = R"([{"sections": ["*"], "assurance": "asserted"}])";
  EXPECT_EQ(policy_of(rules)->view(asker(Assurance::asserted), 0).challenge, Challenge{Assurance::aal1});
  EXPECT_EQ(policy_of(rules)->view(asker(Assurance::aal1), 0).verdict, Verdict::allowed);
  EXPECT_EQ(policy_of(rules)->view(asker(Assurance::aal1), 1).verdict, Verdict::step_up);
}

TEST(RulesTest, AskForTheEasiestThatLetsAnythingThrough) {
  const std::string rules = R"([{"sections": ["*"], "assurance": "aal3"},
                                {"sections": ["*"], "assurance": "aal2", "max_age_s": 60, "fields": ["/name"]},
                                {"sections": ["*"], "assurance": "aal2", "max_age_s": 600, "fields": ["/vip"]}])";
  const auto view = policy_of(rules)->view(asker(), 0);
  EXPECT_EQ(view.verdict, Verdict::step_up);
  EXPECT_EQ(view.challenge, (Challenge{Assurance::aal2, seconds(600)}));
  EXPECT_TRUE(view.withheld.empty()) << "what is denied is not mentioned";
}

TEST(RulesTest, WithholdFieldsUntilMoreIsProvedAndSaySo) {
  const std::string rules = R"([{"sections": ["*"], "fields": ["/name", "/iban", "/emails"], "max_age_s": 900,
                                 "need": {"/iban": {"assurance": "aal2", "max_age_s": 300}, "/emails/*/address": {"assurance": "aal2"}}}])";
  const auto policy = policy_of(rules);
  const auto at_first = policy->view(asker(), 0);
  ASSERT_EQ(at_first.withheld.size(), 2U);
  EXPECT_EQ(at_first.withheld[0].field, "/iban");
  EXPECT_EQ(at_first.withheld[0].challenge, (Challenge{Assurance::aal2, seconds(300)}));
  EXPECT_EQ(at_first.withheld[1].field, "/emails/*/address");
  EXPECT_EQ(at_first.withheld[1].challenge, (Challenge{Assurance::aal2, seconds(900)})) << "the rule's age holds, too";
  EXPECT_EQ(at_first.shown, R"(["/name","/emails/*/kind"])");
  const std::string data = R"({"name":"Leo","iban":"x","emails":[{"address":"a@b","kind":"work"}]})";
  EXPECT_EQ(left(at_first, data), R"({"name":"Leo","emails":[{"kind":"work"}]})");
  EXPECT_EQ(left(policy->view(asker(Assurance::aal2, seconds(300)), 0), data), data);
  EXPECT_EQ(left(policy->view(asker(Assurance::aal2, seconds(301)), 0), data),
            R"({"name":"Leo","emails":[{"address":"a@b","kind":"work"}]})");
  EXPECT_EQ(policy->view(asker(Assurance::aal2, seconds(901)), 0).verdict, Verdict::step_up);
}

TEST(RulesTest, OfANeedTheEasiestRuleCounts) {
  const std::string rules = R"([{"sections": ["*"], "need": {"/iban": {"assurance": "aal3"}}},
                                {"sections": ["*"], "fields": ["/iban"], "need": {"/iban": {"assurance": "aal2"}}}])";
  const auto view = policy_of(rules)->view(asker(), 0);
  ASSERT_EQ(view.withheld.size(), 1U);
  EXPECT_EQ(view.withheld[0].challenge, Challenge{Assurance::aal2});
}

TEST(RulesTest, TakeTheStricterOfTwoMasksInOneRule) {
  EXPECT_EQ(
      fate(R"([{"sections": ["*"], "masks": {"/emails/*/*": "last4", "/emails/*/kind": "hash"}}])", "/emails/*/kind"),
      "hash");
  EXPECT_EQ(
      fate(R"([{"sections": ["*"], "masks": {"/emails/*/*": "hash", "/emails/*/kind": "last4"}}])", "/emails/*/kind"),
      "hash");
}

TEST(RulesTest, KnowAShapeThatContainsItself) {
  const auto shapes =
      json::compile_shapes({R"({"$id": "tree/v1", "type": "object", "properties": {"tree": {"$ref": "#/$defs/node"}},
      "$defs": {"node": {"type": "object", "properties": {"value": {"type": "string"}, "next": {"$ref": "#/$defs/node"}}}}})"});
  std::vector<json::Fault> faults;
  const auto policy = Policy({{"a.b", Assurance::aal1, shapes.value().at("tree/v1")}},
                             testing::rules_of(R"([{"sections": ["*"], "fields": ["/tree/next/value"]}])", faults));
  EXPECT_EQ(left(policy.view(asker(), 0), R"({"tree":{"value":"a","next":{"value":"b","next":{"value":"c"}}}})"),
            R"({"tree":{"next":{"value":"b"}}})");
  const auto all = Policy({{"a.b", Assurance::aal1, shapes.value().at("tree/v1")}},
                          testing::rules_of(R"([{"sections": ["*"]}])", faults));
  EXPECT_TRUE(all.view(asker(), 0).is_whole());
  const auto stars =
      Policy({{"a.b", Assurance::aal1, shapes.value().at("tree/v1")}},
             testing::rules_of(
                 R"([{"sections": ["*"], "masks": {"/*/*/*/*/*/*/*/*/*/*/*/*/*/*/*/*/*/*/value": "last4"}}])", faults));
  EXPECT_EQ(stars.view(asker(), 0).verdict, Verdict::allowed);
}

// Every combination of two rules over one field: never more than one of them gives alone.
TEST(RulesTest, GiveNoMoreTogetherThanOneOfThemAlone) {
  const std::vector<std::string> variants{R"("fields": ["/name"])",
                                          R"("fields": ["/vip"])",
                                          R"("masks": {"/name": "last4"})",
                                          R"("masks": {"/name": "remove"})",
                                          R"("need": {"/name": {"assurance": "aal2"}})",
                                          R"("assurance": "aal2")",
                                          R"("max_age_s": 10)",
                                          R"("unknown_fields": "pass")"};
  const auto rule = [](const std::string& variant) { return R"({"sections": ["*"], )" + variant + "}"; };
  const std::vector<std::string> rank{"denied", "step_up_required", "hash", "last4", "visible"};
  const auto place = [&](const std::string& word) { return std::find(rank.begin(), rank.end(), word) - rank.begin(); };
  for (const auto& a : variants)
    for (const auto& b : variants)
      for (auto level : {Assurance::asserted, Assurance::aal1, Assurance::aal2})
        for (auto age : {seconds(0), seconds(100)}) {
          const auto who = asker(level, age);
          const auto alone =
              std::max(place(fate("[" + rule(a) + "]", "/name", who)), place(fate("[" + rule(b) + "]", "/name", who)));
          EXPECT_EQ(place(fate("[" + rule(a) + "," + rule(b) + "]", "/name", who)), alone) << a << " " << b;
        }
}

TEST(ViewsTest, AreSharedByAskersThatAreAlikeAndByNoOthers) {
  const auto policy = policy_of(R"([{"sections": ["*"], "max_age_s": 100, "purposes": ["support"]}])");
  Views views;
  const auto& one = views.sight(policy, asker(Assurance::aal1, seconds(1))).of(0);
  EXPECT_EQ(&views.sight(policy, asker(Assurance::aal1, seconds(100))).of(0), &one);
  EXPECT_EQ(views.sight(policy, asker(Assurance::aal1, seconds(101))).of(0).verdict, Verdict::step_up);
  EXPECT_EQ(views.sight(policy, asker(Assurance::aal1, {}, "fraud")).of(0).verdict, Verdict::denied);
  EXPECT_EQ(views.sight(policy_of("[]"), asker()).of(0).verdict, Verdict::denied);
  auto nobody = asker();
  nobody.sections = nullptr;
  EXPECT_EQ(views.sight(policy, nobody).of(0).verdict, Verdict::denied) << "the client's own patterns are its own";
  const auto held = views.sight(policy, asker());
  for (int i = 0; i < 3000; ++i) {
    const auto name = std::to_string(i);
    auto other = asker();
    other.client = name;
    views.sight(policy, other);
  }
  EXPECT_EQ(held.of(0).verdict, Verdict::allowed) << "what a request holds it keeps";
}

TEST(ExplainTest, SaysWhichRulesFitAndWhyOthersDoNot) {
  const auto policy = policy_of(
      R"([{"sections": ["*"], "purposes": ["fraud"]}, {"sections": ["shop.*"]}, {"sections": ["*"], "clients": ["x"]},
      {"sections": ["*"], "channels": ["x"]}, {"sections": ["*"], "tenants": ["x"]},
      {"sections": ["*"], "fields": ["/name", "/iban"], "masks": {"/name": "last4"}, "need": {"/iban": {"assurance": "aal2", "max_age_s": 5}}}])");
  const auto text = explained(*policy, asker(), 0);
  json::Reader reader;
  const auto page = reader.read(text);
  ASSERT_TRUE(page) << text;
  EXPECT_EQ((*page)["verdict"].string(), "allowed");
  std::vector<std::string> why;
  (*page)["rules"].each_element([&](json::Value rule) { why.emplace_back(rule["because"].string().value_or("fits")); });
  EXPECT_THAT(why, ElementsAre("another purpose", "another section", "another client", "another channel",
                               "another tenant", "fits"));
  EXPECT_NE(
      text.find(
          R"({"field":"/name","fate":"masked","mask":"last4","needs":{"assurance":"aal1"},"rules":["/policy/rules/5"]})"),
      std::string::npos)
      << text;
  EXPECT_NE(
      text.find(
          R"({"field":"/iban","fate":"step_up_required","needs":{"assurance":"aal2","max_age_s":5},"rules":["/policy/rules/5"]})"),
      std::string::npos)
      << text;
  const auto poor = explained(*policy, asker(Assurance::asserted), 0);
  EXPECT_NE(poor.find(R"("verdict":"step_up_required","challenge":{"assurance":"aal1"})"), std::string::npos) << poor;
  auto nobody = asker();
  nobody.sections = nullptr;
  EXPECT_NE(explained(*policy, nobody, 0).find(R"("verdict":"denied")"), std::string::npos);
  const Policy without(testing::sections());
  EXPECT_NE(
      explained(without, asker(), 0).find(R"("has_policy":false,"rules":[],"fields":[{"field":"","fate":"visible")"),
      std::string::npos);
}

TEST(ExplainTest, FindsTheFateOfAFieldAmongRows) {
  using Fate = FieldRow::Fate;
  const std::vector<FieldRow> rows{{"/a", Fate::visible, Mask::none, {}, {}},
                                   {"/b/x", Fate::masked, Mask::hash, {}, {}},
                                   {"/b/y", Fate::denied, Mask::none, {}, {}},
                                   {"/c/*/d", Fate::withheld, Mask::none, {}, {}},
                                   {"/*", Fate::denied, Mask::none, {}, {}}};
  EXPECT_EQ(fate_of(rows, "/a/deep"), "visible");
  EXPECT_EQ(fate_of(rows, "/b/x"), "hash");
  EXPECT_EQ(fate_of({rows.begin(), rows.end() - 1}, "/b"), "partly");
  EXPECT_EQ(fate_of({rows.begin(), rows.end() - 1}, "/c"), "step_up_required");
  EXPECT_EQ(fate_of(rows, "/z"), "denied");
  EXPECT_EQ(fate_of({}, "/z"), "denied");
  EXPECT_EQ(fate_of(rows, "no pointer"), "denied");
}

TEST(PolicyTestTest, HoldsATableOfExpectationsAgainstThePolicy) {
  const auto policy = policy_of(
      R"([{"sections": ["*"], "purposes": ["support"], "fields": ["/name", "/born"], "masks": {"/born": "year_only"}}])");
  const FindClient find = [](std::string_view tenant, std::string_view client) -> std::optional<Named> {
    if (client != "desk") return std::nullopt;
    return Named{std::string(tenant), "desk", "chat", "support", {"crm.*"}};
  };
  json::Reader reader;
  const auto run = [&](const std::string& table) { return test_policy(*policy, *reader.read(table), find); };
  const auto good = run(R"({"expectations": [
      {"client": "desk", "assurance": "aal1", "section": "crm.contact", "verdict": "allowed", "fields": {"/name": "visible", "/born": "year_only", "/vip": "denied"}},
      {"client": "desk", "assurance": "none", "age_s": 5, "section": "crm.contact", "verdict": "step_up_required"},
      {"client": "desk", "purpose": "fraud", "assurance": "aal3", "section": "crm.contact", "verdict": "denied", "fields": {"/name": "denied"}},
      {"client": "desk", "assurance": "aal3", "section": "misc.record", "verdict": "denied"},
      {"client": "desk", "assurance": "aal3", "section": "no.such", "verdict": "denied"}]})");
  ASSERT_TRUE(good);
  EXPECT_EQ(good->expectations, 5U);
  EXPECT_EQ(good->page, R"({"expectations":5,"failed":0,"failures":[]})");
  const auto bad = run(
      R"({"expectations": [{"client": "desk", "assurance": "aal1", "section": "crm.contact", "verdict": "denied", "fields": {"/vip": "visible"}}]})");
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->failed, 1U);
  EXPECT_EQ(
      bad->page,
      R"({"expectations":1,"failed":1,"failures":[{"expectation":"/expectations/0","of":"verdict","expected":"denied","is":"allowed"},)"
      R"({"expectation":"/expectations/0","of":"/vip","expected":"visible","is":"denied"}]})");
  for (const std::string wrong :
       {R"({})", R"({"expectations": 1})",
        R"({"expectations": [{"client": "desk", "assurance": "high", "section": "a.b"}]})",
        R"({"expectations": [{"client": "nobody", "assurance": "aal1", "section": "a.b"}, {"client": 1}]})",
        R"({"expectations": [{"client": "desk", "assurance": "aal1", "section": "a.b", "more": 1}]})"}) {
    const auto refused = run(wrong);
    if (wrong == "{}") {
      ASSERT_TRUE(refused);
      EXPECT_EQ(refused->expectations, 0U);
      continue;
    }
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().code, Code::invalid_argument) << wrong;
  }
}

} // namespace
} // namespace plugboard::policy
