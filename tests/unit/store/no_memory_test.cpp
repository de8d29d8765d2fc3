// The writer when SQLite gets no memory: nothing that the disk did, so it goes on as soon as there is some.
#include "tests/unit/store/faulty_disk.hpp"
#include "tests/unit/store/store_fixture.hpp"

#include <gtest/gtest.h>

namespace plugboard::store {
namespace {

thread_local int to_refuse = 0; // so many of SQLite's next allocations on this thread
thread_local int refused = 0;
sqlite3_mem_methods system_memory;

bool refuses() {
  if (to_refuse == 0) return false;
  --to_refuse;
  ++refused;
  return true;
}

void* allocate(int size) {
  return refuses() ? nullptr : system_memory.xMalloc(size);
}

void* reallocate(void* old, int size) {
  return refuses() ? nullptr : system_memory.xRealloc(old, size);
}

void set_memory(const sqlite3_mem_methods& methods, int lookaside, int slots) {
  sqlite3_shutdown();
  ASSERT_EQ(sqlite3_config(SQLITE_CONFIG_MALLOC, &methods), SQLITE_OK);
  ASSERT_EQ(sqlite3_config(SQLITE_CONFIG_LOOKASIDE, lookaside, slots), SQLITE_OK);
  ASSERT_EQ(sqlite3_initialize(), SQLITE_OK);
}

class NoMemoryTest : public StoreFixture {
 protected:
  static void SetUpTestSuite() {
    sqlite3_shutdown();
    ASSERT_EQ(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &system_memory), SQLITE_OK);
    sqlite3_mem_methods ours = system_memory;
    ours.xMalloc = &allocate;
    ours.xRealloc = &reallocate;
    set_memory(ours, 0, 0); // no lookaside: every allocation can fail
  }

  static void TearDownTestSuite() { set_memory(system_memory, 1200, 40); }
};

TEST_F(NoMemoryTest, RollsBackUntilItCan) {
  const auto database = open();
  ASSERT_TRUE(database->write_now(make_table()));
  for (const int allocations : {1, 2, 5, 20}) {
    const auto failed = database->write_now([allocations](Connection& connection) -> Result<void> {
      const auto added = add_thing("undone")(connection);
      if (!added) return added.error();
      to_refuse = allocations; // the statement that would undo this job, then the rolling back itself
      return fail(Code::invalid_argument, "think better of it", "test");
    });
    ASSERT_FALSE(failed) << allocations;
    ASSERT_TRUE(database->writes()) << allocations << to_string(failed.error());
    int left = -1;
    EXPECT_TRUE(database->write_now([&left](Connection&) -> Result<void> {
      left = to_refuse;
      return {};
    })) << allocations;
    EXPECT_EQ(left, 0) << "the writer did not need so much memory";
    EXPECT_TRUE(database->write_now(add_thing("after " + std::to_string(allocations))));
  }
  EXPECT_FALSE(things(*database).contains("undone"));
  EXPECT_EQ(things(*database).size(), 4U);
}

TEST_F(NoMemoryTest, TakesNoWantOfMemoryWhileTheLogIsBroughtHomeForAFailedDisk) {
  plugboard::testing::FaultyDisk disk("no-memory-test");
  Database::Options with = options();
  with.vfs = disk.vfs();
  with.checkpoint_pages = 1;
  const auto database = open(with);
  ASSERT_TRUE(database->write_now(make_table()));
  disk.fail_home(SQLITE_IOERR_NOMEM);
  EXPECT_TRUE(database->write_now(add_thing("one")));
  EXPECT_TRUE(database->write_now(add_thing("two")));
  EXPECT_TRUE(database->writes());
  disk.fail_home(SQLITE_CANTOPEN);                            // of no known kind: taken for the worst
  static_cast<void>(database->write_now(add_thing("three"))); // told before the log is brought home
  EXPECT_FALSE(database->write_now(add_thing("four")));
  EXPECT_FALSE(database->writes());
}

} // namespace
} // namespace plugboard::store
