#include "core/http/call_writer.hpp"
#include "core/http/date_line.hpp"
#include "core/http/origin.hpp"
#include "core/http/response_writer.hpp"

#include <gtest/gtest.h>

namespace plugboard::http {
namespace {

constexpr std::string_view kDate = "Date: x\r\n";

TEST(ResponseWriterTest, WritesHeadAndBodyInOnePiece) {
  std::string out;
  ASSERT_TRUE(write_response(out, {201, "text/plain", {{"x-a", "b"}}, "hello"}, {kDate, false, false}));
  EXPECT_EQ(out,
            "HTTP/1.1 201 Created\r\nDate: x\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nx-a: b\r\n\r\nhello");
}

TEST(ResponseWriterTest, LeavesTheBodyOutWhereNoneMayBe) {
  std::string out;
  ASSERT_TRUE(write_response(out, {200, "text/plain", {}, "hello"}, {kDate, true, true}));
  EXPECT_EQ(out,
            "HTTP/1.1 200 OK\r\nDate: x\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nConnection: close\r\n\r\n");
  out.clear();
  ASSERT_TRUE(write_response(out, {204, "text/plain", {}, "oops"}, {kDate, false, false}));
  EXPECT_EQ(out, "HTTP/1.1 204 No Content\r\nDate: x\r\n\r\n");
}

TEST(ResponseWriterTest, RefusesHeadersThatCouldSplitTheMessage) {
  for (const Header& header :
       {Header{"x-a", "b\r\nSet-Cookie: c"}, Header{"x-a", "b\nc"}, Header{"x a", "b"}, Header{"", "b"},
        Header{"x-a:", "b"}, Header{"x-a", std::string("\0", 1)}, Header{"content-length", "1"},
        Header{"transfer-encoding", "chunked"}, Header{"connection", "close"}}) {
    std::string out;
    EXPECT_FALSE(write_response(out, {200, "text/plain", {header}, ""}, {kDate, false, false})) << header.name;
    EXPECT_EQ(out, "");
  }
  std::string out;
  EXPECT_FALSE(write_response(out, {100, "text/plain", {}, ""}, {kDate, false, false}));
}

TEST(ResponseWriterTest, SaysAProblemAsTheContractDoes) {
  const auto response = problem({413, "the body is too large"});
  EXPECT_EQ(response.status, 413);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(response.body, R"({"type":"urn:plugboard:problem:too-large","title":"The request is too large",)"
                           R"("status":413,"detail":"the body is too large"})");
}

TEST(DateLineTest, WritesTheDateAsHttpDoesAndRemembersIt) {
  using namespace std::chrono_literals;
  EXPECT_EQ(http_date(WallTime(784'111'777s)), "Sun, 06 Nov 1994 08:49:37 GMT");
  FakeClock clock;
  DateLine line(clock);
  EXPECT_EQ(line.get(), "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n");
  clock.advance(999ms);
  EXPECT_EQ(line.get(), "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n");
  clock.advance(1ms);
  EXPECT_EQ(line.get(), "Date: Thu, 01 Jan 2026 00:00:01 GMT\r\n");
}

Call call_to(const std::string& url) {
  Call call;
  call.url = parse_url(url).value();
  return call;
}

std::string written(const Call& call) {
  std::string bytes = "what was there before";
  write_call(call, host_header(call.url.origin), bytes);
  return bytes;
}

TEST(CallWriterTest, WritesARequest) {
  auto call = call_to("http://shop.example:8080/x?y=1");
  call.headers = {{"accept", "application/json"}};
  EXPECT_EQ(written(call), "GET /x?y=1 HTTP/1.1\r\nhost: shop.example:8080\r\naccept: application/json\r\n\r\n");
  call = call_to("https://[::1]/");
  call.method = "POST";
  EXPECT_EQ(written(call), "POST / HTTP/1.1\r\nhost: [::1]\r\ncontent-length: 0\r\n\r\n");
  call.body = "hi";
  EXPECT_EQ(written(call), "POST / HTTP/1.1\r\nhost: [::1]\r\ncontent-length: 2\r\n\r\nhi");
}

TEST(CallWriterTest, RefusesWhatCouldBreakTheMessage) {
  const auto refused = [](auto change) {
    auto call = call_to("http://shop.example/x");
    change(call);
    const auto checked = check_call(call);
    return !checked && checked.error().code == Code::invalid_argument;
  };
  EXPECT_TRUE(refused([](Call& call) { call.method = "GET /y"; }));
  EXPECT_TRUE(refused([](Call& call) { call.method = ""; }));
  EXPECT_TRUE(refused([](Call& call) { call.method = "CONNECT"; }));
  EXPECT_TRUE(refused([](Call& call) { call.url.target = "/x HTTP/1.1\r\nx: y"; }));
  EXPECT_TRUE(refused([](Call& call) { call.url.target = "x"; }));
  EXPECT_TRUE(refused([](Call& call) { call.headers = {{"x", "a\r\nb: c"}}; }));
  EXPECT_TRUE(refused([](Call& call) { call.headers = {{"x", std::string("a\0b", 3)}}; }));
  EXPECT_TRUE(refused([](Call& call) { call.headers = {{"x\r\ny", "a"}}; }));
  for (const std::string name : {"Host", "content-length", "Transfer-Encoding", "connection", "accept-encoding"})
    EXPECT_TRUE(refused([&](Call& call) { call.headers = {{name, "a"}}; })) << name;
}

} // namespace
} // namespace plugboard::http
