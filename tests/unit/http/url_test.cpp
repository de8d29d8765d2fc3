#include "core/http/client.hpp"

#include <gtest/gtest.h>

namespace plugboard::http {
namespace {

TEST(UrlTest, ReadsItsParts) {
  struct Case {
    std::string text;
    Origin origin;
    std::string target;
  };

  const std::vector<Case> cases{
      {"http://a", {false, "a", 80}, "/"},
      {"https://Api.Shop.EXAMPLE/v1/x?y=%20z", {true, "api.shop.example", 443}, "/v1/x?y=%20z"},
      {"HTTPS://a:8443?x=1", {true, "a", 8443}, "/?x=1"},
      {"http://127.0.0.1:1/", {false, "127.0.0.1", 1}, "/"},
      {"http://[2001:DB8::1]:65535/x", {false, "2001:db8::1", 65535}, "/x"},
      {"http://a.example./x", {false, "a.example.", 80}, "/x"},
      {"http://my_host/@x", {false, "my_host", 80}, "/@x"},
  };
  for (const auto& expected : cases) {
    const auto url = parse_url(expected.text);
    ASSERT_TRUE(url) << expected.text << ": " << url.error().message;
    EXPECT_EQ(url->origin, expected.origin) << expected.text;
    EXPECT_EQ(url->target, expected.target);
  }
}

TEST(UrlTest, RefusesWhatCouldBeReadInTwoWays) {
  const std::string nul("http://a/\0", 10);
  for (const std::string text : {"",
                                 "a",
                                 "//a",
                                 "ftp://a/",
                                 "http:/a",
                                 "http:///x",
                                 "http://",
                                 "http://u@a/",
                                 "http://u:p@a/",
                                 "http://@a/",
                                 "http://a b/",
                                 "http://a b",
                                 "http://a/b c",
                                 "http://a/\t",
                                 "http://a\r\n/",
                                 "http://a/%",
                                 "http://a/%0g",
                                 "http://a%00b/",
                                 "http://%61/",
                                 "http://a/#x",
                                 "http://a#@b/",
                                 "http://a\\b/",
                                 "http://a\\@b/",
                                 "http://a/\\b",
                                 "http://a:0/",
                                 "http://a:65536/",
                                 "http://a:/",
                                 "http://a:80x/",
                                 "http://a:+80/",
                                 "http://a:80:80/",
                                 "http://[::1/",
                                 "http://::1/",
                                 "http://[::1]x/",
                                 "http://[127.0.0.1]/",
                                 "http://[::1%25eth0]/",
                                 "http://caf\xc3\xa9/",
                                 "http://a/\xc3\xa9",
                                 "http://0x7f.0.0.1/",
                                 "http://127.1/",
                                 "http://2130706433/",
                                 "http://127.0.0.256/",
                                 "http://0177.0.0.1/x.0x1.",
                                 "http://a..b/",
                                 "http://.a/",
                                 "http://-a/",
                                 "http://a,b/",
                                 "http://a\"/",
                                 "http://a/<x>",
                                 " http://a/",
                                 "http://a/ ",
                                 "javascript://a/"}) {
    const auto url = parse_url(text);
    EXPECT_FALSE(url) << text << " became " << url->origin.host << " " << url->target;
  }
  EXPECT_FALSE(parse_url(nul));
}

TEST(UrlTest, NamesWhatIsWrong) {
  const auto url = parse_url("https://user:hunter2@a/");
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().code, Code::invalid_argument);
  EXPECT_EQ(url.error().message.find("hunter2"), std::string::npos) << "no credential in a message";
}

TEST(UrlTest, RefusesAnAddressThatEndsInANul) { // what reads it as a C string would see ::1
  using namespace std::string_literals;
  EXPECT_FALSE(parse_url("https://[::1\0]/"s));
  EXPECT_FALSE(parse_url("https://[::1\0x]:443/"s));
  EXPECT_FALSE(parse_url("https://127.0.0.1\0/"s));
}

} // namespace
} // namespace plugboard::http
