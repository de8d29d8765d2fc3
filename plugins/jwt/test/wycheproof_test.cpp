// The vectors of project Wycheproof, where they are at hand: not one verdict differs, but for the waivers.
#include "plugins/jwt/test/wycheproof.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>

namespace jwt::test {
namespace {

class WycheproofTest : public testing::TestWithParam<VectorFile> {};

TEST_P(WycheproofTest, HasNoOtherVerdict) {
  auto seen = check_vectors(GetParam());
  if (!seen) GTEST_SKIP() << "no " << GetParam().name << " in " << WYCHEPROOF_FOLDER;
  std::cout << GetParam().name << ": " << seen->checked << " checked, " << seen->accepted << " accepted, "
            << seen->waived << " waived, " << seen->other_forms << " in another form\n";
  EXPECT_THAT(seen->wrong, testing::IsEmpty());
  EXPECT_GT(seen->checked, seen->accepted);
  EXPECT_GT(seen->accepted, 0);
}

INSTANTIATE_TEST_SUITE_P(AllFiles, WycheproofTest, testing::ValuesIn(vector_files()), [](const auto& each) {
  std::string name = each.param.name;
  std::erase_if(name, [](unsigned char c) { return std::isalnum(c) == 0; });
  return name;
});

} // namespace
} // namespace jwt::test
