#include "core/connector/network.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

http::Address address(const std::string& text) {
  return boost::asio::ip::make_address(text);
}

bool special(const std::string& text) {
  return special_range_of(address(text)) != nullptr;
}

TEST(NetworkTest, HasTheAddressesOfItsPrefix) {
  const auto ten = Network::parse("10.1.0.0/16").value();
  EXPECT_TRUE(ten.contains(address("10.1.0.0")));
  EXPECT_TRUE(ten.contains(address("10.1.255.255")));
  EXPECT_FALSE(ten.contains(address("10.2.0.0")));
  EXPECT_FALSE(ten.contains(address("::a01:0")));
  const auto odd = Network::parse("100.64.0.0/10").value();
  EXPECT_TRUE(odd.contains(address("100.127.255.255")));
  EXPECT_FALSE(odd.contains(address("100.128.0.0")));
  const auto unique = Network::parse("fd12:3400::/22").value();
  EXPECT_TRUE(unique.contains(address("fd12:37ff::1")));
  EXPECT_FALSE(unique.contains(address("fd12:3800::1")));
  const auto one = Network::parse("192.168.7.9").value();
  EXPECT_TRUE(one.contains(address("192.168.7.9")));
  EXPECT_FALSE(one.contains(address("192.168.7.8")));
  EXPECT_TRUE(one.lies_in(Network::parse("192.168.0.0/16").value()));
  EXPECT_FALSE(Network::parse("192.168.0.0/16").value().lies_in(one));
}

TEST(NetworkTest, RefusesWhatIsNone) {
  const char* const kWrong[] = {"",     "10.0.0.0/",   "10.0.0.0/33", "10.0.0.0/-1",  "10.0.0.0/8x", "10.1.2.3/8",
                                "db/8", "fe80::%1/64", "::1/129",     "0x0a.0.0.0/8", "10.1/16",     "10.0.0.0/8/8"};
  for (const char* text : kWrong) {
    const auto network = Network::parse(text);
    ASSERT_FALSE(network) << text;
    EXPECT_NE(network.error().message.find('"' + std::string(text) + '"'), std::string::npos);
  }
}

TEST(NetworkTest, KnowsWhatIsNoPublicSystem) {
  for (const char* text : {"0.0.0.0",
                           "0.1.2.3",
                           "10.0.0.1",
                           "100.64.0.1",
                           "100.127.255.254",
                           "127.0.0.1",
                           "127.255.255.255",
                           "168.63.129.16",
                           "169.254.0.1",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.192",
                           "192.0.2.1",
                           "192.168.0.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "203.0.113.9",
                           "224.0.0.1",
                           "239.255.255.255",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::127.0.0.1",
                           "::8.8.8.8",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "::ffff:169.254.169.254",
                           "64:ff9b::7f00:1",
                           "64:ff9b::a9fe:a9fe",
                           "64:ff9b:1::1",
                           "100::1",
                           "2001::1",
                           "2001:0:7f00:1::",
                           "2001:2::1",
                           "2001:db8::1",
                           "2002:7f00:1::",
                           "2002:a9fe:a9fe::1",
                           "2002:808:808::1",
                           "3fff::1",
                           "4000::1",
                           "5f00::1",
                           "fc00::1",
                           "fd00:ec2::254",
                           "fe80::1",
                           "fe80::1%1",
                           "fec0::1",
                           "ff02::1"})
    EXPECT_TRUE(special(text)) << text;
  for (const char* text : {"1.1.1.1",          "8.8.8.8",         "9.255.255.255",
                           "11.0.0.0",         "93.184.216.34",   "100.63.255.255",
                           "100.128.0.0",      "126.255.255.255", "128.0.0.0",
                           "168.63.129.17",    "172.15.255.255",  "172.32.0.0",
                           "192.0.1.0",        "192.169.0.0",     "198.17.255.255",
                           "198.20.0.0",       "223.255.255.255", "::ffff:8.8.8.8",
                           "64:ff9b::808:808", "2001:200::1",     "2606:2800:220:1:248:1893:25c8:1946",
                           "2a00:1450::1"})
    EXPECT_FALSE(special(text)) << text;
}

TEST(NetworkTest, NamesTheNarrowestRange) {
  EXPECT_EQ(special_range_of(address("169.254.169.254"))->what, "a cloud's metadata service");
  EXPECT_EQ(special_range_of(address("169.254.169.253"))->what, "a link's own network");
  EXPECT_EQ(special_range_of(address("::ffff:10.0.0.1"))->what, "a private network");
  EXPECT_EQ(special_range_of(address("2002:a00:1::"))->what, "a tunnel's address (6to4)");
}

} // namespace
} // namespace plugboard::connector
