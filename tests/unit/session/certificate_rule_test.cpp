#include "core/session/certificate_rule.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace plugboard::session {
namespace {

using By = CertificateRule::By;

TEST(CertificateRuleTest, TakesEachNameInOneSpelling) {
  const std::string digits(64, 'a'), shouted(64, 'A');
  EXPECT_EQ(make_certificate_rule(By::subject, "cn=desk, O=Shop")->value, "CN=desk,O=Shop");
  EXPECT_EQ(make_certificate_rule(By::dns, "Desk.Shop.example")->value, "desk.shop.example");
  EXPECT_EQ(make_certificate_rule(By::uri, "spiffe://shop/Desk")->value, "spiffe://shop/Desk");
  EXPECT_EQ(make_certificate_rule(By::sha256, shouted)->value, digits);
  std::string with_colons;
  for (int i = 0; i < 32; ++i) with_colons += i == 0 ? "AA" : ":AA";
  EXPECT_EQ(make_certificate_rule(By::sha256, with_colons)->value, digits);
}

TEST(CertificateRuleTest, RefusesWhatCouldMeetManyOrNone) {
  const std::pair<By, std::string> wrong[] = {{By::subject, "desk"},
                                              {By::subject, ""},
                                              {By::dns, "*.shop.example"},
                                              {By::dns, ""},
                                              {By::dns, "two names"},
                                              {By::uri, "desk"},
                                              {By::uri, "spiffe://a b"},
                                              {By::sha256, "abcd"},
                                              {By::sha256, std::string(64, 'g')}};
  for (const auto& [by, text] : wrong) EXPECT_FALSE(make_certificate_rule(by, text)) << text;
}

TEST(CertificateRuleTest, IsMetByEveryNameOfTheCertificateInItsPlace) {
  const CertificateNames names{"ab", "CN=desk", {"a.example", "b.example"}, {"spiffe://shop/desk"}};
  const auto met = rules_met_by(names);
  EXPECT_EQ(met.size(), 5U);
  const auto meets = [&](By by, const std::string& value) {
    return std::find(met.begin(), met.end(), CertificateRule{by, value}) != met.end();
  };
  EXPECT_TRUE(meets(By::dns, "b.example"));
  EXPECT_FALSE(meets(By::uri, "b.example"));
  EXPECT_FALSE(meets(By::dns, "desk"));
}

} // namespace
} // namespace plugboard::session
