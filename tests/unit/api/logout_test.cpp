#include "core/api/logout_form.hpp"
#include "core/api/source_limit.hpp"

#include <gtest/gtest.h>

namespace plugboard::api {
namespace {

TEST(LogoutFormTest, HoldsOneToken) {
  for (const char* body : {"logout_token=a.b-c._d", "x=1&logout_token=a.b-c._d", "logout_token=a.b-c._d&x=%zz&",
                           "&&logout_token=a.b-c._d"}) {
    const auto token = logout_token_in(body);
    ASSERT_TRUE(token) << body;
    EXPECT_EQ(*token, "a.b-c._d");
  }
}

TEST(LogoutFormTest, AnythingElseIsRefused) {
  for (const char* body : {"", "logout_token", "logout_token=", "logout_token=a&logout_token=a", "Logout_token=a",
                           "logout_token=a%2eb", "logout_token=a+b", "logout_token=a b", "logout_token=\"a\"",
                           "xlogout_token=a", "logout_token=a=", R"({"logout_token":"a"})"})
    EXPECT_FALSE(logout_token_in(body)) << body;
}

TEST(SourceLimitTest, AStrangerWearsOutHimselfAlone) {
  SourceLimit limit({.per_second = 2, .burst = 3, .sources = 100});
  const Instant start{};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.admits("10.0.0.1", start));
  EXPECT_FALSE(limit.admits("10.0.0.1", start));
  EXPECT_TRUE(limit.admits("10.0.0.2", start));
  EXPECT_FALSE(limit.admits("10.0.0.1", start + std::chrono::milliseconds(499)));
  const Instant later = start + std::chrono::milliseconds(1100);
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(limit.admits("10.0.0.1", later));
  EXPECT_FALSE(limit.admits("10.0.0.1", later));
}

TEST(SourceLimitTest, RemembersSoManyAddresses) {
  SourceLimit limit({.per_second = 1, .burst = 1, .sources = 2});
  const Instant start{};
  EXPECT_TRUE(limit.admits("a", start));
  EXPECT_TRUE(limit.admits("b", start));
  EXPECT_FALSE(limit.admits("c", start)) << "rather than forget one that has to wait";
  EXPECT_TRUE(limit.admits("c", start + std::chrono::seconds(1)));
}

} // namespace
} // namespace plugboard::api
