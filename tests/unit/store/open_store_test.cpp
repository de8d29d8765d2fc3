#include "core/store/open_store.hpp"

#include "core/store/migrations.hpp"
#include "tests/unit/store/store_fixture.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sys/wait.h>

namespace plugboard::store {
namespace {

using OpenStoreTest = StoreFixture;

void change_with_plain_sqlite(const std::string& path, const std::string& sql) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
  sqlite3_close(handle);
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void expect_refused(const Result<std::unique_ptr<Database>>& opened, Code code, const std::string& path,
                    const std::string& saying) {
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, code) << to_string(opened.error());
  EXPECT_NE(opened.error().message.find(path), std::string::npos) << opened.error().message;
  EXPECT_NE(opened.error().message.find(saying), std::string::npos) << opened.error().message;
}

TEST_F(OpenStoreTest, RefusesASecondHubOnOneStore) {
  const auto first = open();
  expect_refused(try_open(options()), Code::conflict, options().path, "running on this store");
}

TEST_F(OpenStoreTest, RefusesASecondProcessToo) {
  const auto first = open();
  const pid_t child = ::fork();
  if (child == 0) {
    Metrics own;
    const auto second = Database::open(options(), *log, own);
    ::_exit(!second && second.error().code == Code::conflict ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(OpenStoreTest, NamesTheFolderThatIsMissing) {
  Database::Options nowhere = options();
  nowhere.path = folder.file("no/such/store.db");
  expect_refused(try_open(nowhere), Code::io, nowhere.path, "folder must exist");
}

TEST_F(OpenStoreTest, RefusesAFileThatIsNoSqlite) {
  std::ofstream(options().path) << "I am a diary, and I have been one for years.";
  const std::string before = bytes_of(options().path);
  expect_refused(try_open(options()), Code::malformed, options().path, "no SQLite file");
  EXPECT_EQ(bytes_of(options().path), before);
}

TEST_F(OpenStoreTest, RefusesAnotherProgramsDatabaseAndLeavesIt) {
  change_with_plain_sqlite(options().path, "CREATE TABLE recipes (name TEXT)");
  const std::string before = bytes_of(options().path);
  expect_refused(try_open(options()), Code::malformed, options().path, "another program");
  EXPECT_EQ(bytes_of(options().path), before);
}

TEST_F(OpenStoreTest, RefusesANewerSchema) {
  open().reset();
  change_with_plain_sqlite(options().path, "INSERT INTO schema_version VALUES (999)");
  expect_refused(try_open(options()), Code::conflict, options().path, "newer hub (schema 999");
}

TEST_F(OpenStoreTest, RefusesADamagedFile) {
  auto database = open();
  ASSERT_TRUE(database->write_now(make_table()));
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(database->write_now(add_thing("thing number " + std::to_string(i))));
  database.reset();
  const auto size = std::filesystem::file_size(options().path);
  int refused = 0, pages = 0;
  const std::string whole = bytes_of(options().path);
  for (std::size_t page = 4096; page + 4096 <= size; page += 4096, ++pages) {
    std::string damaged = whole;
    damaged.replace(page, 4096, 4096, '\x5A');
    std::ofstream(options().path, std::ios::binary) << damaged;
    const auto opened = try_open(options());
    if (opened) continue;
    ++refused;
    expect_refused(opened, Code::malformed, options().path, "restore it from a backup");
  }
  EXPECT_GT(pages, 10);
  EXPECT_EQ(refused, pages);
}

TEST_F(OpenStoreTest, RefusesAFileThatWasCutShort) {
  auto database = open();
  ASSERT_TRUE(database->write_now(make_table()));
  database.reset();
  std::filesystem::resize_file(options().path, std::filesystem::file_size(options().path) - 5000);
  expect_refused(try_open(options()), Code::malformed, options().path, "restore it from a backup");
}

TEST_F(OpenStoreTest, OpensAgainAtTheSchemaItWrote) {
  const int newest = migrations().back().number;
  EXPECT_EQ(open()->schema_version(), newest);
  EXPECT_EQ(open()->schema_version(), newest);
}

constexpr Migration kFirst{1, "CREATE TABLE one (a TEXT) STRICT"};
constexpr Migration kSecond{2, "CREATE TABLE two (a TEXT) STRICT; INSERT INTO one VALUES ('moved')"};
constexpr Migration kBroken{2, "CREATE TABLE two (a TEXT) STRICT; INSERT INTO nowhere VALUES ('moved')"};

TEST_F(OpenStoreTest, RunsEachStepOnceAndUndoesAFailedOneWhole) {
  const std::array good{kFirst, kSecond};
  const std::array bad{kFirst, kBroken};
  ASSERT_TRUE(open_store(options(), std::span(good).first(1), *log));
  const auto broken = open_store(options(), bad, *log);
  ASSERT_FALSE(broken);
  EXPECT_NE(broken.error().message.find("step 2"), std::string::npos) << broken.error().message;
  for (int i = 0; i < 2; ++i) { // "two" was undone, else step 2 failed now; it runs once, else the second opening would
    const auto opened = open_store(options(), good, *log);
    ASSERT_TRUE(opened) << to_string(opened.error());
    EXPECT_EQ(opened->schema_version, 2);
    EXPECT_EQ(opened->writer->first_integer("SELECT count(*) FROM one").value(), 1);
  }
}

TEST(MigrationsTest, AreNumberedFromOneWithoutAGap) {
  int expected = 1;
  for (const Migration& step : migrations()) EXPECT_EQ(step.number, expected++);
  EXPECT_GT(expected, 1);
}

TEST_F(OpenStoreTest, HasTheTenantInEveryPrimaryAndUniqueKey) {
  const auto opened = open_store(options(), migrations(), *log);
  ASSERT_TRUE(opened);
  const auto without = opened->writer->first_integer(
      "SELECT count(*) FROM sqlite_schema t, pragma_index_list(t.name) i WHERE t.type = 'table' AND i.\"unique\" "
      "AND NOT EXISTS (SELECT 1 FROM pragma_index_info(i.name) c WHERE c.name = 'tenant')");
  ASSERT_TRUE(without) << to_string(without.error());
  EXPECT_EQ(*without, 0);
  const auto keys = opened->writer->first_integer(
      "SELECT count(*) FROM sqlite_schema t, pragma_index_list(t.name) i WHERE t.type = 'table' AND i.\"unique\"");
  EXPECT_GE(keys.value(), 6);
}

TEST_F(OpenStoreTest, FlushesEveryCommitAndDefendsTheFile) {
  const auto opened = open_store(options(), migrations(), *log);
  ASSERT_TRUE(opened);
  SqliteConnection& writer = *opened->writer;
  EXPECT_EQ(writer.first_integer("PRAGMA synchronous").value(), 2);
  EXPECT_EQ(writer.first_text("PRAGMA journal_mode").value(), "wal");
  EXPECT_EQ(writer.first_integer("PRAGMA secure_delete").value(), 1);
  EXPECT_EQ(writer.first_integer("PRAGMA foreign_keys").value(), 1);
  EXPECT_FALSE(writer.run("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'damage'"));
  EXPECT_EQ(opened->reader->first_integer("PRAGMA query_only").value(), 1);
}

} // namespace
} // namespace plugboard::store
