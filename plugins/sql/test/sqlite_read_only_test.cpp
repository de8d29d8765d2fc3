// SQLite files in a folder that may only be read, as a worker sees a granted folder: by a read-only mount, or by who
// the reader is. Each question is asked in a process of its own, which comes into that position first.
#include "plugins/sql/sqlite_connection.hpp"
#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

namespace plugboard::sql {
namespace {

using testing::AllOf;
using testing::HasSubstr;
namespace fs = std::filesystem;

enum class Wall : std::uint8_t { mount = 1, user };

constexpr uid_t kNobody = 65534;

// Of this process: the folder can't be written to from now on. False: this machine does not let us.
bool put_up(Wall wall, const std::string& folder) {
  if (wall == Wall::user) return ::geteuid() != 0 || ::setresuid(kNobody, kNobody, kNobody) == 0;
  if (::unshare(CLONE_NEWNS | (::geteuid() == 0 ? 0 : CLONE_NEWUSER)) != 0) return false;
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  return ::mount(folder.c_str(), folder.c_str(), nullptr, MS_BIND, nullptr) == 0 &&
         ::mount(nullptr, folder.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) == 0;
}

class Writer {
 public:
  explicit Writer(const std::string& path) {
    EXPECT_EQ(sqlite3_open(path.c_str(), &database_), SQLITE_OK);
    run("PRAGMA journal_mode = wal");
  }

  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  ~Writer() { sqlite3_close(database_); }

  void run(const std::string& sql) const {
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << (message ? message : "");
    sqlite3_free(message);
  }

 private:
  sqlite3* database_ = nullptr;
};

std::string text_of(Result<std::unique_ptr<SqliteConnection>> opened, const Query& query) {
  if (!opened) return "not opened: " + opened.failure().message;
  auto table = (*opened)->ask({0, {}, Clock::now() + std::chrono::seconds(10), {}, 100}, query);
  if (!table) return "failed: " + table.failure().message;
  std::string text;
  for (const auto& row : table->rows) text += row.at(0).text + " ";
  return text + ((*opened)->undisturbed() ? "" : "disturbed");
}

class SqliteReadOnlyTest : public testing::TestWithParam<Wall> {
 protected:
  // What reading says behind the wall; `reading` runs in a process of its own, `meanwhile` in this one.
  std::string behind_the_wall(
      const std::function<std::string()>& reading, const std::function<void()>& meanwhile = [] {}) {
    fs::permissions(folder.path(), fs::perms(0555));
    for (const auto& file : fs::directory_iterator(folder.path())) fs::permissions(file, fs::perms(0444));
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      const auto said = put_up(GetParam(), folder.path()) ? reading() : kNoWall;
      const auto written = ::write(ends[1], said.data(), said.size());
      ::_exit(written == static_cast<ssize_t>(said.size()) ? 0 : 1);
    }
    ::close(ends[1]);
    meanwhile();
    std::string said;
    char part[256];
    for (ssize_t got = 0; (got = ::read(ends[0], part, sizeof part)) > 0;)
      said.append(part, static_cast<std::size_t>(got));
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    fs::permissions(folder.path(), fs::perms(0755));
    for (const auto& file : fs::directory_iterator(folder.path())) fs::permissions(file, fs::perms(0644));
    return said;
  }

  std::string read() {
    return behind_the_wall([this] { return text_of(SqliteConnection::open(path, 1), query); });
  }

