#include "core/connector/egress.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

bool allows(const Egress& egress, const char* url) {
  return egress.allows(http::parse_url(url).value().origin);
}

TEST(EgressTest, AllowsWhatIsGrantedAndNothingElse) {
  const auto egress = Egress::make({"https:api.shop.example", "http:127.0.0.1:8080", "http:[::1]:81"});
  ASSERT_TRUE(egress);
  EXPECT_TRUE(allows(*egress, "https://api.shop.example/orders?x=1"));
  EXPECT_TRUE(allows(*egress, "https://API.Shop.Example:443/"));
  EXPECT_TRUE(allows(*egress, "http://127.0.0.1:8080/"));
  EXPECT_TRUE(allows(*egress, "http://[::1]:81/"));
  EXPECT_FALSE(allows(*egress, "http://api.shop.example/"));
  EXPECT_FALSE(allows(*egress, "https://api.shop.example:8443/"));
  EXPECT_FALSE(allows(*egress, "https://api.shop.example.evil.example/"));
  EXPECT_FALSE(allows(*egress, "http://127.0.0.1/"));
}

TEST(EgressTest, TcpGrantsAreNoHttpGrants) {
  const auto egress = Egress::make({"tcp:db.example:80"});
  ASSERT_TRUE(egress);
  EXPECT_FALSE(allows(*egress, "http://db.example:80/"));
}

TEST(EgressTest, RefusesAGrantThatIsNoneAndNamesIt) {
  for (const char* grant : {"api.example", "https:", "ftp:a.example", "https:a.example:0", "https:a.example:70000",
                            "https://a.example", "https:a.example/path", "https:a b", "https:user@a.example"}) {
    const auto egress = Egress::make({grant});
    ASSERT_FALSE(egress) << grant;
    EXPECT_NE(egress.error().message.find(grant), std::string::npos);
  }
}

} // namespace
} // namespace plugboard::connector
