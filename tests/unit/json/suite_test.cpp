// The strict reader and the reader for people's files come to the verdicts of tests/support/json_cases.hpp: on cases of
// our own, and on JSONTestSuite where it is.
#include "core/json/document.hpp"
#include "core/json/reader.hpp"
#include "tests/support/json_cases.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace plugboard::json {
namespace {

using test::JsonCase;

void expect_verdicts(const std::vector<JsonCase>& cases) {
  Reader reader;
  for (const auto& one : cases) {
    const auto value = reader.read(one.text);
    EXPECT_EQ(value.has_value(), one.accepted) << one.name << ": " << (value ? "accepted" : to_string(value.error()));
    const Document document = read_document(one.text, false);
    if (value) {
      EXPECT_EQ(document.faults.size(), 0U) << one.name << ": the strict one is never the laxer one";
    } else {
      EXPECT_FALSE(value.error().message.empty()) << one.name;
    }
  }
}

TEST(JsonCasesTest, ReaderComesToTheVerdictOnOurOwn) {
  expect_verdicts(test::own_json_cases());
}

class SuiteTest : public testing::Test {
 protected:
  void SetUp() override {
    if (cases_.empty())
      GTEST_SKIP() << "JSONTestSuite is not here: set PLUGBOARD_JSON_TEST_SUITE to its test_parsing folder";
  }

  auto count(std::string_view prefix) const {
    return std::count_if(cases_.begin(), cases_.end(),
                         [&](const JsonCase& one) { return one.name.starts_with(prefix); });
  }

  const std::vector<JsonCase> cases_ = test::json_test_suite();
};

TEST_F(SuiteTest, ReaderComesToTheVerdict) {
  expect_verdicts(cases_);
  EXPECT_GT(count("y_"), 90);
  EXPECT_GT(count("n_"), 180);
}

TEST_F(SuiteTest, DocumentAcceptsAndRefusesTheSame) {
  for (const auto& one : cases_) {
    if (one.name.starts_with("i_")) continue;
    EXPECT_EQ(read_document(one.text, false).faults.size(), one.accepted ? 0U : 1U) << one.name;
  }
}

TEST_F(SuiteTest, EveryChoiceThatItLeavesIsDocumented) {
  const auto choices = test::documented_choices();
  EXPECT_EQ(static_cast<std::size_t>(count("i_")), choices.size());
  for (const auto& choice : choices)
    EXPECT_TRUE(std::any_of(cases_.begin(), cases_.end(), [&](const JsonCase& one) { return one.name == choice.name; }))
        << choice.name;
}

} // namespace
} // namespace plugboard::json
