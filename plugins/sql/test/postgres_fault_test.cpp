// The connector on a PostgreSQL server that is away, dies, hangs or refuses.
#include "plugins/sql/test/server.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

namespace plugboard::sql {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSleep = "SELECT pg_sleep(30)::text AS customer_id";

class PostgresFaultTest : public WithServer {
 protected:
  bool asleep() const {
    return activity("count(*) FILTER (WHERE state = 'active' AND query LIKE '%pg_sleep%')") == "1";
  }

  bool nobody_asleep() const { return activity("count(*) FILTER (WHERE state = 'active')") == "0"; }
};

TEST_F(PostgresFaultTest, StartsWithoutTheServerAndFindsItLater) {
  server->stop();
  testkit::Running running(host, testkit::connector<Connector>(), config(by_email));
  EXPECT_TRUE(host.logged("not there yet"));
  const auto answer = running.lookup(ada).wait();
  EXPECT_EQ(answer.status, Status::unreachable);
  EXPECT_THAT(answer.message, HasSubstr("section contact"));
  server->start();
  EXPECT_TRUE(eventually([&] { return running.lookup(ada).wait().status == Status::ok; }));
}

TEST_F(PostgresFaultTest, IsNotHeldUpByAServerThatIsAway) {
  server->stop();
  testkit::Running running(host, testkit::connector<Connector>(), config(by_email));
  const auto begin = Clock::now();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(running.lookup(ada).wait().status, Status::unreachable);
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(5));
}

TEST_F(PostgresFaultTest, NoticesThatTheServerWasRestarted) {
  testkit::Running running(host, testkit::connector<Connector>(), config(by_email));
  EXPECT_EQ(running.lookup(ada).wait().status, Status::ok);
  server->stop();
  server->start();
  EXPECT_EQ(running.lookup(ada).wait().status, Status::ok); // at once: the idle connection was known to be dead
}

TEST_F(PostgresFaultTest, SaysSoWhenTheServerDiesInTheMidstOfAQuery) {
  testkit::Running running(host, testkit::connector<Connector>(),
                           config(section(kSleep), R"("statement_timeout_ms": 60000, )"));
  auto asked = running.lookup_in_background({.deadline = std::chrono::seconds(60)});
  ASSERT_TRUE(eventually([&] { return asleep(); }));
  server->stop_now();
  EXPECT_EQ(asked.wait().status, Status::unreachable);
  server->start();
  EXPECT_TRUE(eventually(
      [&] { return running.lookup({.deadline = std::chrono::milliseconds(300)}).wait().status == Status::timeout; }));
}

TEST_F(PostgresFaultTest, SaysSoWhenItsConnectionIsEnded) {
  testkit::Running running(host, testkit::connector<Connector>(),
                           config(section(kSleep), R"("statement_timeout_ms": 60000, )"));
  auto asked = running.lookup_in_background({.deadline = std::chrono::seconds(60)});
  ASSERT_TRUE(eventually([&] { return asleep(); }));
  activity("pg_terminate_backend(pid)");
  EXPECT_EQ(asked.wait().status, Status::unreachable);
}

TEST_F(PostgresFaultTest, LetsTheServerKeepTheStatementTimeout) {
  testkit::Running running(host, testkit::connector<Connector>(),
                           config(section(kSleep), R"("statement_timeout_ms": 100, "pool": {"max": 1}, )"));
  const auto answer = running.lookup({}).wait();
  EXPECT_EQ(answer.status, Status::timeout);
  EXPECT_THAT(answer.message, HasSubstr("57014"));
  const auto process = activity("pid");
  EXPECT_EQ(running.lookup({}).wait().status, Status::timeout);
  EXPECT_EQ(activity("pid"), process); // the same connection: it was drained
}

TEST_F(PostgresFaultTest, CancelsOnTheServerWhatTheDeadlineEnded) {
  testkit::Running running(host, testkit::connector<Connector>(),
                           config(section(kSleep), R"("statement_timeout_ms": 60000, )"));
  const auto begin = Clock::now();
  EXPECT_EQ(running.lookup({.deadline = std::chrono::milliseconds(300)}).wait().status, Status::timeout);
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(3));
  EXPECT_TRUE(eventually([&] { return nobody_asleep(); }));
}

TEST_F(PostgresFaultTest, CancelsOnTheServerWhatNobodyAwaits) {
  testkit::Running running(host, testkit::connector<Connector>(),
                           config(section(kSleep), R"("statement_timeout_ms": 60000, )"));
  auto asked = running.lookup_in_background({.deadline = std::chrono::seconds(60)});
  ASSERT_TRUE(eventually([&] { return asleep(); }));
  asked.cancel();
  EXPECT_EQ(asked.wait().status, Status::cancelled);
  EXPECT_TRUE(eventually([&] { return nobody_asleep(); }));
}

