#include "core/connector/outcome.hpp"

#include <gtest/gtest.h>
#include <set>

namespace plugboard::connector {
namespace {

TEST(OutcomeTest, EveryStatusHasTheContractsName) {
  std::string names;
  for (int i = static_cast<int>(Status::ok); i <= static_cast<int>(Status::denied); ++i)
    names += std::string(name_of(static_cast<Status>(i))) + " ";
  EXPECT_EQ(names, "ok stale not_found timeout error unavailable invalid ambiguous skipped step_up_required denied ");
}

TEST(OutcomeTest, EveryReasonHasANameAndATitleOfItsOwn) {
  std::set<std::string_view> names, titles;
  const int first = static_cast<int>(Reason::deadline), last = static_cast<int>(Reason::input_missing);
  for (int i = first; i <= last; ++i) {
    names.insert(name_of(static_cast<Reason>(i)));
    titles.insert(title_of(Status::error, static_cast<Reason>(i)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(last - first + 1));
  EXPECT_EQ(titles.size(), names.size());
  EXPECT_EQ(names.count(""), 0U);
}

TEST(OutcomeTest, TitleOfAStatusWithoutReasonSpeaksOfTheStatus) {
  EXPECT_EQ(title_of(Status::not_found, Reason::none), "The system does not know this customer");
  EXPECT_EQ(title_of(Status::timeout, Reason::deadline), "No answer before the request's deadline");
}

} // namespace
} // namespace plugboard::connector
