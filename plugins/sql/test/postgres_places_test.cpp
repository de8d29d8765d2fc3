// How the connector comes to its server: only by what the hub grants, where the hub says, and with TLS to the end.
#include "plugins/sql/test/server.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/http/certificates.hpp"

namespace plugboard::sql {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class PostgresPlacesTest : public WithServer {
 protected:
  std::uint16_t port() const { return static_cast<std::uint16_t>(server->port()); }

  std::string at(const std::string& hosts, std::uint16_t at_port, const std::string& more = "") const {
    return R"({"database": {"postgres": {"host": ")" + hosts + R"(", "port": )" + std::to_string(at_port) +
           R"(, "dbname": "postgres", "user": "shop", "password": {"secret": "password"})" + more +
           R"(}}, "sections": )" + by_email + "}";
  }
};

TEST_F(PostgresPlacesTest, SaysWhichGrantIsMissing) {
  for (const char* hosts : {"db.example", "127.0.0.1,db.example", "db.example,127.0.0.1"})
    EXPECT_THAT(refused(at(hosts, port())),
                AllOf(HasSubstr("/database/postgres/host"),
                      HasSubstr(R"("grants": {"egress": ["tcp:db.example:)" + std::to_string(port()) + "\"]}")))
        << hosts;
  EXPECT_THAT(refused(at("127.0.0.1", 1)), HasSubstr(R"(["tcp:127.0.0.1:1"])"));
  host.without(PLUGBOARD_HOST_TCP_V1);
  EXPECT_THAT(refused(at("127.0.0.1", port())), HasSubstr("/database/postgres/host"));
}

TEST_F(PostgresPlacesTest, ConnectsWhereTheHubSaysAndNowhereElse) {
  host.tcp().grant("db.example", 5432, {{"127.0.0.1", port()}}); // the name itself is nobody's
  EXPECT_EQ(ask(at("db.example", 5432, R"(, "sslmode": "disable")"), ada).status, Status::ok);
}

TEST_F(PostgresPlacesTest, TriesOnePlaceAfterTheOther) {
  const auto nobody = static_cast<std::uint16_t>(test::free_port());
  host.tcp().grant("db.example", 5432, {{"127.0.0.1", nobody}, {"127.0.0.1", port()}});
  host.tcp().grant("away.example", 5432, {});
  host.tcp().grant("down.example", 5432, {{"127.0.0.1", nobody}});
  for (const char* hosts : {"db.example", "away.example,db.example", "down.example,db.example"})
    EXPECT_EQ(ask(at(hosts, 5432, R"(, "sslmode": "disable")"), ada).status, Status::ok) << hosts;
}

TEST_F(PostgresPlacesTest, IsUnreachableWhileItsNameLeadsNowhereAndAsksAgain) {
  host.tcp().grant("db.example", 5432, {});
  testkit::Running running(host, testkit::connector<Connector>(), at("db.example", 5432, R"(, "sslmode": "disable")"));
  EXPECT_TRUE(host.logged("not there yet"));
  EXPECT_EQ(running.lookup(ada).wait().status, Status::unreachable);
  host.tcp().grant("db.example", 5432, {{"127.0.0.1", port()}});
  EXPECT_TRUE(eventually([&] { return running.lookup(ada).wait().status == Status::ok; }));
}

TEST_F(PostgresPlacesTest, VerifiesTheServersNameWhereverItsAddressIs) {
  const auto authority = http::make_authority();
  const auto certificate = http::make_certificate("DNS:db.example", &authority);
  server->stop();
  server->use_tls(http::pem(certificate), http::key_pem(certificate));
  server->start();
  test::TempFolder folder;
  folder.write("ca.pem", http::pem(authority));
  folder.write("other.pem", http::pem(http::make_authority()));
  host.files().grant_folder("tls/", folder.path() + "/");
  for (const char* name : {"db.example", "impostor.example"}) host.tcp().grant(name, 5432, {{"127.0.0.1", port()}});

  const std::string trusted = R"(, "root_certificate": "tls/ca.pem")";
  {
    testkit::Running running(host, testkit::connector<Connector>(), at("db.example", 5432, trusted));
    EXPECT_EQ(running.lookup(ada).wait().status, Status::ok);
    EXPECT_EQ(server
                  ->run("SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) "
                        "WHERE application_name = 'plugboard'")
                  .at(0)
                  .at(0),
              "t");
  }
  const auto impostor = ask(at("impostor.example", 5432, trusted), ada);
  EXPECT_EQ(impostor.status, Status::unreachable);
  EXPECT_THAT(impostor.message, AllOf(HasSubstr("impostor.example"), HasSubstr("db.example")));
  const auto distrusted = ask(at("db.example", 5432, R"(, "root_certificate": "tls/other.pem")"), ada);
  EXPECT_EQ(distrusted.status, Status::unreachable);
  EXPECT_THAT(distrusted.message, HasSubstr("SSL error"));
  const auto nobody = ask(at("db.example", 5432, R"(, "root_certificate": "tls/none.pem")"), ada);
  EXPECT_THAT(nobody.message, AllOf(HasSubstr("root_certificate"), HasSubstr("none.pem"), Not(HasSubstr("sslmode"))));
}

} // namespace
} // namespace plugboard::sql
