#include "tests/unit/policy/rules.hpp"

#include <gmock/gmock.h>

namespace plugboard::policy {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Found {
  std::vector<json::Fault> faults, warnings;
};

Found check(const std::string& rules, std::vector<PolicySection> sections = testing::sections()) {
  Found found;
  const auto read = testing::rules_of(rules, found.faults);
  check_rules(read, {sections, {"default"}, {"desk"}, {"chat"}, {"support"}}, found.faults, found.warnings);
  return found;
}

void expect_fault(const std::string& rule, const std::string& pointer, const std::string& words) {
  const auto found = check("[" + rule + "]");
  ASSERT_EQ(found.faults.size(), 1U) << rule;
  EXPECT_EQ(found.faults[0].pointer, "/policy/rules/0" + pointer) << rule;
  EXPECT_THAT(found.faults[0].message, HasSubstr(words)) << rule;
}

void expect_warning(const std::string& rule, const std::string& pointer, const std::string& words) {
  const auto found = check("[" + rule + "]");
  EXPECT_THAT(found.faults, IsEmpty()) << rule;
  ASSERT_EQ(found.warnings.size(), 1U) << rule;
  EXPECT_EQ(found.warnings[0].pointer, "/policy/rules/0" + pointer) << rule;
  EXPECT_THAT(found.warnings[0].message, HasSubstr(words)) << rule;
}

TEST(CheckRulesTest, FindsNothingWrongInAGoodRule) {
  const auto found = check(
      R"([{"tenants": ["default"], "clients": ["desk"], "channels": ["chat"], "purposes": ["support"], "assurance": "aal1",
      "sections": ["crm.*"], "fields": ["/name", "/emails", "/extra/any/thing", "/labels/x", "/born"],
      "masks": {"/name": "hash", "/born": "year_only", "/emails/*/*": "last4"}, "need": {"/emails/*/address": {"assurance": "aal2"}}},
     {"sections": ["shop.payments"], "masks": {"/payments/*/card": "none", "/payments": "remove"}},
     {"sections": ["misc.record"], "fields": ["/a/*/b"], "masks": {"/a/*/b": "last4"}}, {"sections": ["misc.record"], "unknown_fields": "pass"}])");
  EXPECT_THAT(found.faults, IsEmpty()) << found.faults[0].pointer << found.faults[0].message;
  EXPECT_THAT(found.warnings, IsEmpty()) << found.warnings[0].message;
}

TEST(CheckRulesTest, SaysWhatIsNotThere) {
  expect_fault(R"({"sections": ["crm.contcat"]})", "/sections/0", "did you mean \"crm.contact\"");
  expect_fault(R"({"sections": ["erp.*"]})", "/sections/0", "no connector has such a section");
  expect_fault(R"({"sections": ["crm"]})", "/sections/0", "must be");
  expect_fault(R"({"sections": ["crm.*"], "purposes": ["sport"]})", "/purposes/0", "/purposes");
  expect_fault(R"({"sections": ["crm.*"], "fields": ["/nmae"]})", "/fields/0", "did you mean \"name\"");
  expect_fault(R"({"sections": ["crm.*"], "fields": ["/emails/adress"]})", "/fields/0", "contact/v1");
  expect_fault(R"({"sections": ["crm.*"], "fields": ["/emails/0/address"]})", "/fields/0", "*");
  expect_fault(R"({"sections": ["crm.*"], "fields": ["/name/first"]})", "/fields/0", "is not a field");
  expect_fault(R"({"sections": ["crm.*"], "fields": ["/secret"]})", "/fields/0", "never passes");
  expect_fault(R"({"sections": ["crm.*"], "fields": ["name"]})", "/fields/0", "is no field");
  expect_fault(R"({"sections": ["crm.*"], "masks": {"": "last4"}})", "/masks/", "is no field");
  expect_fault(R"({"sections": ["crm.*"], "need": {"/x~1y": {"assurance": "aal2"}}})", "/need/~1x~01y",
               "is not a field");
}

TEST(CheckRulesTest, SaysWhatCantBeMasked) {
  expect_fault(R"({"sections": ["crm.*"], "masks": {"/vip": "last4"}})", "/masks/~1vip", "is no text");
  expect_fault(R"({"sections": ["crm.*"], "masks": {"/address": "hash"}})", "/masks/~1address", "is no text");
  expect_fault(R"({"sections": ["crm.*"], "masks": {"/name": "year_only"}})", "/masks/~1name", "neither a date");
  expect_fault(R"({"sections": ["crm.*"], "masks": {"/name": "none"}})", "/masks/~1name", "payment");
  expect_fault(R"({"sections": ["misc.*"], "fields": ["/a"], "masks": {"/a": "none"}})", "/masks/~1a", "payment");
  expect_fault(R"({"sections": ["crm.*"], "fields": ["/id"], "masks": {"/name": "hash"}})", "/masks/~1name",
               "not among this rule's");
}

TEST(CheckRulesTest, WarnsOfNamesThatNoConfiguredClientHas) {
  expect_warning(R"({"sections": ["crm.*"], "clients": ["dsek"]})", "/clients/0", "none of the configured clients");
  expect_warning(R"({"sections": ["crm.*"], "channels": ["voice"]})", "/channels/0", "channel");
  expect_warning(R"({"sections": ["crm.*"], "tenants": ["se"]})", "/tenants/0", "tenant");
}

TEST(CheckRulesTest, WarnsOfWhatHasNoEffect) {
  expect_warning(R"({"sections": ["shop.*"], "assurance": "aal1"})", "/assurance", "less than the connectors");
  expect_warning(R"({"sections": ["misc.*"]})", "/unknown_fields", "knows no field");
  std::vector<PolicySection> shapeless{{"a.b"}};
  EXPECT_EQ(check(R"([{"sections": ["*"]}])", shapeless).warnings.size(), 1U);
  EXPECT_THAT(check(R"([{"sections": ["*"], "fields": ["/any/thing"]}])", shapeless).faults, IsEmpty());
}

TEST(CheckRulesTest, PassesOverWhatTheSchemaRefused) {
  std::vector<json::Fault> faults;
  EXPECT_THAT(read_rules(json::read_document(R"({"rules": 1})", false).tree, faults), IsEmpty());
  EXPECT_THAT(read_rules(json::read_document(R"({})", false).tree, faults), IsEmpty());
  const auto odd =
      testing::rules_of(R"([{"sections": 1, "fields": 2, "masks": 3, "need": [], "max_age_s": "x", "assurance": 4},
      {"sections": ["*"], "masks": {"/name": "blur"}, "need": {"/vip": 7}}])",
                        faults);
  ASSERT_EQ(odd.size(), 2U);
  EXPECT_THAT(odd[0].sections, IsEmpty());
  EXPECT_EQ(odd[1].mentions[0].mask, Mask::remove) << "what is no mask shows nothing";
  EXPECT_EQ(parse_mask("blur"), std::nullopt);
}

} // namespace
} // namespace plugboard::policy
