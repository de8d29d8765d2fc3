#include "core/base/assert.hpp"
#include "core/base/error.hpp"
#include "core/base/result.hpp"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

namespace plugboard {
namespace {

TEST(ErrorTest, SaysWhereAndWhat) {
  EXPECT_EQ(to_string(fail(Code::timeout, "no answer within 300 ms", "connector crm")),
            "connector crm: no answer within 300 ms (timeout)");
  EXPECT_EQ(to_string(fail(Code::io, "disk full")), "disk full (io)");
}

TEST(ErrorTest, NamesEachCodeDifferently) {
  std::set<std::string_view> names;
  const auto last = static_cast<int>(Code::internal);
  for (int code = 1; code <= last; ++code) names.insert(name_of(static_cast<Code>(code)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(last));
  EXPECT_FALSE(names.contains("unknown"));
}

TEST(ResultTest, HoldsAValueOrAnError) {
  const Result<int> good = 7;
  const Result<int> bad = fail(Code::not_found, "no such thing");
  EXPECT_EQ(good.value(), 7);
  EXPECT_EQ(bad.error().code, Code::not_found);
}

TEST(ResultTest, ThrowsWhenAskedForAValueThatIsNotThere) {
  const Result<int> bad = fail(Code::not_found, "no such thing");
  try {
    static_cast<void>(bad.value());
    FAIL() << "did not throw";
  } catch (const std::logic_error& error) {
    EXPECT_NE(std::string_view(error.what()).find("no such thing (not_found)"), std::string_view::npos);
  }
}

TEST(AssertDeathTest, NamesTheConditionAndAborts) {
  EXPECT_DEATH(PLUGBOARD_ASSERT(1 + 1 == 3), "broken invariant: 1 \\+ 1 == 3 .*error_test.cpp");
}

} // namespace
} // namespace plugboard