TEST_F(PostgresFaultTest, NeverAsksAgainOnAConnectionThatWasGivenUp) {
  const std::string sections =
      R"({"slow": {"shape": "record/v1", "query": "SELECT pg_sleep(0.2)::text AS a, 'slow' AS b"},
    "fast": {"shape": "record/v1", "query": "SELECT 'fast' AS b"}})";
  testkit::Running running(host, testkit::connector<Connector>(), config(sections, R"("pool": {"max": 1}, )"));
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(running.lookup({.section = "slow", .deadline = std::chrono::milliseconds(15 + i)}).wait().status,
              Status::timeout);
    EXPECT_EQ(running.lookup({.section = "fast"}).wait().data, R"({"b":"fast"})");
  }
}

TEST_F(PostgresFaultTest, SaysBusyWhenEveryConnectionIsInUse) {
  testkit::Running running(host, testkit::connector<Connector>(),
                           config(section(kSleep), R"("statement_timeout_ms": 60000, "pool": {"max": 1}, )"));
  auto first = running.lookup_in_background({.deadline = std::chrono::seconds(60)});
  ASSERT_TRUE(eventually([&] { return asleep(); }));
  const auto second = running.lookup({.deadline = std::chrono::milliseconds(50)}).wait();
  EXPECT_EQ(second.status, Status::busy);
  EXPECT_THAT(second.message, HasSubstr("pool.max"));
  first.cancel();
  EXPECT_EQ(first.wait().status, Status::cancelled);
}

TEST_F(PostgresFaultTest, TellsAWrongPasswordFromAServerThatIsAway) {
  host.secret("password", "wrong");
  testkit::Running running(host, testkit::connector<Connector>(), config(by_email));
  const auto answer = running.lookup(ada).wait();
  EXPECT_EQ(answer.status, Status::upstream_unauthorized);
  EXPECT_THAT(answer.message, AllOf(HasSubstr("28P01"), Not(HasSubstr("wrong"))));
  host.secret("password", "hunter2"); // rotated: the next attempt asks anew
  EXPECT_TRUE(eventually([&] { return running.lookup(ada).wait().status == Status::ok; }));
}

TEST_F(PostgresFaultTest, SaysThatThePasswordsSecretIsMissing) {
  const auto text = R"({"database": {"postgres": {"host": "127.0.0.1", "port": )" + std::to_string(server->port()) +
                    R"(, "dbname": "postgres", "user": "shop", "password": {"secret": "nowhere"}}}, "sections": )" +
                    by_email + "}";
  EXPECT_THAT(ask(text, ada).message, HasSubstr("database.postgres.password"));
}

TEST_F(PostgresFaultTest, SaysThatTheServerHasNoTls) {
  const auto answer = ask(config(by_email, "", R"(, "sslmode": "require")"), ada);
  EXPECT_EQ(answer.status, Status::unreachable);
  EXPECT_THAT(answer.message, HasSubstr("SSL"));
}

TEST_F(PostgresFaultTest, GivesUpOnAServerThatNeverAnswers) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener, 8), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  host.tcp().grant("127.0.0.1", ntohs(address.sin_port));
  const auto text = R"({"database": {"postgres": {"host": "127.0.0.1", "port": )" +
                    std::to_string(ntohs(address.sin_port)) +
                    R"(, "dbname": "d", "user": "u", "connect_timeout_ms": 200}}, "sections": )" + by_email + "}";
  const auto begin = Clock::now();
  testkit::Running running(host, testkit::connector<Connector>(), text);
  EXPECT_THAT(running.lookup({.identifiers = ada.identifiers, .deadline = std::chrono::milliseconds(50)}).wait().status,
              AnyOf(Status::timeout, Status::unreachable));
  running.stop();
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(3));
  ::close(listener);
}

TEST_F(PostgresFaultTest, SaysThatTheServerHasNoConnectionLeft) {
  server->run("ALTER ROLE shop CONNECTION LIMIT 1");
  testkit::Running running(host, testkit::connector<Connector>(),
                           config(section("SELECT pg_sleep(0.1)::text AS customer_id")));
  std::vector<testkit::Asked> asked;
  asked.reserve(4);
  for (int i = 0; i < 4; ++i) asked.push_back(running.lookup_in_background({}));
  for (auto& each : asked) EXPECT_EQ(each.wait().status, Status::ok); // one after the other, on the one there is
}

TEST_F(PostgresFaultTest, StopsWhileAQueryRuns) {
  testkit::Running running(host, testkit::connector<Connector>(),
                           config(section(kSleep), R"("statement_timeout_ms": 60000, )"));
  auto asked = running.lookup_in_background({.deadline = std::chrono::seconds(60)});
  ASSERT_TRUE(eventually([&] { return asleep(); }));
  running.stop();
  EXPECT_EQ(asked.wait().status, Status::cancelled);
  EXPECT_EQ(running.lookup(ada).wait().status, Status::cancelled);
}

} // namespace
} // namespace plugboard::sql
