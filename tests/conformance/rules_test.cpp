// The rules as their table has them, and as sdk/CONFORMANCE.md tells authors.
#include "core/conformance/rules.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <set>
#include <sstream>

namespace plugboard::conformance {
namespace {

using testing::HasSubstr;

TEST(RulesTest, EachHasAnIdOfItsOwn) {
  std::set<std::string_view> ids;
  for (const auto& each : rules()) EXPECT_TRUE(ids.insert(each.id).second) << each.id;
}

TEST(RulesTest, TheGuideForAuthorsListsThemAsTheyAre) {
  std::ostringstream text;
  text << std::ifstream(SDK "CONFORMANCE.md").rdbuf();
  for (const auto& each : rules()) {
    const auto row =
        "| `" + std::string(each.id) + "` | " + std::string(each.says) + " | " + std::string(each.mend) + " |";
    EXPECT_THAT(text.str(), HasSubstr(row)) << "write there: " << row;
  }
}

TEST(FindingsTest, AreNoMoreThanPeopleRead) {
  Findings findings;
  for (int i = 0; i < 1000; ++i) findings.add("link.stack", std::string(5000, 'x'));
  EXPECT_EQ(findings.all().size(), 200U);
  EXPECT_LT(findings.all().front().seen.size(), 700U);
}

} // namespace
} // namespace plugboard::conformance
