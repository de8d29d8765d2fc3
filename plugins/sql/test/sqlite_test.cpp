// The connector through its C table, on SQLite files that the test makes.
#include "plugins/sql/connector.hpp"

#include <plugboard/testkit.hpp>

#include <gmock/gmock.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <filesystem>

namespace plugboard::sql {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
namespace fs = std::filesystem;

// Counts to a thousand million: minutes, if nothing ends it.
constexpr const char* kEndless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) "
                                 "SELECT CAST(max(i) AS TEXT) AS customer_id FROM n";

class File {
 public:
  explicit File(const fs::path& path) { EXPECT_EQ(sqlite3_open(path.c_str(), &database_), SQLITE_OK); }

  File(const File&) = delete;
  File& operator=(const File&) = delete;

  ~File() { sqlite3_close(database_); }

  void run(const std::string& sql) {
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << (message ? message : "");
    sqlite3_free(message);
  }

 private:
  sqlite3* database_ = nullptr;
};

class SqliteTest : public testing::Test {
 protected:
  SqliteTest() {
    std::string name = (fs::temp_directory_path() / "plugboard-sql-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    host.files().grant_folder("data/", folder.string() + "/");
  }

  ~SqliteTest() override { fs::remove_all(folder); }

  fs::path path() const { return folder / "shop.db"; }

  void make_shop() const {
    File(path()).run(
        "CREATE TABLE customer(id INTEGER PRIMARY KEY, name TEXT, email TEXT, since TEXT, vip INTEGER, rep INTEGER);"
        "INSERT INTO customer VALUES (1, 'Ada', 'ada@x', '2009-01-01 00:00:00', 1, 5),"
        "(2, 'Bob', 'bob@x', NULL, 0, NULL), (3, 'Bob II', 'bob@x', NULL, 0, 5);"
        "CREATE TABLE purchase(id TEXT, customer INTEGER, minor INTEGER);"
        "INSERT INTO purchase VALUES ('a', 1, 100), ('b', 1, 250), ('c', 2, 300);");
  }

  static std::string config(const std::string& section, const std::string& more = "") {
    return R"({"database": {"sqlite": "data/shop.db"}, )" + more + R"("sections": {"contact": )" + section + "}}";
  }

  static std::string section(const std::string& query, const std::string& shape = "contact/v1",
                             const std::string& more = "") {
    return R"({"shape": ")" + shape + R"(", "needs": [["email", "customer_id"]], )" + more + R"("query": ")" + query +
           "\"}";
  }

  testkit::Answer ask(const std::string& config_text, testkit::Question question) {
    testkit::Running running(host, testkit::connector<Connector>(), config_text);
    return running.lookup(std::move(question)).wait();
  }

  std::string refused(const std::string& config_text) {
    try {
      const testkit::Running running(host, testkit::connector<Connector>(), config_text);
    } catch (const std::runtime_error& e) {
      return e.what();
    }
    return "";
  }

  fs::path folder;
  testkit::FakeHost host;
};

const testkit::Question kAda{.identifiers = {{"email", "ada@x"}}};
constexpr const char* kByEmail = "SELECT CAST(id AS TEXT) AS customer_id, name, vip FROM customer WHERE email = :email";

TEST_F(SqliteTest, AnswersWithTheRecord) {
  make_shop();
  const auto answer = ask(config(section("SELECT CAST(id AS TEXT) AS customer_id, name, email AS "
                                         "\\\"emails.0.address\\\", since AS customer_since, vip, "
                                         "rep AS rep_id FROM customer WHERE email = :email",
                                         "contact/v1", R"("yields": {"crm.rep": {"column": "rep_id"}}, )"),
                                 R"("time_zone": "Europe/Stockholm", )"),
                          kAda);
  EXPECT_EQ(answer.status, Status::ok) << answer.message;
  EXPECT_EQ(answer.data, R"({"customer_id":"1","name":"Ada","emails":[{"address":"ada@x"}],)"
                         R"("customer_since":"2008-12-31T23:00:00Z","vip":true})");
  ASSERT_THAT(answer.identifiers, SizeIs(1));
  EXPECT_EQ(answer.identifiers[0].type + "=" + answer.identifiers[0].value, "crm.rep=5");
}

