#include "tests/unit/store/faulty_disk.hpp"
#include "tests/unit/store/store_fixture.hpp"

#include <filesystem>

namespace plugboard::store {
namespace {

class DiskFaultTest : public StoreFixture {
 protected:
  Database::Options on_faulty_disk() const {
    Database::Options with = options();
    with.vfs = disk.vfs();
    return with;
  }

  plugboard::testing::FaultyDisk disk{"disk-fault-test"};
};

TEST_F(DiskFaultTest, WritesNoMoreAfterAFlushFailedOnce) {
  auto database = open(on_faulty_disk());
  ASSERT_TRUE(database->write_now(make_table()));
  ASSERT_TRUE(database->write_now(add_thing("before")));
  disk.fail_flush(1);
  const auto failed = database->write_now(add_thing("lost"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Code::io);
  const auto later = database->write_now(add_thing("later")); // the disk would say yes now
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().code, Code::unavailable);
  EXPECT_FALSE(database->writes());
  EXPECT_NE(later.error().message.find("restarted"), std::string::npos) << later.error().message;
  EXPECT_TRUE(things(*database).contains("before")); // reading goes on
  database.reset();
  database = open();
  EXPECT_TRUE(things(*database).contains("before"));
  EXPECT_FALSE(things(*database).contains("later"));
  EXPECT_TRUE(database->write_now(add_thing("after the restart")));
}

TEST_F(DiskFaultTest, WritesNoMoreAfterAFlushFailedWhileTheLogWasBroughtHome) {
  Database::Options with = on_faulty_disk();
  with.checkpoint_pages = 1'000'000;
  auto database = open(with);
  database.reset(); // from now on each life begins with an empty log
  database = open(with);
  const int before = disk.flushes();
  ASSERT_TRUE(database->write_now(make_table()));
  const int of_a_first_commit = disk.flushes() - before;
  database.reset();
  with.checkpoint_pages = 1;
  database = open(with);
  disk.fail_flush(of_a_first_commit + 1);
  ASSERT_TRUE(database->write_now(add_thing("kept")));
  const auto later = database->write_now(add_thing("later"));
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().code, Code::unavailable);
  database.reset();
  EXPECT_EQ(things(*open()), std::set<std::string>{"kept"});
}

TEST_F(DiskFaultTest, DoesNotBeginWithAFileThatCanOnlyBeRead) {
  const auto database = open();
  ASSERT_TRUE(database->write_now(make_table()));
  Database::Options copy = on_faulty_disk();
  copy.path = folder.file("copy.db"); // as a crash leaves it: with its log
  for (const char* part : {"", "-wal"}) std::filesystem::copy_file(options().path + part, copy.path + part);
  for (const int kind : {SQLITE_OPEN_MAIN_DB, SQLITE_OPEN_WAL}) {
    disk.read_only(kind);
    const auto opened = try_open(copy);
    ASSERT_FALSE(opened) << kind;
    EXPECT_EQ(opened.error().code, Code::io) << kind;
    EXPECT_NE(opened.error().message.find("must be able to write"), std::string::npos) << opened.error().message;
  }
  disk.read_only(0);
  EXPECT_TRUE(open(copy)->write_now(add_thing("written")));
}

TEST_F(DiskFaultTest, GoesOnAfterTheDiskWasFull) {
  const auto database = open(on_faulty_disk());
  ASSERT_TRUE(database->write_now(make_table()));
  disk.set_full(true);
  for (int i = 0; i < 3; ++i) {
    const auto refused = database->write_now(add_thing("no room"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::io);
  }
  disk.set_full(false);
  EXPECT_TRUE(database->write_now(add_thing("room again")));
  EXPECT_EQ(things(*database), std::set<std::string>{"room again"});
}

// For each n: whatever breaks when the n-th flush or write fails, what was acknowledged is there after a restart.
class NthFaultTest : public StoreFixture, public ::testing::WithParamInterface<bool> {};

TEST_P(NthFaultTest, LosesNothingAcknowledgedWhicheverFlushOrWriteFails) {
  bool fault_came = true;
  int n = 1, faults = 0;
  for (; fault_came && n < 500; ++n) {
    const plugboard::testing::TempFolder own;
    plugboard::testing::FaultyDisk disk("nth-fault-test");
    Database::Options with;
    with.path = own.file("store.db");
    with.vfs = disk.vfs();
    with.checkpoint_pages = 4;
    std::set<std::string> acknowledged;
    bool all_went_well = true;
    GetParam() ? disk.fail_flush(n) : disk.fail_write(n);
    const auto asked = [&] { return GetParam() ? disk.flushes() : disk.writes(); };
    if (auto database = try_open(with)) {
      all_went_well = static_cast<bool>((*database)->write_now(make_table()));
      for (int i = 0; i < 12; ++i) {
        const std::string name = std::to_string(i);
        const auto written = (*database)->write_now(add_thing(name));
        if (written) acknowledged.insert(name);
        all_went_well = all_went_well && written;
      }
    } else {
      all_went_well = false;
      EXPECT_EQ(database.error().code, Code::io) << n << to_string(database.error());
    }
    fault_came = asked() >= n;
    faults += all_went_well ? 0 : 1;
    disk.fail_flush(0);
    disk.fail_write(0);
    with.vfs.clear();
    auto database = open(with);
    ASSERT_TRUE(database) << n;
    ASSERT_TRUE(database->write_now(make_table())) << n;
    const std::set<std::string> there = things(*database);
    for (const std::string& name : acknowledged) EXPECT_TRUE(there.contains(name)) << n << " lost " << name;
  }
  EXPECT_GT(faults, 10);
  EXPECT_LT(n, 500);
}

INSTANTIATE_TEST_SUITE_P(FlushAndWrite, NthFaultTest, ::testing::Bool(),
                         [](const auto& instance) { return std::string(instance.param ? "Flush" : "Write"); });

} // namespace
} // namespace plugboard::store
