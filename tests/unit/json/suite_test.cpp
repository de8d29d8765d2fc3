// JSONTestSuite: y_ must be accepted, n_ refused, i_ is each parser's choice and must only not crash.
#include "core/json/document.hpp"
#include "core/json/reader.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace plugboard::json {
namespace {

std::string content(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

template <class F>
int each_file(char kind, F&& f) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(JSON_TEST_SUITE)) {
    const std::string name = entry.path().filename().string();
    if (name.empty() || name.front() != kind || entry.path().extension() != ".json") continue;
    f(name, content(entry.path()));
    ++count;
  }
  return count;
}

class SuiteTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::is_directory(JSON_TEST_SUITE)) {
      GTEST_SKIP() << "JSONTestSuite is not here: set PLUGBOARD_JSON_TEST_SUITE to its test_parsing folder";
    }
  }

  Reader reader_;
};

const std::set<std::string> kDuplicates = {"y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"};

TEST_F(SuiteTest, ReaderAcceptsWhatMustBeAcceptedButDuplicateKeys) {
  const int count = each_file('y', [&](const std::string& name, const std::string& text) {
    const auto value = reader_.read(text);
    if (kDuplicates.contains(name)) {
      ASSERT_FALSE(value) << name;
      EXPECT_TRUE(value.error().message.starts_with("duplicate key")) << name;
    } else {
      EXPECT_TRUE(value) << name << ": " << to_string(value.error());
    }
  });
  EXPECT_GT(count, 90);
}

TEST_F(SuiteTest, ReaderRefusesWhatMustBeRefused) {
  const int count = each_file('n', [&](const std::string& name, const std::string& text) {
    const auto value = reader_.read(text);
    ASSERT_FALSE(value) << name;
    EXPECT_EQ(value.error().code, Code::malformed) << name;
    EXPECT_FALSE(value.error().message.empty()) << name;
  });
  EXPECT_GT(count, 180);
}

TEST_F(SuiteTest, DocumentAcceptsAndRefusesTheSame) {
  each_file('y', [](const std::string& name, const std::string& text) {
    EXPECT_EQ(read_document(text, false).faults.size(), kDuplicates.contains(name) ? 1U : 0U) << name;
  });
  each_file('n', [](const std::string& name, const std::string& text) {
    EXPECT_EQ(read_document(text, false).faults.size(), 1U) << name;
  });
}

TEST_F(SuiteTest, EitherChoiceIsMadeWithoutHarm) {
  EXPECT_GT(each_file('i',
                      [&](const std::string& name, const std::string& text) {
                        const bool strict = reader_.read(text).has_value();
                        const Document document = read_document(text, false);
                        EXPECT_TRUE(!strict || document.faults.empty())
                            << name; // the strict one is never the laxer one
                      }),
            30);
}

} // namespace
} // namespace plugboard::json
