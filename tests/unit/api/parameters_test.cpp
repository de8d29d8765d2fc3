#include "core/api/parameters.hpp"

#include <gtest/gtest.h>

namespace plugboard::api {
namespace {

TEST(PathTest, MatchesItsTemplateAndNothingElse) {
  const auto found = match_path("/admin/v1/clients/{client}/rotate", "/admin/v1/clients/bot%2D2/rotate");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->at("client"), "bot-2");
  for (const auto* other :
       {"/admin/v1/clients/bot", "/admin/v1/clients//rotate", "/admin/v1/clients/a/b/rotate",
        "/admin/v1/clients/bot/rotate/", "/admin/v1/clients/bot%2/rotate", "/admin/v1/clients/bot%zz/rotate",
        "/admin/v1/clients/%00/rotate", "/admin/v1/clients/%ff/rotate", "/Admin/v1/clients/bot/rotate", "", "/"})
    EXPECT_FALSE(match_path("/admin/v1/clients/{client}/rotate", other)) << other;
  EXPECT_TRUE(match_path("/metrics", "/metrics"));
  EXPECT_FALSE(match_path("/metrics", "/%6detrics")); // one spelling of what is ours
}

TEST(QueryTest, ReadsWhatTheCallKnows) {
  const auto read = read_query("from=2026-01-01T00:00:00%2B02:00&tenant=acme", {"tenant", "from"});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->find("tenant"), "acme");
  EXPECT_EQ(read->find("from"), "2026-01-01T00:00:00+02:00");
  EXPECT_FALSE(read->find("to"));
  EXPECT_TRUE(read_query("", {}));
}

TEST(QueryTest, RefusesTheRest) {
  for (const auto* query :
       {"other=1", "tenant=a&tenant=b", "tenant=a&tenant=a", "tenant", "tenant=", "=a", "&", "tenant=a&", "tenant=%4",
        "tenant=%", "tenant=%g0", "tenant=%00", "tenant=%0a", "tenant=%ff", "Tenant=a"}) {
    const auto read = read_query(query, {"tenant"});
    ASSERT_FALSE(read) << query;
    EXPECT_EQ(read.error().code, Code::invalid_argument) << query;
  }
}

} // namespace
} // namespace plugboard::api
