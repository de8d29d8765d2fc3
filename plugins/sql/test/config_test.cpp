#include "plugins/sql/config.hpp"

#include <plugboard/shapes.hpp>

#include <gmock/gmock.h>

#include <stdexcept>

namespace plugboard::sql {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

Config read(const std::string& json) {
  Shapes known;
  for (const auto& shape : shapes()) known.emplace(shape.name, std::make_shared<const Shape>(shape.json));
  return read_config(json, known);
}

std::string faults(const std::string& json) {
  try {
    static_cast<void>(read(json));
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "";
}

std::string with_section(const std::string& members) {
  return R"({"database": {"sqlite": "data/a.db"}, "sections": {"contact": {"shape": "contact/v1", )" + members + "}}}";
}

std::string with_postgres(const std::string& members) {
  return R"({"database": {"postgres": {"dbname": "d", "user": "u", )" + members +
         R"(}}, "sections": {"contact": {"shape": "contact/v1", "query": "SELECT 1 AS customer_id"}}})";
}

TlsMode sslmode(const std::string& members) {
  return std::get<PostgresServer>(read(with_postgres(members)).database).sslmode;
}

TEST(ConfigTest, ReadsASection) {
  const auto config = read(R"({"database": {"sqlite": "data/a.db"}, "time_zone": "Europe/Stockholm",
    "statement_timeout_ms": 250, "pool": {"max": 3},
    "sections": {"contact": {"shape": "contact/v1", "needs": [["email", {"type": "phone", "verified": true}]],
      "yields": {"crm.rep": {"column": "rep_id", "verified": true}}, "echo": {"/customer_id": "customer_id"},
      "query": "SELECT :email, :phone, :params.x, :tenant, :language"}}})");
  EXPECT_EQ(std::get<SqliteFile>(config.database).path, "data/a.db");
  EXPECT_EQ(config.statement_timeout, std::chrono::milliseconds(250));
  EXPECT_EQ(config.pool_max, 3U);
  EXPECT_TRUE(config.time_zone.named());
  const auto* contact = config.section("contact");
  ASSERT_NE(contact, nullptr);
  EXPECT_THAT(contact->query.parameters, ElementsAre("email", "phone", "params.x", "tenant", "language"));
  EXPECT_EQ(contact->yields.at(0).column, "rep_id");
  EXPECT_TRUE(contact->yields.at(0).verified);
  EXPECT_EQ(contact->echo.at(0).path, Path{"customer_id"});
  EXPECT_EQ(config.section("orders"), nullptr);
}

TEST(ConfigTest, ReadsAServer) {
  const auto config = read(
      with_postgres(R"("host": "db.example", "port": 6432, "password": {"secret": "h1"}, "connect_timeout_ms": 500)"));
  const auto& server = std::get<PostgresServer>(config.database);
  EXPECT_THAT(server.hosts, ElementsAre("db.example"));
  EXPECT_EQ(server.port, 6432);
  EXPECT_EQ(server.password, "h1");
  EXPECT_EQ(server.connect_timeout, std::chrono::milliseconds(500));
}

TEST(ConfigTest, ReadsSeveralHosts) {
  const auto config = read(with_postgres(R"("host": "a.example,10.0.0.2,::1")"));
  EXPECT_THAT(std::get<PostgresServer>(config.database).hosts, ElementsAre("a.example", "10.0.0.2", "::1"));
  EXPECT_THAT(faults(with_postgres(R"("host": "a.example,,b.example")")),
              HasSubstr("/database/postgres/host: names no host"));
}

TEST(ConfigTest, RefusesAUnixSocketAndSaysWhatToWriteInstead) {
  for (const char* host : {"/run/postgresql", "@postgres", "db.example,/run/postgresql"})
    EXPECT_THAT(faults(with_postgres(R"("host": ")" + std::string(host) + '"')),
                AllOf(HasSubstr("/database/postgres/host: "), HasSubstr("Unix socket"),
                      HasSubstr(R"("grants": {"egress": ["tcp:127.0.0.1:5432"]})")))
        << host;
}

TEST(ConfigTest, ProtectsAConnectionThatLeavesTheMachine) {
  EXPECT_EQ(sslmode(R"("host": "db.example")"), TlsMode::verify_full);
  EXPECT_EQ(sslmode(R"("host": "10.0.0.1")"), TlsMode::verify_full);
  EXPECT_EQ(sslmode(R"("host": "127.0.0.1")"), TlsMode::prefer);
  EXPECT_EQ(sslmode(R"("host": "127.0.0.1,db.example")"), TlsMode::verify_full);
  EXPECT_EQ(sslmode(R"("host": "db.example", "sslmode": "disable")"), TlsMode::disable);
  EXPECT_EQ(sslmode(R"("host": "127.0.0.1", "sslmode": "verify-ca")"), TlsMode::verify_ca);
}

TEST(ConfigTest, FillsInWhatIsUsual) {
  const auto config = read(with_section(R"("query": "SELECT 1 AS customer_id")"));
  EXPECT_EQ(config.statement_timeout, std::chrono::seconds(5));
  EXPECT_EQ(config.pool_max, 8U);
  EXPECT_EQ(config.sections[0].empty, WhenEmpty::not_found);
}

TEST(ConfigTest, TakesTheShortNameOfItsOwnIdentifiers) {
  EXPECT_EQ(faults(with_section(R"("needs": [[".rep"]], "query": "SELECT :crm.rep AS customer_id")")), "");
}

TEST(ConfigTest, NamesEveryFaultByItsPlace) {
  const auto said = faults(R"({"database": {}, "statement_timeout_ms": 0, "pool": {"max": "many"}, "sections": {
    "contact": {"shape": "contat/v1", "query": "SELECT 'x", "empty": "maybe", "echo": {"customer_id": "customer_id"},
                "yields": {"crm.rep": {"columm": "x"}}},
    "orders": {"query": "DELETE FROM t"}}})");
  EXPECT_THAT(said, AllOf(HasSubstr("/database: say either"),
                          HasSubstr("/statement_timeout_ms: must be a whole number"), HasSubstr("/pool/max: must be"),
                          HasSubstr("/sections/contact/shape: there is no shape \"contat/v1\""),
                          HasSubstr("contact/v1, orders/v1"), HasSubstr("/sections/contact/query: line 1, column 8"),
                          HasSubstr("/sections/contact/empty: must be")));
  EXPECT_THAT(said, AllOf(HasSubstr("/sections/contact/echo/customer_id: must be a JSON Pointer"),
                          HasSubstr("/sections/contact/yields/crm.rep/column: is missing"),
                          HasSubstr("/sections/orders/shape: is missing"),
                          HasSubstr("/sections/orders/query: must be one statement that reads")));
}