TEST_F(SqliteTest, AnswersWithManyRows) {
  make_shop();
  const auto query =
      section("SELECT id, minor AS \\\"total.amount_minor\\\" FROM purchase WHERE customer = :customer_id "
              "ORDER BY id LIMIT coalesce(:params.limit, 10)",
              "orders/v1");
  EXPECT_EQ(ask(config(query), {.identifiers = {{"customer_id", "1"}}}).data,
            R"({"orders":[{"id":"a","total":{"amount_minor":100}},{"id":"b","total":{"amount_minor":250}}]})");
  EXPECT_EQ(ask(config(query), {.identifiers = {{"customer_id", "1"}}, .params = R"({"limit": 1})"}).data,
            R"({"orders":[{"id":"a","total":{"amount_minor":100}}]})");
  EXPECT_EQ(ask(config(query), {.identifiers = {{"customer_id", "99"}}}).data, R"({"orders":[]})");
}

TEST_F(SqliteTest, TellsNobodyFromSeveral) {
  make_shop();
  EXPECT_EQ(ask(config(section(kByEmail)), {.identifiers = {{"email", "eve@x"}}}).status, Status::not_found);
  EXPECT_EQ(ask(config(section(kByEmail)), {.identifiers = {{"email", "bob@x"}}}).status, Status::ambiguous);
  EXPECT_EQ(ask(config(section(kByEmail)), {.section = "orders"}).status, Status::unsupported);
}

TEST_F(SqliteTest, TakesAnIdentifierForAValueWhateverStandsInIt) {
  make_shop();
  for (const char* value : {"' OR 1=1 --", "ada@x' --", "x'; DROP TABLE customer; --", "\" OR \"\"=\"", ":email", "?1",
                            "%", "_", "*/ OR 1=1"})
    EXPECT_EQ(ask(config(section(kByEmail)), {.identifiers = {{"email", value}}}).status, Status::not_found) << value;
  EXPECT_EQ(ask(config(section(kByEmail)), kAda).status, Status::ok);
  EXPECT_EQ(ask(config(section(kByEmail)), {.identifiers = {{"email", std::string("ada@x\0x", 7)}}}).status,
            Status::failed);
}

TEST_F(SqliteTest, BindsParamsByTheirTypes) {
  make_shop();
  const auto types =
      section("SELECT 'x' AS customer_id, typeof(:params.a) AS name, typeof(:params.b) AS company, typeof(:params.c) "
              "AS segment, "
              "typeof(:params.d) AS notes, typeof(:params.e) AS salutation, CAST(:params.a AS TEXT) AS job_title");
  EXPECT_EQ(
      ask(config(types),
          {.params = R"({"a": 9223372036854775807, "b": 1.5, "c": "1", "d": true, "e": 9223372036854775808})"})
          .data,
      R"({"customer_id":"x","name":"integer","company":"real","segment":"text","notes":"integer","salutation":"real","job_title":"9223372036854775807"})");
}

TEST_F(SqliteTest, RefusesAtStartWhatCanNotBeRead) {
  make_shop();
  const auto broken = refused(config(section("SELECT CAST(id AS TEXT) AS customer_id,\\n nmae AS name FROM customer")));
  EXPECT_THAT(broken, AllOf(HasSubstr("/sections/contact/query"), HasSubstr("line 2, column 2"), HasSubstr("nmae")));
  EXPECT_THAT(refused(config(section("SELECT 1 FROM nowhere"))), HasSubstr("no such table: nowhere"));
  EXPECT_THAT(refused(config(section("SELECT FROM"))), HasSubstr("syntax error"));
  EXPECT_THAT(refused(config(section("SELECT name AS naem FROM customer"))),
              HasSubstr("\"naem\" is no member of contact/v1"));
}

TEST_F(SqliteTest, RefusesAtStartWhatDoesMoreThanRead) {
  make_shop();
  for (const char* query :
       {"INSERT INTO customer(id) VALUES (9)", "DELETE FROM customer", "DROP TABLE customer", "PRAGMA user_version",
        "PRAGMA query_only = OFF", "ATTACH 'x' AS y", "VACUUM", "BEGIN", "EXPLAIN SELECT 1", "CREATE TEMP TABLE t(a)",
        "WITH x AS (SELECT 1) DELETE FROM customer", "WITH x AS (SELECT 1) INSERT INTO customer(id) SELECT 9 FROM x",
        "SELECT * FROM pragma_table_info('customer')", "SELECT 1 AS customer_id; DELETE FROM customer",
        "SELECT 1 AS customer_id; SELECT 2"})
    EXPECT_THAT(refused(config(section(query))), HasSubstr("/sections/contact/query")) << query;
  EXPECT_EQ(ask(config(section(kByEmail)), kAda).status, Status::ok);
}

TEST_F(SqliteTest, RefusesAtStartToLookBeyondTheTables) {
  make_shop();
  for (const char* query :
       {"SELECT file AS name FROM pragma_database_list", "SELECT name FROM pragma_table_info('customer')"})
    EXPECT_THAT(refused(config(section(query))), HasSubstr("not authorized")) << query;
}

