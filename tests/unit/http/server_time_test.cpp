// Slow clients are cut. The clock is a fake: nothing is late before the test says so.
#include "tests/unit/http/serving.hpp"

#include <gtest/gtest.h>

namespace plugboard::http {
namespace {

using namespace std::chrono_literals;

ServerLimits short_limits() { // short, so that the server looks often; all time is the fake clock's
  ServerLimits limits;
  limits.header_time = 40ms;
  limits.body_time = 80ms;
  limits.idle_time = 160ms;
  limits.write_time = 40ms;
  return limits;
}

TEST(ServerTimeTest, CutsASlowHeadFromItsFirstByteOn) {
  Echo echo;
  Serving hub(echo.handler(), short_limits());
  RawClient client(hub.port());
  client.send(get("/x") + "GET / HT");
  ASSERT_TRUE(client.response());
  hub.thread.run([] {});        // it has looked at the second, too
  for (int i = 0; i < 4; ++i) { // more bytes do not buy more time
    hub.clock.advance(9ms);
    client.send("T");
  }
  hub.clock.advance(5ms);
  const auto response = client.response();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 408);
  EXPECT_TRUE(client.ended());
  EXPECT_NE(hub.metrics.text().find("{reason=\"timeout\"} 1"), std::string::npos);
}

TEST(ServerTimeTest, CutsASlowBody) {
  Echo echo;
  Serving hub(echo.handler(), short_limits());
  RawClient client(hub.port());
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_EQ(client.response()->status, 100);
  client.send("hell");
  hub.clock.advance(79ms);
  hub.thread.run([] {});
  EXPECT_EQ(hub.connections(), 1U);
  hub.clock.advance(2ms);
  EXPECT_EQ(client.response()->status, 408);
  EXPECT_TRUE(client.ended());
}

TEST(ServerTimeTest, ClosesAnIdleConnectionWithoutAWord) {
  Echo echo;
  Serving hub(echo.handler(), short_limits());
  RawClient silent(hub.port()), quiet(hub.port());
  quiet.send(get("/x"));
  EXPECT_EQ(quiet.response()->status, 200);
  hub.thread.run([] {}); // its idle time has begun
  while (hub.connections() < 2) std::this_thread::yield();
  hub.clock.advance(161ms);
  EXPECT_TRUE(silent.ended());
  EXPECT_TRUE(quiet.ended());
}

TEST(ServerTimeTest, GivesEveryRequestItsOwnTime) {
  Echo echo;
  Serving hub(echo.handler(), short_limits());
  RawClient client(hub.port());
  for (int i = 0; i < 5; ++i) {
    client.send(get("/x"));
    ASSERT_TRUE(client.response()) << i;
    hub.clock.advance(100ms);
  }
}

TEST(ServerTimeTest, LetsAHandlerTakeItsTime) {
  std::promise<Responder> held;
  Serving hub([&](const Request&, Responder responder) { held.set_value(std::move(responder)); }, short_limits());
  RawClient client(hub.port());
  client.send(get("/x"));
  auto responder = held.get_future().get();
  hub.clock.advance(1h);
  std::this_thread::sleep_for(20ms); // several looks of the server
  hub.thread.run([&] { responder.send({}); });
  EXPECT_EQ(client.response()->status, 200);
}

TEST(ServerTimeTest, CutsAClientThatDoesNotRead) {
  const std::string large(50'000'000, 'x');
  Serving hub(
      [&](const Request&, Responder responder) {
        responder.send({200, "text/plain", {}, large});
      },
      short_limits());
  RawClient client(hub.port());
  client.send(get("/x"));
  while (hub.connections() == 0) std::this_thread::yield();
  while (hub.connections() > 0) { // from whenever the writing began
    hub.clock.advance(41ms);
    std::this_thread::yield();
  }
  EXPECT_FALSE(client.response());
}

} // namespace
} // namespace plugboard::http
