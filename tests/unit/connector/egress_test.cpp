#include "core/connector/egress.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

const Egress::Place* find(const Egress& egress, const char* url) {
  return egress.find(http::parse_url(url).value().origin);
}

std::string objection(const Egress& egress, const char* url, const std::string& address) {
  return find(egress, url)->reach->objection(boost::asio::ip::make_address(address));
}

TEST(EgressTest, AllowsWhatIsGrantedAndNothingElse) {
  const auto egress = Egress::make({"https:api.shop.example", "http:127.0.0.1:8080", "http:[::1]:81"});
  ASSERT_TRUE(egress);
  EXPECT_TRUE(find(*egress, "https://api.shop.example/orders?x=1"));
  EXPECT_TRUE(find(*egress, "https://API.Shop.Example:443/"));
  EXPECT_TRUE(find(*egress, "http://127.0.0.1:8080/"));
  EXPECT_TRUE(find(*egress, "http://[::1]:81/"));
  EXPECT_FALSE(find(*egress, "http://api.shop.example/"));
  EXPECT_FALSE(find(*egress, "https://api.shop.example:8443/"));
  EXPECT_FALSE(find(*egress, "https://api.shop.example.evil.example/"));
  EXPECT_FALSE(find(*egress, "https://api.shop.example./"));
  EXPECT_FALSE(find(*egress, "http://127.0.0.1/"));
  EXPECT_FALSE(find(*egress, "http://[::ffff:127.0.0.1]:8080/"));
}

TEST(EgressTest, ReadsOfAPlainUrlWhatTheParserReads) {
  const auto egress =
      Egress::make({"https:api.shop.example", "http:127.0.0.1:8080", "http:[::1]:81", "tcp:db.example:5432"});
  ASSERT_TRUE(egress);
  for (const char* url : {"https://api.shop.example/orders?x=1", "https://api.shop.example:443/a//b/@c",
                          "http://127.0.0.1:8080/", "http://[::1]:81/x"}) {
    const auto parsed = http::parse_url(url).value();
    std::string_view target;
    const auto* place = egress->find_plain(url, target);
    ASSERT_TRUE(place) << url;
    EXPECT_EQ(place, egress->find(parsed.origin)) << url;
    EXPECT_EQ(target, parsed.target) << url;
  }
  for (const char* url : {"https://API.shop.example/", "https://api.shop.example", "https://api.shop.example?x",
                          "https://api.shop.example.evil.example/", "https://api.shop.example:4430/",
                          "https://api.shop.example@evil.example/", "http://api.shop.example/", "http://127.0.0.1/",
                          "http://127.0.0.1:80/8080/", "http://db.example:5432/", ""}) {
    std::string_view target;
    EXPECT_FALSE(egress->find_plain(url, target)) << url;
  }
}

TEST(EgressTest, TcpGrantsAreNoHttpGrants) {
  const auto egress = Egress::make({"tcp:db.example:5432", "tcp:127.0.0.1:5433", "https:db.example"});
  ASSERT_TRUE(egress);
  EXPECT_FALSE(find(*egress, "http://db.example:5432/"));
  EXPECT_TRUE(egress->find_tcp("db.example", 5432));
  EXPECT_TRUE(egress->find_tcp("127.0.0.1", 5433));
  EXPECT_FALSE(egress->find_tcp("db.example", 443));
  EXPECT_FALSE(egress->find_tcp("db.example", 5433));
}

TEST(EgressTest, SpeaksHttp2InTheClearWhereTheGrantSaysSo) {
  const auto egress = Egress::make({"h2c:127.0.0.1:8080", "http:127.0.0.1:8081", "h2c:api.shop.example"}).value();
  EXPECT_EQ(find(egress, "http://127.0.0.1:8080/")->reach->in_the_clear, http::Protocol::http_2);
  EXPECT_EQ(find(egress, "http://127.0.0.1:8081/")->reach->in_the_clear, http::Protocol::http_1_1);
  EXPECT_NE(find(egress, "http://127.0.0.1:8080/")->reach->name, find(egress, "http://127.0.0.1:8081/")->reach->name)
      << "they would share connections";
  EXPECT_TRUE(find(egress, "http://api.shop.example:80/"));
  EXPECT_FALSE(find(egress, "https://api.shop.example/"));
  EXPECT_NE(objection(egress, "http://api.shop.example/", "10.1.2.3"), "");
}