TEST_F(SqliteTest, TakesOneStatementWithAnEnd) {
  make_shop();
  EXPECT_EQ(ask(config(section(std::string(kByEmail) + " ; -- that is all\\n ;")), kAda).status, Status::ok);
}

TEST_F(SqliteTest, RefusesAFolderThatIsNotGranted) {
  EXPECT_THAT(
      refused(R"({"database": {"sqlite": "other/shop.db"}, "sections": {"contact": )" + section(kByEmail) + "}}"),
      AllOf(HasSubstr("/database/sqlite"), HasSubstr("other/shop.db"), HasSubstr("grants")));
}

TEST_F(SqliteTest, StartsWithoutTheFileAndFindsItLater) {
  testkit::Running running(host, testkit::connector<Connector>(), config(section(kByEmail)));
  EXPECT_TRUE(host.logged("not there yet"));
  EXPECT_EQ(running.lookup(kAda).wait().status, Status::unreachable);
  make_shop();
  EXPECT_EQ(running.lookup(kAda).wait().status, Status::ok);
}

TEST_F(SqliteTest, NoticesThatTheFileIsGoneOrAnother) {
  make_shop();
  testkit::Running running(host, testkit::connector<Connector>(), config(section(kByEmail)));
  EXPECT_EQ(running.lookup(kAda).wait().status, Status::ok);
  fs::rename(path(), folder / "old.db");
  EXPECT_EQ(running.lookup(kAda).wait().status, Status::unreachable);
  File(path()).run("CREATE TABLE customer(id, name, email, vip); INSERT INTO customer VALUES (9, 'Ada', 'ada@x', 0)");
  EXPECT_THAT(running.lookup(kAda).wait().data, HasSubstr("\"customer_id\":\"9\""));
}

TEST_F(SqliteTest, SeesWhatAWriterCommits) {
  make_shop();
  File writer(path());
  writer.run("PRAGMA journal_mode = WAL");
  testkit::Running running(host, testkit::connector<Connector>(), config(section(kByEmail)));
  EXPECT_THAT(running.lookup(kAda).wait().data, HasSubstr("Ada"));
  writer.run("UPDATE customer SET name = 'Countess' WHERE id = 1");
  EXPECT_THAT(running.lookup(kAda).wait().data, HasSubstr("Countess"));
  writer.run(
      "ALTER TABLE customer RENAME COLUMN name TO full_name; ALTER TABLE customer ADD COLUMN name TEXT DEFAULT 'new'");
  EXPECT_THAT(running.lookup(kAda).wait().data, HasSubstr("new"));
}

TEST_F(SqliteTest, SaysSoWhenTheFileIsNoDatabase) {
  FILE* file = std::fopen(path().c_str(), "w");
  std::fputs("this is a long enough text that certainly is not any kind of SQLite database at all, is it?", file);
  std::fclose(file);
  const auto answer = ask(config(section(kByEmail)), kAda);
  EXPECT_EQ(answer.status, Status::upstream_failed);
  EXPECT_THAT(answer.message, HasSubstr("not a database"));
}

TEST_F(SqliteTest, StopsAQueryAtTheCallersDeadline) {
  make_shop();
  testkit::Running running(host, testkit::connector<Connector>(), config(section(kEndless)));
  const auto begin = Clock::now();
  const auto answer = running.lookup({.deadline = std::chrono::milliseconds(50)}).wait();
  EXPECT_EQ(answer.status, Status::timeout) << answer.message;
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(2));
}

TEST_F(SqliteTest, StopsAQueryAtTheStatementTimeout) {
  make_shop();
  EXPECT_EQ(ask(config(section(kEndless), R"("statement_timeout_ms": 50, )"), {}).status, Status::timeout);
}

TEST_F(SqliteTest, StopsAQueryThatNobodyAwaits) {
  make_shop();
  testkit::Running running(host, testkit::connector<Connector>(),
                           config(section(kEndless), R"("statement_timeout_ms": 60000, )"));
  auto asked = running.lookup_in_background({.deadline = std::chrono::seconds(60)});
  EXPECT_FALSE(asked.wait_for(std::chrono::milliseconds(50)));
  asked.cancel();
  EXPECT_EQ(asked.wait().status, Status::cancelled);
}

TEST_F(SqliteTest, IsReadyForTheNextQuestionAfterAnInterruptedOne) {
  make_shop();
  const auto text = R"({"database": {"sqlite": "data/shop.db"}, "pool": {"max": 1}, "sections": {"endless": )" +
                    section(kEndless) + R"(, "contact": )" + section(kByEmail) + "}}";
  testkit::Running running(host, testkit::connector<Connector>(), text);
  EXPECT_EQ(running.lookup({.section = "endless", .deadline = std::chrono::milliseconds(20)}).wait().status,
            Status::timeout);
  EXPECT_EQ(running.lookup(kAda).wait().status, Status::ok);
}

