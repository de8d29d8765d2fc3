#include "core/api/selection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plugboard::api {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// crm.contact crm.notes | vault.card (aal2) | ledger.payments
class SelectionTest : public testing::Test {
 protected:
  SelectionTest() {
    auto section = [](const char* name) { return connector::SectionSpec{name, "record/v1", "", {}, {}, {}}; };
    std::vector<json::Fault> faults;
    catalog = context::Catalog::build({{"crm", 0, Assurance::none, {section("contact"), section("notes")}, ""},
                                       {"vault", 1, Assurance::aal2, {section("card")}, ""},
                                       {"ledger", 2, Assurance::none, {section("payments")}, ""}},
                                      {}, faults);
    std::vector<policy::PolicySection> sections;
    for (const auto& one : catalog->sections()) sections.push_back({one.name, one.assurance});
    policy = std::make_shared<const policy::Policy>(std::move(sections));
  }

  policy::Sight sight(const std::vector<std::string>& visible, Assurance assurance) const {
    return {policy, {"default", "desk", "chat", "support", &visible, policy::Standing::of(assurance)}};
  }

  struct Chosen {
    std::vector<std::string> asked, step_up, denied;
  };

  Chosen choose(const ContextAsk& ask, std::vector<std::string> visible = {"*"},
                Assurance assurance = Assurance::aal1) {
    auto selection = select_sections(*catalog, ask, sight(visible, assurance));
    Chosen chosen;
    for (const auto& one : selection.asked)
      chosen.asked.push_back(catalog->sections()[one.section].name + (one.params == "{}" ? "" : one.params));
    for (const auto& one : selection.step_up)
      chosen.step_up.push_back(catalog->sections()[one.section].name + " " +
                               std::string(name_of(one.needed.assurance)));
    chosen.denied = selection.denied;
    return chosen;
  }

  static ContextAsk asking(std::vector<std::string> patterns, std::vector<std::string> required = {}) {
    ContextAsk ask;
    for (auto& pattern : patterns) ask.sections.push_back({std::move(pattern)});
    ask.required = std::move(required);
    return ask;
  }

  std::shared_ptr<const context::Catalog> catalog;
  policy::PolicyPtr policy;
};

TEST_F(SelectionTest, IsEverythingWhenNothingIsNamed) {
  auto chosen = choose({});
  EXPECT_THAT(chosen.asked, ElementsAre("crm.contact", "crm.notes", "ledger.payments"));
  EXPECT_THAT(chosen.step_up, ElementsAre("vault.card aal2"));
  EXPECT_THAT(chosen.denied, IsEmpty());
  EXPECT_THAT(choose({}, {"*"}, Assurance::aal2).step_up, IsEmpty());
  EXPECT_THAT(choose({}, {}).asked, IsEmpty());
}

TEST_F(SelectionTest, NamesNoConnectorInAConflictOfWhichTheClientMaySeeNothing) {
  const std::vector<Identifier> known{{"email", "a@b.c", true, "login"}};
  const std::vector<context::Conflict> all{
      {"customer_id", "login", "crm"}, {"customer_id", "vault", "crm"}, {"customer_id", "crm", "vault"}};
  auto seen = [&](std::vector<std::string> visible) {
    return conflicts_for(sight(visible, Assurance::aal1), *catalog, known, all).size();
  };
  EXPECT_EQ(seen({"*"}), 3U);
  EXPECT_EQ(seen({"crm.notes", "vault.*"}), 3U); // to step up for vault.card is offered: it is no secret
  EXPECT_EQ(seen({"crm.*"}), 1U);
  EXPECT_EQ(seen({"ledger.*"}), 0U);
}

TEST_F(SelectionTest, IsInDeclaredOrderAndOnceEach) {
  EXPECT_THAT(choose(asking({"ledger.payments", "crm.*", "crm.contact", "*"})).asked,
              ElementsAre("crm.contact", "crm.notes", "ledger.payments"));
}

TEST_F(SelectionTest, OpensPatternsNoFurtherThanPolicyLets) {
  auto chosen = choose(asking({"*", "vault.*", "nobody.*"}), {"crm.contact"});
  EXPECT_THAT(chosen.asked, ElementsAre("crm.contact"));
  EXPECT_THAT(chosen.denied, IsEmpty()); // a pattern names nobody
  EXPECT_THAT(chosen.step_up, IsEmpty());
}

TEST_F(SelectionTest, DeniesWhatIsForbiddenAsWhatIsUnknown) {
  auto chosen = choose(asking({"vault.card", "crm.contact", "nobody.nothing", "crm.nothing"}), {"crm.*"});
  EXPECT_THAT(chosen.asked, ElementsAre("crm.contact"));
  EXPECT_THAT(chosen.denied, ElementsAre("vault.card", "nobody.nothing", "crm.nothing"));
  EXPECT_THAT(chosen.step_up, IsEmpty()); // not even that it would need more proof
}

TEST_F(SelectionTest, AddsWhatIsRequired) {
  auto chosen = choose(asking({"crm.contact"}, {"ledger.payments", "vault.card", "nobody.nothing", "nobody.nothing"}));
  EXPECT_THAT(chosen.asked, ElementsAre("crm.contact", "ledger.payments"));
  EXPECT_THAT(chosen.step_up, ElementsAre("vault.card aal2"));
  EXPECT_THAT(chosen.denied, ElementsAre("nobody.nothing"));
}

TEST_F(SelectionTest, KeepsTheParametersOfANamedSection) {
  ContextAsk ask;
  ask.sections = {{"ledger.payments", R"({"limit":5})"}, {"*"}};
  ask.required = {"ledger.payments"};
  EXPECT_THAT(choose(ask).asked, ElementsAre("crm.contact", "crm.notes", R"(ledger.payments{"limit":5})"));
  std::swap(ask.sections[0], ask.sections[1]);
  EXPECT_THAT(choose(ask).asked, ElementsAre("crm.contact", "crm.notes", R"(ledger.payments{"limit":5})"));
}

} // namespace
} // namespace plugboard::api
