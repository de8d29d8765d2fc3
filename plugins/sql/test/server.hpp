// What the tests of a PostgreSQL connector share: a server with a small shop in it, and a connector's configuration.
#pragma once

#include "plugins/sql/connector.hpp"
#include "tests/support/postgres/postgres.hpp"

#include <plugboard/testkit.hpp>

#include <gmock/gmock.h>

#include <optional>

namespace plugboard::sql {

class WithServer : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(test::Postgres::installed()) << "PostgreSQL's server is not there; .ci/install tests installs it";
    server.emplace();
    server->run("CREATE ROLE shop LOGIN PASSWORD 'hunter2'");
    server->run("CREATE TABLE customer(id int PRIMARY KEY, name text, email text, since timestamp, vip bool, rep int);"
                "INSERT INTO customer VALUES (1, 'Ada', 'ada@x', '2009-07-01 00:00', true, 5), (2, 'Bob', 'bob@x', "
                "NULL, false, NULL),"
                "(3, 'Bob II', 'bob@x', NULL, false, 5);"
                "CREATE TABLE purchase(id text, customer int, total numeric(10,2), placed timestamptz);"
                "INSERT INTO purchase VALUES ('a', 1, 1.98, '2009-01-01 00:00:00+01'), ('b', 1, 5, NULL);"
                "GRANT SELECT ON customer, purchase TO shop; CREATE TABLE hidden(id text)");
    host.secret("password", "hunter2");
    host.tcp().grant("127.0.0.1", static_cast<std::uint16_t>(server->port()));
  }

  // Section `contact` is the one to be asked.
  std::string config(const std::string& sections, const std::string& more = "",
                     const std::string& database = "") const {
    return R"({"database": {"postgres": {"host": "127.0.0.1", "port": )" + std::to_string(server->port()) +
           R"(, "dbname": "postgres", "user": "shop", "password": {"secret": "password"})" + database + "}}, " + more +
           R"("sections": )" + sections + "}";
  }

  static std::string section(const std::string& query, const std::string& shape = "contact/v1",
                             const std::string& more = "") {
    return R"({"contact": {"shape": ")" + shape + R"(", "needs": [["email", "customer_id"]], )" + more +
           R"("query": ")" + query + "\"}}";
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

  // Connections of the connector to the server, and what they do.
  std::string activity(const std::string& what) const {
    return server->run("SELECT " + what + " FROM pg_stat_activity WHERE application_name = 'plugboard'").at(0).at(0);
  }

  bool eventually(const std::function<bool()>& holds) const {
    for (const auto end = Clock::now() + std::chrono::seconds(10); Clock::now() < end;) {
      if (holds()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  std::optional<test::Postgres> server;
  testkit::FakeHost host;
  const testkit::Question ada{.identifiers = {{"email", "ada@x"}}};
  const std::string by_email = section("SELECT id::text AS customer_id, name, vip FROM customer WHERE email = :email");
};

} // namespace plugboard::sql