TEST(EgressTest, RefusesAGrantThatIsNoneAndNamesIt) {
  for (const char* grant :
       {"api.example", "https:", "ftp:a.example", "https:a.example:0", "https:a.example:70000", "https://a.example",
        "https:a.example/path", "https:a b", "https:user@a.example", "tcp:a", "http:127.1:80", "h2c:127.1:80",
        "h2:127.0.0.1:80", "http:0x7f000001", "http:2130706433", "http:0177.0.0.1"}) {
    const auto egress = Egress::make({grant});
    ASSERT_FALSE(egress) << grant;
    EXPECT_NE(egress.error().message.find(grant), std::string::npos);
  }
}

TEST(EgressTest, ANameLeadsToPublicAddressesOnly) {
  const auto egress = Egress::make({"https:api.shop.example"}).value();
  EXPECT_EQ(objection(egress, "https://api.shop.example/", "93.184.216.34"), "");
  const auto why = objection(egress, "https://api.shop.example/", "10.1.2.3");
  EXPECT_NE(why.find("10.1.2.3, a private network"), std::string::npos) << why;
  EXPECT_NE(why.find(R"("networks": ["10.1.2.3"])"), std::string::npos) << why;
  for (const char* address : {"127.0.0.1", "::1", "169.254.169.254", "fd00::1", "::ffff:10.0.0.1"})
    EXPECT_NE(objection(egress, "https://api.shop.example/", address), "") << address;
}

TEST(EgressTest, NamedNetworksMayBeReachedAndMetadataOnlyByItself) {
  const auto egress = Egress::make({"https:api.shop.example"}, {"10.1.0.0/16", "169.254.0.0/16", "fd12::/32"}).value();
  for (const char* address : {"10.1.2.3", "::ffff:10.1.2.3", "169.254.7.7", "fd12::1", "93.184.216.34"})
    EXPECT_EQ(objection(egress, "https://api.shop.example/", address), "") << address;
  for (const char* address : {"10.2.0.1", "169.254.169.254", "fd13::1", "127.0.0.1"})
    EXPECT_NE(objection(egress, "https://api.shop.example/", address), "") << address;
  const auto metadata = Egress::make({"https:api.shop.example"}, {"169.254.169.254"}).value();
  EXPECT_EQ(objection(metadata, "https://api.shop.example/", "169.254.169.254"), "");
}

TEST(EgressTest, AnAddressIsItselfAndLocalhostThisMachine) {
  const auto egress =
      Egress::make({"http:127.0.0.1:80", "http:localhost:80", "https:10.0.0.9"}, {"10.0.0.0/8"}).value();
  EXPECT_EQ(objection(egress, "http://127.0.0.1/", "127.0.0.1"), "");
  EXPECT_NE(objection(egress, "http://127.0.0.1/", "127.0.0.2"), "");
  EXPECT_EQ(objection(egress, "http://localhost/", "127.0.0.1"), "");
  EXPECT_EQ(objection(egress, "http://localhost/", "::1"), "");
  EXPECT_NE(objection(egress, "http://localhost/", "10.0.0.9"), "");
  EXPECT_NE(objection(egress, "https://10.0.0.9/", "10.0.0.8"), "");
}

TEST(EgressTest, ReachesOfOneNameAllowTheSame) {
  const auto name = [](const std::vector<std::string>& networks) {
    return Egress::make({"https:api.shop.example"}, networks).value().places().front().reach->name;
  };
  EXPECT_EQ(name({}), name({}));
  EXPECT_EQ(name({"10.0.0.0/8", "fd12::/32"}), name({"fd12::/32", "10.0.0.0/8"}));
  EXPECT_NE(name({}), name({"10.0.0.0/8"}));
  EXPECT_NE(name({"10.0.0.0/8"}), name({"10.0.0.0/16"}));
}

TEST(EgressTest, RefusesANetworkThatIsNotPrivate) {
  for (const char* network :
       {"8.8.8.0/24", "0.0.0.0/0", "::/0", "10.0.0.0/7", "2000::/3", "2a00:1450::/32", "public"}) {
    const auto egress = Egress::make({"https:api.shop.example"}, {network});
    ASSERT_FALSE(egress) << network;
    EXPECT_NE(egress.error().message.find('"' + std::string(network) + '"'), std::string::npos);
  }
}

} // namespace
} // namespace plugboard::connector