  static constexpr const char* kNoWall = "no wall";
  test::TempFolder folder;
  const std::string path = folder / "a shop#1%.db"; // signs that mean something to SQLite, were it a URI
  const Query query = *parse_query("SELECT name FROM customer ORDER BY id", Dialect::sqlite);
};

#define SKIP_WITHOUT_WALL(said)                                                                                        \
  if ((said) == kNoWall) GTEST_SKIP() << "this machine lets nobody make a read-only mount"

TEST_P(SqliteReadOnlyTest, ReadsWhatAWriterHasCommittedAndStillHoldsInItsWal) {
  const Writer writer(path);
  writer.run("CREATE TABLE customer(id INTEGER PRIMARY KEY, name TEXT); INSERT INTO customer VALUES (1, 'Ada')");
  writer.run("BEGIN; INSERT INTO customer VALUES (2, 'not committed')");
  const auto said = read();
  SKIP_WITHOUT_WALL(said);
  EXPECT_EQ(said, "Ada ");
}

TEST_P(SqliteReadOnlyTest, ReadsAFileAtRest) {
  {
    Writer(path).run(
        "CREATE TABLE customer(id INTEGER PRIMARY KEY, name TEXT); INSERT INTO customer VALUES (1, 'Ada')");
  }
  ASSERT_FALSE(fs::exists(path + "-wal"));
  const auto said = read();
  SKIP_WITHOUT_WALL(said);
  EXPECT_EQ(said, "Ada ");
}

TEST_P(SqliteReadOnlyTest, NoticesThatAFileAtRestWasWrittenMeanwhile) {
  {
    Writer(path).run(
        "CREATE TABLE customer(id INTEGER PRIMARY KEY, name TEXT); INSERT INTO customer VALUES (1, 'Ada')");
  }
  int to_child[2], to_parent[2];
  ASSERT_EQ(::pipe2(to_child, O_CLOEXEC), 0);
  ASSERT_EQ(::pipe2(to_parent, O_CLOEXEC), 0);
  const auto reading = [&] {
    auto opened = SqliteConnection::open(path, 1);
    char byte = 'o';
    if (::write(to_parent[1], &byte, 1) != 1 || ::read(to_child[0], &byte, 1) != 1) return std::string("alone");
    const auto before = text_of(std::move(opened), query);
    return before + "/" + text_of(SqliteConnection::open(path, 1), query);
  };
  const auto said = behind_the_wall(reading, [&] {
    ::close(to_parent[1]); // the child's is the only one now
    char byte = 0;
    if (::read(to_parent[0], &byte, 1) != 1) return; // there is no wall
    fs::permissions(folder.path(), fs::perms(0755));
    fs::permissions(path, fs::perms(0644));
    Writer(path).run("INSERT INTO customer VALUES (2, 'Bob')");
    EXPECT_EQ(::write(to_child[1], "w", 1), 1);
  });
  for (const int end : {to_child[0], to_child[1], to_parent[0]}) ::close(end);
  SKIP_WITHOUT_WALL(said);
  EXPECT_THAT(said, testing::EndsWith("disturbed/Ada Bob "));
}

TEST_P(SqliteReadOnlyTest, SaysWhatIsMissingWhereAWalWasLeftAlone) {
  {
    const Writer writer(path);
    writer.run("CREATE TABLE customer(id INTEGER PRIMARY KEY, name TEXT); INSERT INTO customer VALUES (1, 'Ada')");
    for (const char* part : {"", "-wal"}) fs::copy_file(path + part, (folder / "copy.db") + part);
  }
  const auto said = behind_the_wall([this] { return text_of(SqliteConnection::open(folder / "copy.db", 1), query); });
  SKIP_WITHOUT_WALL(said);
  EXPECT_THAT(said, AllOf(HasSubstr("not opened"), HasSubstr("-wal"), HasSubstr("-shm"), HasSubstr("may write")));
}

TEST_P(SqliteReadOnlyTest, ReadsAWalThatWasLeftWithItsIndex) {
  {
    const Writer writer(path);
    writer.run("CREATE TABLE customer(id INTEGER PRIMARY KEY, name TEXT); INSERT INTO customer VALUES (1, 'Ada')");
    for (const char* part : {"", "-wal", "-shm"}) fs::copy_file(path + part, (folder / "copy.db") + part);
  }
  const auto said = behind_the_wall([this] { return text_of(SqliteConnection::open(folder / "copy.db", 1), query); });
  SKIP_WITHOUT_WALL(said);
  EXPECT_EQ(said, "Ada ");
}

TEST_P(SqliteReadOnlyTest, SaysThatAChangeWasBrokenOff) {
  {
    const Writer writer(path);
    writer.run(
        "PRAGMA journal_mode = delete; PRAGMA cache_size = 1; CREATE TABLE customer(id INTEGER PRIMARY KEY, name "
        "TEXT); BEGIN; INSERT INTO customer WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
        "i < 5000) SELECT i, 'a name long enough to spill' FROM n");
    for (const char* part : {"", "-journal"}) fs::copy_file(path + part, (folder / "copy.db") + part);
  }
  const auto said = behind_the_wall([this] { return text_of(SqliteConnection::open(folder / "copy.db", 1), query); });
  SKIP_WITHOUT_WALL(said);
  EXPECT_THAT(said, AllOf(HasSubstr("not opened"), HasSubstr("-journal"), HasSubstr("may write")));
}

TEST_P(SqliteReadOnlyTest, SaysThatTheFileMayNotBeRead) {
  if (GetParam() == Wall::mount) return; // behind that one it is still root, who may read everything
  const test::TempFolder other;
  { Writer(other / "shop.db").run("CREATE TABLE customer(id INTEGER PRIMARY KEY, name TEXT)"); }
  fs::permissions(other.path(), fs::perms(0755));
  fs::permissions(other / "shop.db", fs::perms(0));
  const auto said = behind_the_wall([&] {
    return text_of(SqliteConnection::open(other / "shop.db", 1), query) + "/" +
           text_of(SqliteConnection::open(other / "none.db", 1), query);
  });
  EXPECT_THAT(said, AllOf(HasSubstr("may not be read"), HasSubstr("/not opened: the database file can't be opened")));
}

INSTANTIATE_TEST_SUITE_P(Walls, SqliteReadOnlyTest, testing::Values(Wall::mount, Wall::user),
                         [](const auto& wall) { return wall.param == Wall::mount ? "Mount" : "User"; });

} // namespace
} // namespace plugboard::sql
