#include "core/json/suggestion.hpp"

#include <gtest/gtest.h>

namespace plugboard::json {
namespace {

const std::vector<std::string_view> kNames = {"agents", "admin", "connectors", "data_dir", "plugins_dir"};

TEST(SuggestionTest, FindsSlipsOfTheFinger) {
  EXPECT_EQ(nearest("conectors", kNames), "connectors");  // one left out
  EXPECT_EQ(nearest("connetcors", kNames), "connectors"); // two swapped
  EXPECT_EQ(nearest("datadir", kNames), "data_dir");
  EXPECT_EQ(nearest("plugin_dir", kNames), "plugins_dir");
  EXPECT_EQ(nearest("agent", kNames), "agents");
}

TEST(SuggestionTest, KeepsSilentAboutWhatIsFar) {
  EXPECT_EQ(nearest("quota", kNames), std::nullopt);
  EXPECT_EQ(nearest("x", kNames), std::nullopt);
  EXPECT_EQ(nearest("", kNames), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'a'), kNames), std::nullopt);
}

TEST(SuggestionTest, TakesTheClosest) {
  EXPECT_EQ(nearest("ports", {"parts", "port", "sport"}), "parts");
}

TEST(SuggestionTest, TellsWhatIsKnownWhereNothingIsNear) {
  EXPECT_EQ(unknown_member("quota", {"a_b", "c_d"}), R"(unknown member "quota"; known here: "a_b", "c_d")");
  EXPECT_EQ(unknown_member("agnets", kNames), R"(unknown member "agnets"; did you mean "agents"?)");
  EXPECT_EQ(unknown_member("a\n", {}), R"(unknown member "a\n")");
}

} // namespace
} // namespace plugboard::json
