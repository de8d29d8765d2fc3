#include "core/connector/file_watch.hpp"
#include "inbox.hpp"
#include "memory_log.hpp"
#include "temporary_folder.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

class FileWatchTest : public ::testing::Test {
 protected:
  Result<void> look_at(const std::string& name) {
    return watch.watch((folder.path / name).string(), [this](std::string_view bytes) { seen.put(std::string(bytes)); });
  }

  TemporaryFolder folder;
  Inbox<std::string> seen, trouble;
  FileWatch watch{std::chrono::milliseconds(5), [this](std::string_view what) { trouble.put(std::string(what)); }};
};

TEST_F(FileWatchTest, HandsOverAtOnceAndAgainAfterEachChange) {
  folder.write("keys.json", "one");
  ASSERT_TRUE(look_at("keys.json"));
  EXPECT_EQ(seen.size(), 1U) << "before watch returned";
  EXPECT_EQ(seen.take(), "one");
  watch.start();
  folder.write("keys.json", "two");
  EXPECT_EQ(seen.take(), "two");
  folder.write("keys.json", "six"); // as long as before
  EXPECT_EQ(seen.take(), "six");
}

TEST_F(FileWatchTest, TheSameBytesAgainAreNoChange) {
  folder.write("keys.json", "one");
  folder.write("other.json", "x");
  ASSERT_TRUE(look_at("keys.json"));
  ASSERT_TRUE(look_at("other.json"));
  seen.take();
  seen.take();
  watch.start();
  folder.write("keys.json", "one");
  folder.write("other.json", "y"); // looked at after the first: when it comes, the first was passed over
  EXPECT_EQ(seen.take(), "y");
  EXPECT_EQ(seen.size(), 0U);
}

TEST_F(FileWatchTest, AFileThatComesLaterIsHandedOverThen) {
  const auto watched = look_at("late.json");
  ASSERT_FALSE(watched);
  EXPECT_EQ(watched.error().code, Code::not_found);
  EXPECT_NE(trouble.take().find("late.json does not exist"), std::string::npos);
  watch.start();
  folder.write("late.json", "here");
  EXPECT_EQ(seen.take(), "here");
  EXPECT_NE(trouble.take().find("can be read again"), std::string::npos);
}

TEST_F(FileWatchTest, AFileThatVanishesIsReportedOnceAndKeptInMind) {
  folder.write("keys.json", "one");
  ASSERT_TRUE(look_at("keys.json"));
  seen.take();
  watch.start();
  std::filesystem::remove(folder.path / "keys.json");
  EXPECT_NE(trouble.take().find("does not exist"), std::string::npos);
  folder.write("keys.json", "two");
  EXPECT_EQ(seen.take(), "two");
}

TEST_F(FileWatchTest, NothingIsWatchedAfterStop) {
  folder.write("keys.json", "one");
  ASSERT_TRUE(look_at("keys.json"));
  seen.take();
  watch.start();
  watch.stop(); // its thread is joined: nobody is left who could look
  folder.write("keys.json", "two");
  EXPECT_FALSE(look_at("other.json"));
  EXPECT_EQ(seen.size(), 0U);
  watch.stop();
}

TEST_F(FileWatchTest, RefusesAFolderAndAFileThatIsTooLarge) {
  std::filesystem::create_directories(folder.path / "sub");
  EXPECT_FALSE(look_at("sub"));
  folder.write("large", std::string((16 << 20) + 1, 'x'));
  const auto large = look_at("large");
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, Code::too_large);
}

} // namespace
} // namespace plugboard::connector
