#include "core/http/strict_head.hpp"

#include <gtest/gtest.h>

namespace plugboard::http {
namespace {

Framing request(const std::string& text) {
  const auto checked = check_request_head(text);
  EXPECT_TRUE(checked) << text << ": " << (checked ? "" : checked.error().reason);
  return checked ? *checked : Framing{};
}

std::string refused_answer(const std::string& text, bool to_head = false) {
  const auto checked = check_answer_head(text, to_head);
  return checked ? "accepted" : std::string(checked.error().reason);
}

Framing answer(const std::string& text, bool to_head = false) {
  const auto checked = check_answer_head(text, to_head);
  EXPECT_TRUE(checked) << text << ": " << (checked ? "" : checked.error().reason);
  return checked ? *checked : Framing{};
}

TEST(StrictHeadTest, FramesRequests) {
  EXPECT_EQ(request("GET / HTTP/1.1\r\nHost: h\r\n\r\n").body, Body::none);
  EXPECT_EQ(request("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n").body, Body::none);
  const auto sized = request("POST / HTTP/1.1\r\nHost: h\r\ncontent-length:  00042\t\r\n\r\n");
  EXPECT_EQ(sized.body, Body::sized);
  EXPECT_EQ(sized.length, 42U);
  EXPECT_EQ(request("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: ChunkeD\r\n\r\n").body, Body::chunked);
}

TEST(StrictHeadTest, TellsWhetherAConnectionLivesOn) {
  EXPECT_TRUE(request("GET / HTTP/1.1\r\nHost: h\r\n\r\n").keep_alive);
  EXPECT_TRUE(request("GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\n\r\n").keep_alive);
  EXPECT_FALSE(request("GET / HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n").keep_alive);
  EXPECT_FALSE(request("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
}

TEST(StrictHeadTest, TakesHostsAsTheyMayBe) {
  for (const std::string host :
       {"h", "h:80", "h:", "api.shop.example:8710", "127.0.0.1:1", "[::1]:8710", "[::1]", "xn--caf-dma.example"})
    request("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
}

TEST(StrictHeadTest, TakesTargetsAsTheyMayBe) {
  for (const std::string target : {"/", "//", "/a/b;c=1/@:!$&'()*+,=~-._", "/x?a=1&b=%C3%A9?/", "/%00"})
    request("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
}

TEST(StrictHeadTest, KnowsExpectations) {
  EXPECT_TRUE(request("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\n\r\n").expects_continue);
  EXPECT_FALSE(request("POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n").expects_continue);
}

TEST(StrictHeadTest, FramesAnswers) {
  EXPECT_EQ(answer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n").length, 3U);
  EXPECT_EQ(answer("HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n").body, Body::chunked);
  EXPECT_EQ(answer("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n").body, Body::none);
  EXPECT_EQ(answer("HTTP/1.0 200 OK\r\n\r\n").body, Body::until_close);
  EXPECT_EQ(answer("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").body, Body::until_close);
  EXPECT_EQ(answer("HTTP/1.1 204 No\r\n\r\n").body, Body::none);
  EXPECT_EQ(answer("HTTP/1.1 304 No\r\nContent-Length: 10\r\n\r\n").body, Body::none);
  EXPECT_EQ(answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", true).body, Body::none);
  EXPECT_EQ(answer("HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\n").status, 404);
}

TEST(StrictHeadTest, RefusesAnswersWithMoreThanOneReading) {
  for (const std::string fields :
       {"", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 3, 3\r\n",
        "Content-Length: 3\r\nContent-Length: 3\r\n", "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n", "Transfer-Encoding: identity\r\nConnection: close\r\n",
        "Content-Length : 3\r\n", "X: a\r\n b\r\nContent-Length: 3\r\n", "Content-Length: 3\r\nX: \x01\r\n",
        "Content-Length: 3\r\nContent-Encoding: gzip\r\n"})
    EXPECT_NE(refused_answer("HTTP/1.1 200 OK\r\n" + fields + "\r\n"), "accepted") << fields;
  EXPECT_NE(refused_answer("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), "accepted");
  EXPECT_NE(refused_answer("HTTP/1.1 204 OK\r\nContent-Length: 3\r\n\r\n"), "accepted");
}

TEST(StrictHeadTest, RefusesStatusLinesThatAreNone) {
  for (const std::string line :
       {"HTTP/1.1", "HTTP/1.1 20", "HTTP/1.1 2000 OK", "HTTP/1.1 099 OK", "HTTP/1.1 600 OK", "HTTP/1.1  200 OK",
        "HTTP/1.1\t200 OK", "HTTP/2.0 200 OK", "ICY 200 OK", "HTTP/1.1 2x0 OK", "HTTP/1.1 200OK", "<html>"})
    EXPECT_NE(refused_answer(line + "\r\nContent-Length: 0\r\n\r\n"), "accepted") << line;
}

TEST(StrictHeadTest, TakesAnAnswerThatSaysItIsNotCompressed) {
  answer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Encoding: identity\r\n\r\n");
}

TEST(StrictHeadTest, MakesOnlyNamesLowerCase) {
  std::string head = "GET /ABC HTTP/1.1\r\nHost: HUB:1\r\nX-Y-Z: A: B\r\n\r\n";
  lower_case_names(head);
  EXPECT_EQ(head, "GET /ABC HTTP/1.1\r\nhost: HUB:1\r\nx-y-z: A: B\r\n\r\n");
}

} // namespace
} // namespace plugboard::http