TEST_F(SqliteTest, SaysBusyWhenEveryConnectionIsInUse) {
  make_shop();
  testkit::Running running(host, testkit::connector<Connector>(),
                           config(section(kEndless), R"("statement_timeout_ms": 60000, "pool": {"max": 1}, )"));
  auto first = running.lookup_in_background({.deadline = std::chrono::seconds(60)});
  EXPECT_FALSE(first.wait_for(std::chrono::milliseconds(50)));
  const auto second = running.lookup({.deadline = std::chrono::milliseconds(50)}).wait();
  EXPECT_EQ(second.status, Status::busy);
  EXPECT_THAT(second.message, HasSubstr("pool.max"));
  auto third = running.lookup_in_background({.deadline = std::chrono::seconds(60)});
  EXPECT_FALSE(third.wait_for(std::chrono::milliseconds(20)));
  third.cancel(); // while it waits for a connection
  EXPECT_EQ(third.wait().status, Status::cancelled);
  first.cancel();
  EXPECT_EQ(first.wait().status, Status::cancelled);
}

TEST_F(SqliteTest, WaitsForAWriterUntilTheDeadline) {
  make_shop();
  testkit::Running running(host, testkit::connector<Connector>(), config(section(kByEmail)));
  File writer(path());
  writer.run("BEGIN EXCLUSIVE");
  EXPECT_EQ(running.lookup({.identifiers = kAda.identifiers, .deadline = std::chrono::milliseconds(50)}).wait().status,
            Status::timeout);
  auto waiting = running.lookup_in_background(kAda);
  EXPECT_FALSE(waiting.wait_for(std::chrono::milliseconds(50)));
  writer.run("COMMIT");
  EXPECT_EQ(waiting.wait().status, Status::ok);
}

TEST_F(SqliteTest, RefusesTooManyRowsAndTooManyBytes) {
  make_shop();
  const std::string numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :params.n) ";
  const auto rows = config(section(numbers + "SELECT CAST(i AS TEXT) AS id FROM n", "orders/v1"));
  EXPECT_EQ(ask(rows, {.params = R"({"n": 10000})"}).status, Status::ok);
  EXPECT_EQ(ask(rows, {.params = R"({"n": 10001})"}).status, Status::too_large);
  const auto bytes = config(section(numbers + "SELECT hex(zeroblob(5000)) AS id FROM n", "orders/v1"));
  EXPECT_EQ(ask(bytes, {.params = R"({"n": 100})"}).status, Status::ok);
  EXPECT_EQ(ask(bytes, {.params = R"({"n": 200})"}).status, Status::too_large);
}

TEST_F(SqliteTest, SaysWhatIsWrongAndNeverTheValue) {
  make_shop();
  const auto answer =
      ask(config(section("SELECT json_extract(:params.j, '$.a') AS customer_id")), {.params = R"({"j": "secret{"})"});
  EXPECT_EQ(answer.status, Status::upstream_failed);
  EXPECT_THAT(answer.message, AllOf(HasSubstr("section contact"), Not(HasSubstr("secret"))));
}

TEST_F(SqliteTest, RefusesTextThatIsNotUtf8) {
  make_shop();
  EXPECT_EQ(ask(config(section("SELECT CAST(x'ff' AS TEXT) AS customer_id")), {}).status, Status::upstream_malformed);
}

TEST_F(SqliteTest, AnswersManyAtOnce) {
  make_shop();
  testkit::Running running(host, testkit::connector<Connector>(), config(section(kByEmail), R"("pool": {"max": 4}, )"));
  std::vector<testkit::Asked> asked;
  asked.reserve(16);
  for (int i = 0; i < 16; ++i) asked.push_back(running.lookup_in_background(kAda));
  for (auto& each : asked) EXPECT_EQ(each.wait().status, Status::ok);
}

TEST_F(SqliteTest, StopsWhileAQueryRuns) {
  make_shop();
  testkit::Running running(host, testkit::connector<Connector>(),
                           config(section(kEndless), R"("statement_timeout_ms": 60000, )"));
  auto asked = running.lookup_in_background({.deadline = std::chrono::seconds(60)});
  EXPECT_FALSE(asked.wait_for(std::chrono::milliseconds(30)));
  running.stop();
  EXPECT_EQ(asked.wait().status, Status::cancelled);
  EXPECT_EQ(running.lookup(kAda).wait().status, Status::cancelled);
}

} // namespace
} // namespace plugboard::sql
