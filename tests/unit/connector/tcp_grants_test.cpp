#include "core/connector/tcp_grants.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

TcpGrants granted(const std::vector<std::string>& grants) {
  return TcpGrants(Egress::make(grants).value());
}

TEST(TcpGrantsTest, FindsWhichGrantIsMeant) {
  const auto grants = granted({"https:api.example", "tcp:DB.example:5432", "tcp:[::1]:5433", "tcp:db.example:5432",
                               "tcp:10.0.0.5:5432", "http:db.example:80"});
  ASSERT_EQ(grants.servers().size(), 3U) << "each once, and no other kind";
  EXPECT_EQ(grants.find("db.example", 5432), 0U);
  EXPECT_EQ(grants.find("Db.Example", 5432), 0U);
  EXPECT_EQ(grants.find("::1", 5433), 1U);
  EXPECT_EQ(grants.find("[::1]", 5433), 1U);
  EXPECT_EQ(grants.find("10.0.0.5", 5432), 2U);
}

TEST(TcpGrantsTest, FindsNothingElse) {
  const auto grants = granted({"tcp:db.example:5432", "http:web.example:80"});
  EXPECT_FALSE(grants.find("db.example", 5433));
  EXPECT_FALSE(grants.find("db.example.evil.example", 5432));
  EXPECT_FALSE(grants.find("web.example", 80)) << "granted to HTTP alone";
  EXPECT_FALSE(grants.find("db.example", 0));
  EXPECT_FALSE(grants.find("", 5432));
  for (const char* host : {"db.example:5432", "db.example/", "x@db.example", "db.example#", "db .example"})
    EXPECT_FALSE(grants.find(host, 5432)) << host;
}

TEST(TcpGrantsTest, WritesAServerAsItsGrantIsWritten) {
  const auto grants = granted({"tcp:db.example:5432", "tcp:[::1]:5433"});
  EXPECT_EQ(name_of(grants.servers()[0]), "tcp:db.example:5432");
  EXPECT_EQ(name_of(grants.servers()[1]), "tcp:[::1]:5433");
}

} // namespace
} // namespace plugboard::connector
