// What is not plain HTTP/1.1 never reaches a handler: through a real socket, each followed by a canary that must not be
// answered.
#include "tests/unit/http/bad_requests.hpp"
#include "tests/unit/http/serving.hpp"

#include <gtest/gtest.h>

namespace plugboard::http {
namespace {

TEST(ServerStrictnessTest, AnswersEachBadRequestOnceAndCloses) {
  Echo echo;
  Serving hub(echo.handler());
  for (const auto& bad : bad_requests()) {
    RawClient client(hub.port());
    client.send(bad.bytes + get("/canary"));
    const auto response = client.response();
    ASSERT_TRUE(response) << bad.name;
    EXPECT_EQ(response->status, bad.status) << bad.name << response->body;
    EXPECT_NE(response->head.find("application/problem+json"), std::string::npos) << bad.name;
    EXPECT_NE(response->head.find("Connection: close"), std::string::npos) << bad.name;
    EXPECT_TRUE(client.ended()) << bad.name << " left the connection open";
  }
  EXPECT_TRUE(echo.targets().empty());
}

TEST(ServerStrictnessTest, SaysWhatIsWrongAsAProblem) {
  Echo echo;
  Serving hub(echo.handler());
  RawClient client(hub.port());
  client.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(client.response()->body,
            R"({"type":"urn:plugboard:problem:malformed","title":"The request is not plain HTTP/1.1","status":400,)"
            R"("detail":"no Host"})");
}

TEST(ServerStrictnessTest, AGoodRequestBeforeABadOneIsAnswered) {
  Echo echo;
  Serving hub(echo.handler());
  for (const auto& bad : bad_requests()) {
    RawClient client(hub.port());
    client.send(get("/good") + "\r\n" + bad.bytes.substr(bad.bytes.starts_with("\r\n") ? 2 : 0) + get("/canary"));
    EXPECT_EQ(client.response()->status, 200) << bad.name;
    const auto response = client.response();
    ASSERT_TRUE(response) << bad.name;
    EXPECT_NE(response->status, 200) << bad.name;
    EXPECT_TRUE(client.ended()) << bad.name;
  }
  for (const auto& target : echo.targets()) EXPECT_EQ(target, "/good");
}

TEST(ServerStrictnessTest, CountsWhatItRefusedByReason) {
  Echo echo;
  Serving hub(echo.handler());
  const auto refused = [&](const std::string& bytes) {
    RawClient client(hub.port());
    client.send(bytes);
    client.response();
  };
  refused("GET / HTTP/1.1\r\n\r\n");
  refused("GET / HTTP/2.0\r\n\r\n");
  refused("GET /" + std::string(20'000, 'a'));
  const auto text = hub.metrics.text();
  for (const std::string reason : {"malformed", "unsupported", "too_large"})
    EXPECT_NE(text.find("plugboard_http_rejected_total{reason=\"" + reason + "\"} 1"), std::string::npos) << text;
}

TEST(ServerStrictnessTest, ReadsOnAfterARefusalSoThatItsAnswerArrives) {
  Echo echo;
  Serving hub(echo.handler());
  RawClient client(hub.port());
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1900000\r\n\r\n");
  client.send(std::string(1'900'000, 'a'));
  const auto response = client.response();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 413);
}

} // namespace
} // namespace plugboard::http