TEST(ConfigTest, RefusesAParameterThatNobodyWouldFill) {
  EXPECT_THAT(faults(with_section(R"("needs": [["email"]], "query": "SELECT :phone AS customer_id")")),
              HasSubstr("/sections/contact/query: :phone is not among the section's needs"));
}

TEST(ConfigTest, RefusesAPasswordInPlainText) {
  EXPECT_THAT(faults(with_postgres(R"("host": "h", "password": "hunter2")")),
              AllOf(HasSubstr("/database/postgres/password: must be a reference"), testing::Not(HasSubstr("hunter2"))));
}

TEST(ConfigTest, RefusesATimeZoneThatIsNone) {
  EXPECT_THAT(
      faults(R"({"database": {"sqlite": "a"}, "time_zone": "Mars/Olympus", "sections": {"c": {"shape": "contact/v1",
    "query": "SELECT 1 AS customer_id"}}})"),
      HasSubstr("Mars/Olympus"));
}

TEST(ConfigTest, RefusesWhatIsNoConfiguration) {
  EXPECT_THAT(faults("x"), HasSubstr("no JSON"));
  EXPECT_THAT(faults("[]"), HasSubstr("/database"));
  EXPECT_THAT(faults(R"({"database": {"sqlite": "a"}, "sections": []})"), HasSubstr("/sections: must be an object"));
}

} // namespace
} // namespace plugboard::sql
