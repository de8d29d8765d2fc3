// A PostgreSQL server behind TLS, reached by its granted name and nothing else.
#include "tests/integration/hub_test.hpp"

#include "tests/support/postgres/postgres.hpp"
#include "tests/unit/http/certificates.hpp"

#include <filesystem>

namespace plugboard::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class DatabaseTest : public HubTest, public testing::WithParamInterface<const char*> { // how the plugin is run
 protected:
  void SetUp() override {
    ASSERT_TRUE(Postgres::installed()) << "PostgreSQL's server is not there; .ci/install tests installs it";
  }

  static std::string ledger(const std::string& host, int port, const std::string& egress) {
    return R"({"plugin": "sql", "isolation": ")" + std::string(GetParam()) +
           R"(", "config": {"database": {"postgres": {"host": ")" + host + R"(", "port": )" + std::to_string(port) +
           R"(, "dbname": "postgres", "user": "postgres", "password": {"env": "LEDGER_PASSWORD"}, "sslmode": "verify-full",
             "root_certificate": "tls/ca.pem"}}, "sections": {"invoices": {"shape": "record/v1", "needs": [["customer_id"]],
             "query": "SELECT count(*) AS invoices, :customer_id::text AS customer FROM invoice WHERE customer::text = :customer_id"}}},
             "grants": {"files": ["ro:tls/"], "egress": [)" +
           egress + "]}}";
  }

  // A hub with the folder tls/, in which the authority of the server's certificate stands.
  HubProcess& prepare_with(const std::string& connector) {
    HubConfig config;
    config.environment["LEDGER_PASSWORD"] = Postgres::kPassword;
    config.add("ledger", connector);
    auto& hub = prepare(config);
    hub.keep_secret(Postgres::kPassword);
    // Where a worker has no root of its own, its user must find the way there.
    std::filesystem::permissions(hub.folder().path(), std::filesystem::perms(0711));
    std::filesystem::create_directory(hub.folder() / "tls");
    hub.folder().write("tls/ca.pem", http::pem(authority));
    return hub;
  }

  static void use_certificate(Postgres& server, const std::string& names, const http::Certificate& by) {
    const auto certificate = http::make_certificate(names, &by);
    server.stop();
    server.use_tls(http::pem(certificate), http::key_pem(certificate));
    server.start();
  }

  const http::Certificate authority = http::make_authority();
};

INSTANTIATE_TEST_SUITE_P(Isolations, DatabaseTest, testing::Values("in_process", "worker"),
                         [](const auto& one) { return std::string(one.param); });

constexpr const char* kInvoices =
    "CREATE TABLE invoice (customer int); INSERT INTO invoice VALUES (1001), (1001), (7);";

TEST_P(DatabaseTest, AnswersThroughTlsThatNamesTheServer) {
  Postgres server;
  server.run(kInvoices);
  use_certificate(server, "DNS:localhost", authority);
  const auto grant = "\"tcp:localhost:" + std::to_string(server.port()) + '"';
  auto& hub = prepare_with(ledger("localhost", server.port(), grant));
  ASSERT_TRUE(hub.start()) << hub.raw_log();
  const auto context = hub.context(hub.session({.customer_id = "1001"}), R"(, "deadline_ms": 15000)");
  EXPECT_EQ(context.dump("/sections/ledger.invoices/data"), R"({"invoices":2,"customer":"1001"})") << context.dump();
  EXPECT_EQ(server
                .run("SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) "
                     "WHERE application_name = 'plugboard'")
                .at(0)
                .at(0),
            "t");
}

TEST_P(DatabaseTest, TrustsNoServerOfAnotherName) {
  Postgres server;
  server.run(kInvoices);
  use_certificate(server, "DNS:elsewhere.example", authority);
  const auto grant = "\"tcp:localhost:" + std::to_string(server.port()) + '"';
  auto& hub = prepare_with(ledger("localhost", server.port(), grant));
  ASSERT_TRUE(hub.start()) << hub.raw_log();
  const auto context = hub.context(hub.session({.customer_id = "1001"}), R"(, "deadline_ms": 15000)");
  EXPECT_EQ(reason_of(context, "ledger.invoices"), "unreachable") << context.dump();
  EXPECT_THAT(hub.raw_log(), HasSubstr("elsewhere.example"));
}

TEST_P(DatabaseTest, StartsNotWithoutItsGrantAndSaysWhichToWrite) {
  Postgres server;
  const auto port = std::to_string(server.port());
  auto& hub = prepare_with(ledger("localhost", server.port(), "\"tcp:127.0.0.1:" + port + '"'));
  EXPECT_FALSE(hub.start());
  EXPECT_THAT(hub.raw_log(), AllOf(HasSubstr("ledger"), HasSubstr("/database/postgres/host"),
                                   HasSubstr(R"(\"grants\": {\"egress\": [\"tcp:localhost:)" + port + R"(\"]})")));
}

} // namespace
} // namespace plugboard::test
