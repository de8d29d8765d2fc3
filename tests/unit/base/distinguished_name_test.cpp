#include "core/base/distinguished_name.hpp"

#include <gtest/gtest.h>

namespace plugboard {
namespace {

TEST(DistinguishedNameTest, BringsEqualNamesIntoOneSpelling) {
  for (const auto* text : {"CN=desk,O=Shop", "cn=desk, o=Shop", " cn = desk ,O =  Shop ", "C\x4e=\\64esk,O=S\\68op"})
    EXPECT_EQ(normal_distinguished_name(text), "CN=desk,O=Shop") << text;
  EXPECT_EQ(normal_distinguished_name("CN=\\C3\\85re"), "CN=\xC3\x85re");
  EXPECT_EQ(normal_distinguished_name("1.2.3.4=#04ab+CN=x"), "1.2.3.4=#04AB+CN=x");
  EXPECT_EQ(normal_distinguished_name("CN="), "CN=");
}

TEST(DistinguishedNameTest, KeepsDifferentNamesApart) {
  EXPECT_EQ(normal_distinguished_name("CN=desk\\,O=Shop"), "CN=desk\\,O=Shop");
  EXPECT_EQ(normal_distinguished_name("CN=desk\\2CO=Shop"), "CN=desk\\,O=Shop");
  EXPECT_EQ(normal_distinguished_name("CN=\\ desk\\ "), "CN=\\ desk\\ ");
  EXPECT_EQ(normal_distinguished_name("CN=\\#04"), "CN=\\#04");
  EXPECT_EQ(normal_distinguished_name("CN=desk\\0A"), "CN=desk\\0A");
  EXPECT_EQ(normal_distinguished_name("CN=Desk"), "CN=Desk");
}

TEST(DistinguishedNameTest, KnowsWhatIsNoName) {
  for (const auto* text : {"", "desk", "=desk", "CN=desk,", "CN=desk,,O=x", "CN=de\"sk", "CN=desk\\", "CN=desk\\x",
                           "CN=#xy", "CN=#", "/CN=desk", "C N=desk"})
    EXPECT_FALSE(normal_distinguished_name(text)) << text;
}

// What has been written once is read as itself.
TEST(DistinguishedNameTest, IsItsOwnNormalForm) {
  for (const auto* text : {"CN=a\\+b\\,c\\;d\\<e\\>f\\\\g\\\"h", "CN=\\ x\\ ,O=\\00\\7F", "CN=\\#,OU= y z "}) {
    const auto once = normal_distinguished_name(text);
    ASSERT_TRUE(once) << text;
    EXPECT_EQ(normal_distinguished_name(*once), once) << text;
  }
}

} // namespace
} // namespace plugboard
