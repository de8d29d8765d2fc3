#include "core/policy/sight.hpp"

#include <gtest/gtest.h>

namespace plugboard::policy {
namespace {

const PolicyPtr kWithoutRules = std::make_shared<const Policy>(
    std::vector<PolicySection>{{"crm.contact", Assurance::aal1}, {"ledger.payments", Assurance::aal2}});

Asker desk(const std::vector<std::string>& sections, Assurance assurance) {
  return {"default", "desk", "chat", "support", &sections, Standing::of(assurance)};
}

TEST(SightTest, DeniesWhatNoPatternCoversAtWhateverAssurance) {
  std::vector<std::string> sections{"crm.*"};
  auto asker = desk(sections, Assurance::aal3);
  EXPECT_EQ(Sight(kWithoutRules, asker).of(1).verdict, Verdict::denied);
  EXPECT_EQ(Sight(kWithoutRules, asker).of(0).verdict, Verdict::allowed);
  asker.sections = nullptr;
  EXPECT_EQ(Sight(kWithoutRules, asker).of(0).verdict, Verdict::denied);
}

TEST(SightTest, SeesNothingBeyondTheSectionsThatThereAre) {
  EXPECT_EQ(Sight().of(0).verdict, Verdict::denied);
}

TEST(SightTest, AsksForAStepUpBelowTheAssuranceOfTheSection) {
  const std::vector<std::string> sections{"*"};
  const Assurance ladder[] = {Assurance::none, Assurance::asserted, Assurance::aal1, Assurance::aal2, Assurance::aal3};
  for (auto has : ladder)
    for (auto required : ladder) {
      const auto policy = std::make_shared<const Policy>(std::vector<PolicySection>{{"crm.contact", required}});
      const Sight sight(policy, desk(sections, has));
      EXPECT_EQ(sight.of(0).verdict, has < required ? Verdict::step_up : Verdict::allowed);
      EXPECT_EQ(sight.of(0).challenge, has < required ? Challenge{required} : Challenge());
    }
}

} // namespace
} // namespace plugboard::policy
