#include "core/http/server.hpp"

#include <gtest/gtest.h>

namespace plugboard::http {
namespace {

TEST(EndpointTest, ReadsAddressAndPort) {
  const auto v4 = std::get<TcpEndpoint>(parse_tcp_endpoint("127.0.0.1:8710").value());
  EXPECT_EQ(v4.address, "127.0.0.1");
  EXPECT_EQ(v4.port, 8710);
  const auto v6 = std::get<TcpEndpoint>(parse_tcp_endpoint("[::1]:0").value());
  EXPECT_EQ(v6.address, "::1");
  EXPECT_EQ(v6.port, 0);
}

TEST(EndpointTest, RefusesWhatIsNotOne) {
  for (const auto* text : {"", ":", "8710", ":8710", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536",
                           "127.0.0.1:-1", "127.0.0.1: 80", "localhost:80", "::1:80", "[::1]", "[::1]80",
                           "[127.0.0.1]:80", "[]:80", "127.1:80", "256.0.0.1:80"}) {
    const auto endpoint = parse_tcp_endpoint(text);
    ASSERT_FALSE(endpoint) << text;
    EXPECT_EQ(endpoint.error().code, Code::invalid_argument);
    EXPECT_NE(endpoint.error().message.find("127.0.0.1:8710"), std::string::npos) << "says what to write";
  }
}

TEST(EndpointTest, RefusesAnAddressThatEndsInANul) {
  using namespace std::string_literals;
  EXPECT_FALSE(parse_tcp_endpoint("127.0.0.1\0:80"s));
  EXPECT_FALSE(parse_tcp_endpoint("[::1\0x]:80"s));
}

} // namespace
} // namespace plugboard::http
