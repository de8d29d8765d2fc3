#include "core/json/pointer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plugboard::json {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(PointerTest, EscapesWhatItAppends) {
  EXPECT_EQ(pointer_append("", "a"), "/a");
  EXPECT_EQ(pointer_append("/a", "b/c~d"), "/a/b~1c~0d");
  EXPECT_EQ(pointer_append("/a", ""), "/a/");
}

TEST(PointerTest, TokensComeBackAsTheyWere) {
  EXPECT_THAT(pointer_tokens("").value(), IsEmpty());
  EXPECT_THAT(pointer_tokens("/").value(), ElementsAre(""));
  EXPECT_THAT(pointer_tokens("/a//b").value(), ElementsAre("a", "", "b"));
  EXPECT_THAT(pointer_tokens("/~01/~10").value(), ElementsAre("~1", "/0"));
}

TEST(PointerTest, KnowsWhatIsNone) {
  for (const char* bad : {"a", "a/b", "/~", "/~2", "/a~/b", "#/a"}) EXPECT_EQ(pointer_tokens(bad), std::nullopt) << bad;
}

} // namespace
} // namespace plugboard::json
