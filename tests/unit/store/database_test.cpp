#include "tests/unit/store/store_fixture.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <latch>
#include <mutex>
#include <thread>
#include <vector>

namespace plugboard::store {
namespace {

using DatabaseTest = StoreFixture;
using Names = std::set<std::string>;
using ::testing::HasSubstr;

TEST_F(DatabaseTest, KeepsWhatWasWrittenOverARestart) {
  auto database = open();
  ASSERT_TRUE(database->write_now(make_table()));
  ASSERT_TRUE(database->write_now(add_thing("a")));
  database.reset();
  database = open();
  EXPECT_EQ(things(*database), Names{"a"});
}

TEST_F(DatabaseTest, RollsBackAFailedJobAloneAndCommitsItsGroup) {
  const auto database = open();
  ASSERT_TRUE(database->write_now(make_table()));
  std::latch busy(1), go(1);
  database->write(
      [&](Connection&) -> Result<void> {
        busy.count_down();
        go.wait(); // what comes now gathers into one group
        return {};
      },
      {}, {});
  busy.wait();
  std::vector<Result<void>> outcomes(3, Result<void>{});
  std::latch told(3);
  const auto note = [&](std::size_t i) {
    return [&, i](const Result<void>& outcome) {
      outcomes[i] = outcome;
      told.count_down();
    };
  };
  database->write(add_thing("first"), {}, note(0));
  database->write(
      [](Connection& connection) -> Result<void> {
        const auto added = add_thing("undone")(connection);
        return added ? fail(Code::denied, "changed my mind") : added;
      },
      {}, note(1));
  database->write(add_thing("last"), {}, note(2));
  go.count_down();
  told.wait();
  EXPECT_TRUE(outcomes[0] && outcomes[2]);
  ASSERT_FALSE(outcomes[1]);
  EXPECT_EQ(outcomes[1].error().code, Code::denied);
  EXPECT_EQ(things(*database), (Names{"first", "last"}));
  EXPECT_NE(metrics.text().find("plugboard_store_committed_jobs_total 5"), std::string::npos) << metrics.text();
  EXPECT_NE(metrics.text().find("plugboard_store_commits_total 3"), std::string::npos) << metrics.text();
}

TEST_F(DatabaseTest, ReportsABrokenConstraintAsConflict) {
  const auto database = open();
  ASSERT_TRUE(database->write_now(make_table()));
  ASSERT_TRUE(database->write_now(add_thing("a")));
  const auto again = database->write_now(add_thing("a"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::conflict);
}

TEST_F(DatabaseTest, RefusesWhatIsMoreThanItsQueueHolds) {
  Database::Options small = options();
  small.queue = 2;
  const auto database = open(small);
  ASSERT_TRUE(database->write_now(make_table()));
  std::latch busy(1), go(1), told(3);
  database->write(
      [&](Connection&) -> Result<void> {
        busy.count_down();
        go.wait();
        return {};
      },
      {}, {});
  busy.wait();
  std::mutex mutex;
  std::vector<Code> refused;
  for (const char* name : {"a", "b", "c"}) {
    database->write(add_thing(name), {}, [&](const Result<void>& outcome) {
      {
        const std::lock_guard lock(mutex);
        if (!outcome) refused.push_back(outcome.error().code);
      }
      told.count_down();
    });
  }
  go.count_down();
  told.wait();
  EXPECT_EQ(refused, std::vector{Code::overloaded});
  EXPECT_EQ(things(*database), (Names{"a", "b"}));
}

TEST_F(DatabaseTest, FinishesWhatItAcceptedBeforeItGoes) {
  auto database = open();
  ASSERT_TRUE(database->write_now(make_table()));
  std::atomic<int> told{0};
  for (int i = 0; i < 200; ++i) {
    database->write(add_thing(std::to_string(i)), {}, [&](const Result<void>& outcome) { told += outcome ? 1 : 0; });
    database->read([](Connection&) -> Result<void> { return {}; }, {}, [&](const Result<void>&) { ++told; });
  }
  database.reset();
  EXPECT_EQ(told, 400);
  database = open();
  EXPECT_EQ(things(*database).size(), 200U);
}

TEST_F(DatabaseTest, AnswersThroughThePosterOfTheCaller) {
  const auto database = open();
  std::vector<std::function<void()>> posted;
  std::latch came(2);
  std::mutex mutex;
  const Poster poster = [&](std::function<void()> function) {
    const std::lock_guard lock(mutex);
    posted.push_back(std::move(function));
    came.count_down();
  };
  int told = 0;
  database->write(make_table(), poster, [&](const Result<void>& outcome) { told += outcome ? 1 : 0; });
  database->read([](Connection&) -> Result<void> { return {}; }, poster,
                 [&](const Result<void>& outcome) { told += outcome ? 1 : 0; });
  came.wait();
  const std::lock_guard lock(mutex);
  EXPECT_EQ(told, 0);
  for (const auto& function : posted) function();
  EXPECT_EQ(told, 2);
}

TEST_F(DatabaseTest, LetsNoReadWrite) {
  const auto database = open();
  ASSERT_TRUE(database->write_now(make_table()));
  EXPECT_FALSE(database->read_now(add_thing("a")));
  EXPECT_TRUE(things(*database).empty());
}

TEST_F(DatabaseTest, OutlivesAJobThatThrows) {
  const auto database = open();
  ASSERT_TRUE(database->write_now(make_table()));
  const auto read = database->read_now([](Connection&) -> Result<void> { throw std::runtime_error("bug"); });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Code::internal);
  const auto written = database->write_now([](Connection& connection) -> Result<void> {
    static_cast<void>(add_thing("half")(connection));
    throw std::runtime_error("bug");
  });
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Code::internal);
  EXPECT_TRUE(things(*database).empty());
  EXPECT_TRUE(database->write_now(add_thing("later"))); // what threw was undone, so its fate is known
  EXPECT_TRUE(database->writes());
}

TEST_F(DatabaseTest, EnforcesForeignKeysAndTypes) {
  const auto database = open();
  const auto orphan = database->write_now([](Connection& connection) {
    return run(connection, "INSERT INTO session_tokens (tenant, key_id, digest, session, client, channel, "
                           "authentications, issued_at, issued_under, seal_key, seal) "
                           "VALUES ('default', 'k1', 'd', 'no such session', 'desk', 'chat', '[]', 1, 0, 'k1', 's')");
  });
  ASSERT_FALSE(orphan);
  EXPECT_THAT(orphan.error().message, HasSubstr("FOREIGN KEY"));
  const auto mistyped = database->write_now([](Connection& connection) {
    return run(connection, "INSERT INTO customers (tenant, issuer, subject, id, created_at) "
                           "VALUES ('default', 'i', 's', 'cus_x', 'yesterday')");
  });
  ASSERT_FALSE(mistyped);
  EXPECT_THAT(mistyped.error().message, HasSubstr("cannot store TEXT"));
}

TEST_F(DatabaseTest, ClosesItsFilesToOthers) {
  std::ofstream(options().path).flush();
  std::filesystem::permissions(options().path, std::filesystem::perms(0644));
  const auto database = open();
  ASSERT_TRUE(database->write_now(make_table()));
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    struct stat status {};

    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 4); // the store, its -wal and -shm, the lock
}

TEST_F(DatabaseTest, ReadsWhatWasAcknowledgedBefore) {
  const auto database = open();
  ASSERT_TRUE(database->write_now(make_table()));
  std::vector<std::thread> threads;
  std::atomic<int> missing{0};
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 25; ++i) {
        const std::string name = std::to_string(thread) + "/" + std::to_string(i);
        if (!database->write_now(add_thing(name)) || !things(*database).contains(name)) ++missing;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(missing, 0);
}

} // namespace
} // namespace plugboard::store
