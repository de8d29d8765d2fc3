#include "core/connector/host_files.hpp"
#include "inbox.hpp"
#include "memory_log.hpp"
#include "temporary_folder.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

plugboard_str text(std::string_view chars) {
  return {chars.data(), chars.size()};
}

class HostFilesTest : public ::testing::Test {
 protected:
  HostFilesTest() {
    folder.write("root/keys.json", "keys");
    folder.write("root/secret.txt", "secret");
    folder.write("root/data/shop.db", "db");
    folder.write("root/data/sub/deep.db", "db");
    folder.write("root/database/other.db", "db");
    std::filesystem::create_symlink("../secret.txt", folder.path / "root/data/escape");
    std::filesystem::create_symlink("../../root", folder.path / "root/data/up");
    std::filesystem::create_symlink("shop.db", folder.path / "root/data/alias.db");
    files = HostFiles::make({"ro:keys.json", "ro:data/"}, (folder.path / "root").string(), std::chrono::seconds(1),
                            host_log)
                .value();
  }

  std::int32_t locate(std::string_view path) {
    located.clear();
    return files->locate(text(path), &located, [](void* user, plugboard_str found) {
      static_cast<std::string*>(user)->assign(found.data, found.size);
    });
  }

  std::int32_t watch(std::string_view path) {
    return files->watch(text(path), &located, [](void* user, plugboard_str found) {
      static_cast<std::string*>(user)->assign(found.data, found.size);
    });
  }

  std::string real(const char* path) { return std::filesystem::canonical(folder.path / path).string(); }

  TemporaryFolder folder;
  MemoryLog log;
  SystemClock clock;
  HostLog host_log{"crm", log, clock};
  std::unique_ptr<HostFiles> files;
  std::string located;
};

TEST_F(HostFilesTest, WatchesAGrantedFile) {
  EXPECT_EQ(watch("keys.json"), PLUGBOARD_OK);
  EXPECT_EQ(located, "keys");
}

TEST_F(HostFilesTest, RefusesToWatchWhatIsNotGrantedAndSaysHowToGrantIt) {
  for (const char* path : {"secret.txt", "data/shop.db", "./keys.json", "data/../keys.json", ""})
    EXPECT_NE(watch(path), PLUGBOARD_OK) << path;
  EXPECT_EQ(watch("secret.txt"), PLUGBOARD_EGRESS_DENIED);
  EXPECT_EQ(located, "");
  EXPECT_TRUE(log.has("add \"ro:secret.txt\" to grants.files"));
}

TEST_F(HostFilesTest, LocatesWhatStandsBelowAGrantedFolder) {
  EXPECT_EQ(locate("data/shop.db"), PLUGBOARD_OK);
  EXPECT_EQ(located, real("root/data/shop.db"));
  EXPECT_EQ(locate("data/sub/deep.db"), PLUGBOARD_OK);
  EXPECT_EQ(located, real("root/data/sub/deep.db"));
  EXPECT_EQ(locate("data/alias.db"), PLUGBOARD_OK) << "a link within the folder";
  EXPECT_EQ(located, real("root/data/shop.db"));
  EXPECT_EQ(locate("data/not_yet.db"), PLUGBOARD_OK) << "a database may come later";
  EXPECT_EQ(located, real("root/data") + "/not_yet.db");
}

TEST_F(HostFilesTest, NothingLeadsOutOfAGrantedFolder) {
  for (const char* path : {"data/../secret.txt", "data/sub/../../secret.txt", "data/escape", "data/up/secret.txt",
                           "data/up/nothing_yet", "keys.json", "database/other.db", "data", "data/", "/etc/passwd"}) {
    EXPECT_EQ(locate(path), PLUGBOARD_EGRESS_DENIED) << path;
    EXPECT_EQ(located, "") << path;
  }
  EXPECT_EQ(locate("data//etc/passwd"), PLUGBOARD_OK) << "means data/etc/passwd";
  EXPECT_EQ(located, real("root/data") + "/etc/passwd");
  EXPECT_NE(locate(std::string_view("data/a\0b", 8)), PLUGBOARD_OK);
}

TEST_F(HostFilesTest, RefusesAGrantThatIsNone) {
  for (const char* grant : {"keys.json", "rw:keys.json", "ro:"})
    EXPECT_FALSE(HostFiles::make({grant}, "/", std::chrono::seconds(1), host_log)) << grant;
}

} // namespace
} // namespace plugboard::connector
