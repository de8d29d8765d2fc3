// A shop's real data: the Chinook database, as a SQLite file and as a PostgreSQL script. What the connector answers is
// compared with what the databases themselves say.
#include "plugins/sql/test/server.hpp"

#include <rapidjson/document.h>
#include <sqlite3.h>

#include <filesystem>

namespace plugboard::sql {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = CHINOOK_FOLDER;
const std::string kEmail = "leonekohler@surfeu.de";

class ChinookTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(kFolder / "Chinook_Sqlite.sqlite")) GTEST_SKIP() << "the Chinook data is not in " << kFolder;
    host.files().grant_folder("data/", kFolder.string() + "/");
  }

  static std::vector<std::string> row(const std::string& sql) {
    sqlite3* database = nullptr;
    sqlite3_stmt* statement = nullptr;
    std::vector<std::string> values;
    sqlite3_open_v2((kFolder / "Chinook_Sqlite.sqlite").c_str(), &database, SQLITE_OPEN_READONLY, nullptr);
    sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr);
    if (sqlite3_step(statement) == SQLITE_ROW)
      for (int i = 0; i < sqlite3_column_count(statement); ++i)
        values.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, i)));
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return values;
  }

  testkit::FakeHost host;
};

TEST_F(ChinookTest, FindsTheCustomerInSqlite) {
  testkit::Running crm(host, testkit::connector<Connector>(), R"({"database": {"sqlite": "data/Chinook_Sqlite.sqlite"},
    "sections": {"contact": {"shape": "contact/v1", "needs": [["email"]], "yields": {"crm.rep": {"column": "rep"}},
      "query": "SELECT CAST(CustomerId AS TEXT) AS customer_id, FirstName AS given_name, LastName AS family_name, Company AS company, Email AS \"emails.0.address\", Phone AS \"phones.0.number\", Address AS \"address.lines.0\", City AS \"address.city\", State AS \"address.region\", PostalCode AS \"address.postal_code\", Country AS \"address.country_name\", SupportRepId AS rep FROM Customer WHERE Email = :email COLLATE NOCASE"}}})");
  const auto answer = crm.lookup({.identifiers = {{"email", "LeoneKohler@surfeu.de"}}}).wait();
  ASSERT_EQ(answer.status, Status::ok) << answer.message;
  const auto said =
      row("SELECT CustomerId, FirstName, LastName, Email, Phone, Address, City, PostalCode, Country, SupportRepId "
          "FROM Customer WHERE Email = '" +
          kEmail + "'");
  ASSERT_EQ(said.size(), 10U);
  EXPECT_EQ(answer.data, R"({"customer_id":")" + said[0] + R"(","given_name":")" + said[1] + R"(","family_name":")" +
                             said[2] + R"(","emails":[{"address":")" + said[3] + R"("}],"phones":[{"number":")" +
                             said[4] + R"("}],"address":{"lines":[")" + said[5] + R"("],"city":")" + said[6] +
                             R"(","postal_code":")" + said[7] + R"(","country_name":")" + said[8] + R"("}})");
  ASSERT_EQ(answer.identifiers.size(), 1U);
  EXPECT_EQ(answer.identifiers[0].value, said[9]);
}

TEST_F(ChinookTest, FindsTheInvoicesInPostgres) {
  ASSERT_TRUE(test::Postgres::installed()) << "PostgreSQL's server is not there; .ci/install tests installs it";
  test::Postgres server;
  server.load(kFolder / "Chinook_PostgreSql.sql");
  host.secret("password", test::Postgres::kPassword);
  host.tcp().grant("127.0.0.1", static_cast<std::uint16_t>(server.port()));
  testkit::Running ledger(
      host, testkit::connector<Connector>(),
      R"({"database": {"postgres": {"host": "127.0.0.1", "port": )" + std::to_string(server.port()) +
          R"(, "dbname": "chinook", "user": "postgres", "password": {"secret": "password"}}}, "time_zone": "UTC",
    "sections": {"invoices": {"shape": "orders/v1", "needs": [["customer_id"]], "echo": {"/customer_id": "customer_id"},
      "query": "SELECT invoice_id::text AS id, invoice_date AS placed_at, total * 100 AS \"total.amount_minor\", 'USD' AS \"total.currency\", customer_id::text AS \"/customer_id\" FROM invoice WHERE customer_id = :customer_id ORDER BY invoice_date DESC"}}})");
  const auto answer = ledger.lookup({.section = "invoices", .identifiers = {{"customer_id", "2"}}}).wait();
  ASSERT_EQ(answer.status, Status::ok) << answer.message;
  const auto said =
      server.run("SELECT invoice_id, to_char(invoice_date, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), (total * 100)::bigint "
                 "FROM invoice WHERE customer_id = 2 ORDER BY invoice_date DESC",
                 "chinook");
  ASSERT_EQ(said.size(), 7U);
  rapidjson::Document data;
  data.Parse(answer.data.c_str());
  ASSERT_FALSE(data.HasParseError());
  EXPECT_STREQ(data["customer_id"].GetString(), "2");
  ASSERT_EQ(data["orders"].Size(), said.size());
  for (rapidjson::SizeType i = 0; i < said.size(); ++i) {
    const auto& order = data["orders"][i];
    EXPECT_EQ(order["id"].GetString(), said[i][0]);
    EXPECT_EQ(order["placed_at"].GetString(), said[i][1]);
    EXPECT_EQ(std::to_string(order["total"]["amount_minor"].GetInt64()), said[i][2]);
    EXPECT_STREQ(order["total"]["currency"].GetString(), "USD");
  }
}

} // namespace
} // namespace plugboard::sql
