#include "core/policy/pattern.hpp"

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

} // namespace
} // namespace plugboard::policy
