#include "core/connector/plugin_file.hpp"
#include "temporary_folder.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

class PluginsFolderTest : public ::testing::Test {
 protected:
  PluginsFolderTest() {
    for (const char* file : {"sql/1.2.0/sql.so", "sql/1.10.0/sql.so", "sql/2.0.0-rc.1/sql.so", "sql/latest/sql.so",
                             "sql/3.0.0/other.so", "jwt/1.0.0/jwt.so", "Not_a_name/1.0.0/Not_a_name.so", "empty/x"})
      folder.write(file, "so");
  }

  std::string find(std::string_view name, std::string_view version = "") {
    const auto found = find_plugin(folder.path.string(), name, version);
    return found ? std::filesystem::relative(*found, folder.path).string() : found.error().message;
  }

  TemporaryFolder folder;
};

TEST_F(PluginsFolderTest, TakesTheHighestVersionWhenNoneIsSaid) {
  EXPECT_EQ(find("sql"), "sql/2.0.0-rc.1/sql.so");
}

TEST_F(PluginsFolderTest, TakesTheVersionThatIsSaid) {
  EXPECT_EQ(find("sql", "1.2.0"), "sql/1.2.0/sql.so");
}

TEST_F(PluginsFolderTest, AnUnknownVersionIsToldWhichThereAre) {
  EXPECT_NE(find("sql", "9.9.9").find("1.2.0, 1.10.0, 2.0.0-rc.1"), std::string::npos) << find("sql", "9.9.9");
}

TEST_F(PluginsFolderTest, AnUnknownPluginIsToldWhichThereAre) {
  EXPECT_NE(find("sqlite").find("there are: jwt, sql"), std::string::npos) << find("sqlite");
  EXPECT_NE(find("../sql").find("no plugin"), std::string::npos);
  EXPECT_NE(find("empty").find("no plugin"), std::string::npos);
}

TEST_F(PluginsFolderTest, AFolderWithoutPluginsSaysSo) {
  const auto found = find_plugin((folder.path / "nowhere").string(), "sql", "");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Code::not_found);
  EXPECT_NE(found.error().message.find("no plugin at all"), std::string::npos);
}

TEST_F(PluginsFolderTest, ListsEachFileOnce) {
  const auto files = list_plugin_files(folder.path.string());
  ASSERT_EQ(files.size(), 4U);
  EXPECT_TRUE(files[0].ends_with("jwt/1.0.0/jwt.so"));
  EXPECT_TRUE(files[3].ends_with("sql/2.0.0-rc.1/sql.so"));
}

} // namespace
} // namespace plugboard::connector
