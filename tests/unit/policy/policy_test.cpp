#include "core/policy/policy.hpp"

#include <gtest/gtest.h>

namespace plugboard::policy {
namespace {

TEST(SectionPatternTest, IsAStarAConnectorsStarOrOneSection) {
  for (auto good : {"*", "crm.*", "crm.contact", "a_1.b_2"}) EXPECT_TRUE(is_section_pattern(good)) << good;
  for (auto bad : {"", "crm", "crm.", ".contact", "*.contact", "crm.con*", "crm.a.b", "CRM.contact", "crm.* ", "**"})
    EXPECT_FALSE(is_section_pattern(bad)) << bad;
}

TEST(SectionPatternTest, CoversWholeNamesOnly) {
  EXPECT_TRUE(pattern_covers("*", "crm.contact"));
  EXPECT_TRUE(pattern_covers("crm.*", "crm.contact"));
  EXPECT_FALSE(pattern_covers("crm.*", "crm2.contact"));
  EXPECT_FALSE(pattern_covers("crm.contact", "crm.contacts"));
  EXPECT_FALSE(pattern_covers("crm.contacts", "crm.contact"));
}

TEST(DecideTest, DeniesWhatNoPatternCoversAtWhateverAssurance) {
  std::vector<std::string> sections{"crm.*"};
  Asker asker{"default", "desk", "support", &sections, Assurance::aal3};
  EXPECT_EQ(decide(asker, "ledger.payments", Assurance::none), Verdict::denied);
  asker.sections = nullptr;
  EXPECT_EQ(decide(asker, "crm.contact", Assurance::none), Verdict::denied);
}

TEST(DecideTest, AsksForAStepUpBelowTheAssuranceOfTheSection) {
  std::vector<std::string> sections{"*"};
  const Assurance ladder[] = {Assurance::none, Assurance::asserted, Assurance::aal1, Assurance::aal2, Assurance::aal3};
  for (auto has : ladder)
    for (auto required : ladder) {
      Asker asker{"default", "desk", "support", &sections, has};
      EXPECT_EQ(decide(asker, "crm.contact", required), has < required ? Verdict::step_up : Verdict::allowed);
    }
}

} // namespace
} // namespace plugboard::policy
