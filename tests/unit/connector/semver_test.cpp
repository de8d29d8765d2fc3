#include "core/connector/semver.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

TEST(SemVerTest, OrdersAsSemverOrgDoes) {
  const char* const rising[] = {"0.9.9",      "1.0.0-alpha",  "1.0.0-alpha.1", "1.0.0-alpha.beta",
                                "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
                                "1.0.0",      "1.9.0",        "1.10.0",        "2.0.0"};
  for (std::size_t i = 0; i + 1 < std::size(rising); ++i)
    EXPECT_LT(SemVer::parse(rising[i]).value(), SemVer::parse(rising[i + 1]).value()) << rising[i];
}

TEST(SemVerTest, IgnoresBuildMetadata) {
  EXPECT_EQ(SemVer::parse("1.2.3+abc").value(), SemVer::parse("1.2.3").value());
}

TEST(SemVerTest, RefusesWhatIsNoVersion) {
  for (const char* text : {"", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.x", "v1.2.3", "1.2.3-", "1.2.3-01", "1.2.3-a..b",
                           "1.2.3+", "1.2.-3", " 1.2.3", "99999999999999999999.0.0"})
    EXPECT_FALSE(SemVer::parse(text)) << text;
}

} // namespace
} // namespace plugboard::connector
