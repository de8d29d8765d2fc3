#include "tests/unit/http/serving.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace plugboard::http {
namespace {

// A handler that keeps its Responders until told.
class Holding {
 public:
  Handler handler() {
    return [this](const Request& request, Responder responder) {
      const std::scoped_lock lock(mutex_);
      targets_.emplace_back(request.target);
      responder.on_gone([this] {
        if (!std::exchange(told_, true)) gone_.set_value();
      });
      held_.push_back(std::move(responder));
      arrived_.set_value();
    };
  }

  void wait_arrived() {
    arrived_.get_future().wait();
    const std::scoped_lock lock(mutex_);
    arrived_ = std::promise<void>();
  }

  bool wait_gone() { return gone_.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready; }

  Responder take() { // on the server's thread
    const std::scoped_lock lock(mutex_);
    auto responder = std::move(held_.back());
    held_.pop_back();
    return responder;
  }

  std::vector<std::string> targets() {
    const std::scoped_lock lock(mutex_);
    return targets_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> targets_;
  std::vector<Responder> held_;
  std::promise<void> arrived_;
  std::promise<void> gone_;
  bool told_ = false; // the client may have gone during more than one request
};

TEST(ServerTest, AnswersAndKeepsTheConnection) {
  Echo echo;
  Serving hub(echo.handler());
  RawClient client(hub.port());
  for (const std::string target : {"/1", "/2", "/3"}) {
    client.send(post(target, "hello"));
    const auto response = client.response();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, target + "|hello");
    EXPECT_EQ(response->head.find("Connection:"), std::string::npos);
    EXPECT_NE(response->head.find("Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n"), std::string::npos);
  }
  EXPECT_EQ(hub.connections(), 1U);
}

TEST(ServerTest, GivesTheHandlerEverythingOfARequest) {
  std::string seen;
  Instant received{};
  Serving hub([&](const Request& request, Responder responder) {
    seen = std::string(request.method) + " " + std::string(request.path) + " " + std::string(request.query) + " " +
           std::string(*request.header("x-me")) + " " + request.peer->address + (request.peer->uid ? " uid" : "");
    received = request.received;
    responder.send({});
  });
  RawClient client(hub.port());
  client.send("BREW /pot?milk=1 HTTP/1.1\r\nHost: h\r\nX-ME: You\r\n\r\n");
  ASSERT_TRUE(client.response());
  EXPECT_EQ(seen, "BREW /pot milk=1 You 127.0.0.1");
  EXPECT_EQ(received, hub.clock.now());
}

TEST(ServerTest, ReadsARequestThatComesByteByByte) {
  Echo echo;
  Serving hub(echo.handler());
  RawClient client(hub.port());
  for (const char c : post("/slow", "hello")) client.send({&c, 1});
  EXPECT_EQ(client.response()->body, "/slow|hello");
}

TEST(ServerTest, AnswersAPipelineInOrder) {
  Echo echo;
  Serving hub(echo.handler());
  RawClient client(hub.port());
  std::string all;
  constexpr int kRequests = 2'000;
  for (int i = 0; i < kRequests; ++i) all += post("/" + std::to_string(i), "b" + std::to_string(i));
  std::thread sender([&] { client.send(all); });
  for (int i = 0; i < kRequests; ++i) {
    const auto response = client.response();
    ASSERT_TRUE(response) << i;
    ASSERT_EQ(response->body, "/" + std::to_string(i) + "|b" + std::to_string(i));
  }
  sender.join();
}

TEST(ServerTest, HandlesTheNextOfAPipelineOnlyAfterTheAnswer) {
  Holding holding;
  Serving hub(holding.handler());
  RawClient client(hub.port());
  client.send(get("/1") + get("/2"));
  holding.wait_arrived();
  EXPECT_EQ(holding.targets(), std::vector<std::string>{"/1"});
  hub.thread.run([&] { holding.take().send({200, "text/plain", {}, "one"}); });
  EXPECT_EQ(client.response()->body, "one");
  holding.wait_arrived();
  EXPECT_EQ(holding.targets(), (std::vector<std::string>{"/1", "/2"}));
  hub.thread.run([&] { holding.take().send({200, "text/plain", {}, "two"}); });
  EXPECT_EQ(client.response()->body, "two");
}

TEST(ServerTest, TakesWhatAClientSendsWhileTheHandlerWorks) {
  Holding holding;
  Serving hub(holding.handler());
  RawClient client(hub.port());
  client.send(get("/1"));
  holding.wait_arrived();
  client.send(get("/2").substr(0, 10));
  hub.thread.run([] {}); // what came was read, or is about to be: both must work
  client.send(get("/2").substr(10));
  hub.thread.run([&] { holding.take().send({}); });
  EXPECT_EQ(client.response()->status, 200);
  holding.wait_arrived();
  EXPECT_EQ(holding.targets().back(), "/2");
  hub.thread.run([&] { holding.take().send({}); });
  EXPECT_EQ(client.response()->status, 200);
}

TEST(ServerTest, LeavesTheBodyOutForHead) {
  Echo echo;
  Serving hub(echo.handler());
  RawClient client(hub.port());
  client.send("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n" + get("/y"));
  const auto response = client.response(true);
  ASSERT_TRUE(response);
  EXPECT_NE(response->head.find("Content-Length: 3\r\n"), std::string::npos);
  EXPECT_EQ(client.response()->body, "/y|");
}

TEST(ServerTest, AsksForABodyThatWaitsToBeAskedFor) {
  Echo echo;
  Serving hub(echo.handler());
  RawClient client(hub.port());
  for (int i = 0; i < 2; ++i) {
    client.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.response()->status, 100);
    client.send("hi");
    EXPECT_EQ(client.response()->body, "/x|hi");
  }
  client.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nhi");
  EXPECT_EQ(client.response()->status, 200) << "it did not wait, so nothing is asked";
  client.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.response()->status, 413) << "too large: not asked for at all";
}

TEST(ServerTest, ClosesWhenAskedTo) {
  Echo echo;
  Serving hub(echo.handler());
  for (const auto& request : {get("/x", "Connection: close\r\n"), std::string("GET /x HTTP/1.0\r\n\r\n"),
                              std::string("GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")}) {
    RawClient client(hub.port());
    client.send(request + get("/never"));
    const auto response = client.response();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_NE(response->head.find("Connection: close"), std::string::npos);
    EXPECT_TRUE(client.ended());
  }
  EXPECT_EQ(echo.targets(), (std::vector<std::string>{"/x", "/x", "/x"}));
}

TEST(ServerTest, AnswersAClientThatHasClosedItsOwnDirection) {
  Echo echo;
  Serving hub(echo.handler());
  RawClient client(hub.port());
  client.send(get("/1") + get("/2"));
  client.no_more_writes();
  EXPECT_EQ(client.response()->body, "/1|");
  EXPECT_EQ(client.response()->body, "/2|");
  EXPECT_TRUE(client.ended());
}

TEST(ServerTest, WritesALargeAnswerToASlowReader) {
  const std::string large(20'000'000, 'x');
  Serving hub([&](const Request&, Responder responder) { responder.send({200, "text/plain", {}, large}); });
  RawClient client(hub.port());
  client.send(get("/") + get("/"));
  EXPECT_EQ(client.response()->body, large);
  EXPECT_EQ(client.response()->body, large);
}

TEST(ServerTest, TellsTheHandlerThatTheClientHasGone) {
  for (const bool reset : {false, true}) {
    Holding holding;
    Serving hub(holding.handler());
    RawClient client(hub.port());
    client.send(get("/x"));
    holding.wait_arrived();
    reset ? client.reset() : client.close();
    EXPECT_TRUE(holding.wait_gone());
    hub.thread.run([&] { holding.take().send({}); }); // harmless
  }
}

TEST(ServerTest, TellsOfAGoneClientThatHadPipelinedMore) {
  Holding holding;
  Serving hub(holding.handler());
  RawClient client(hub.port());
  client.send(get("/x") + get("/y"));
  holding.wait_arrived();
  client.close();
  EXPECT_TRUE(holding.wait_gone());
  hub.thread.run([&] { holding.take(); });
}

TEST(ServerTest, AnswersForAHandlerThatGivesUp) {
  Serving hub([](const Request&, Responder) {});
  RawClient client(hub.port());
  client.send(get("/x") + get("/y"));
  for (int i = 0; i < 2; ++i) {
    const auto response = client.response();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 500);
    EXPECT_NE(response->body.find("urn:plugboard:problem:internal"), std::string::npos);
  }
}

TEST(ServerTest, AnswersForAHandlerThatThrows) {
  Serving hub([](const Request& request, Responder responder) {
    if (request.target == "/int") throw 1;
    if (request.target == "/bad") throw std::runtime_error("secret detail");
    responder.send({});
  });
  RawClient client(hub.port());
  client.send(get("/bad") + get("/int") + get("/good"));
  const auto response = client.response();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 500);
  EXPECT_EQ(response->body.find("secret"), std::string::npos);
  EXPECT_EQ(client.response()->status, 500);
  EXPECT_EQ(client.response()->status, 200);
}

TEST(ServerTest, DoesNotWriteAResponseThatWouldSplit) {
  Serving hub([](const Request&, Responder responder) {
    responder.send({200, "text/plain", {{"x-name", "a\r\n\r\nHTTP/1.1 200 OK"}}, "x"});
  });
  RawClient client(hub.port());
  client.send(get("/"));
  EXPECT_EQ(client.response()->status, 500);
}

TEST(ServerTest, TurnsAwayMoreThanItsConnections) {
  Echo echo;
  ServerLimits limits;
  limits.connections = 2;
  Serving hub(echo.handler(), limits);
  RawClient one(hub.port()), two(hub.port());
  one.send(get("/1"));
  two.send(get("/2"));
  EXPECT_EQ(one.response()->status, 200);
  EXPECT_EQ(two.response()->status, 200);
  one.send("GET"); // neither is idle, so neither is closed for a newcomer
  two.send("GET");
  for (int i = 0; i < 3; ++i) hub.thread.run([] {});
  RawClient three(hub.port());
  const auto response = three.response();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 503);
  EXPECT_NE(response->head.find("retry-after: 1"), std::string::npos);
  EXPECT_NE(response->body.find("urn:plugboard:problem:overloaded"), std::string::npos);
  EXPECT_NE(hub.metrics.text().find("plugboard_http_connections 2"), std::string::npos);
  EXPECT_NE(hub.metrics.text().find("{reason=\"connections\"} 1"), std::string::npos);
  one.close();
  while (hub.connections() > 1) std::this_thread::yield();
  RawClient four(hub.port());
  four.send(get("/4"));
  EXPECT_EQ(four.response()->status, 200);
}

TEST(ServerTest, DrainsIdleOnesAtOnceAndBusyOnesAfterTheirAnswer) {
  Holding holding;
  Serving hub(holding.handler());
  RawClient idle(hub.port()), busy(hub.port());
  idle.send(get("/idle"));
  holding.wait_arrived();
  hub.thread.run([&] { holding.take().send({}); });
  EXPECT_TRUE(idle.response());
  busy.send(get("/busy") + get("/never"));
  holding.wait_arrived();
  std::promise<void> drained;
  auto is_drained = drained.get_future();
  hub.thread.run([&] { hub.server->drain([&] { drained.set_value(); }); });
  EXPECT_TRUE(idle.ended());
  EXPECT_FALSE(RawClient(hub.thread.run([&] { return hub.server->port(); })).connected()) << "no new ones";
  EXPECT_EQ(is_drained.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  hub.thread.run([&] { holding.take().send({}); });
  const auto response = busy.response();
  ASSERT_TRUE(response);
  EXPECT_NE(response->head.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(busy.ended());
  busy.close();
  EXPECT_EQ(is_drained.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_EQ(holding.targets().back(), "/busy");
}

TEST(ServerTest, DrainsWithNobodyThere) {
  Echo echo;
  Serving hub(echo.handler());
  std::promise<void> drained;
  hub.thread.run([&] { hub.server->drain([&] { drained.set_value(); }); });
  EXPECT_EQ(drained.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

TEST(ServerTest, GoesWithWorkInFlight) {
  Holding holding;
  auto hub = std::make_unique<Serving>(holding.handler());
  RawClient waiting(hub->port()), half(hub->port()), idle(hub->port());
  waiting.send(get("/x"));
  half.send("GET / HTTP");
  holding.wait_arrived();
  auto responder = hub->thread.run([&] { return holding.take(); });
  hub.reset();
  EXPECT_TRUE(waiting.ended());
  EXPECT_TRUE(half.ended());
  responder.send({}); // later than its server, its thread and its io_context
}

TEST(ServerTest, MayBeDestroyedByItsOwnHandler) {
  IoThread thread;
  FakeClock clock;
  const auto log = no_log();
  Metrics metrics;
  std::unique_ptr<Server> server;
  const auto port = thread.run([&] {
    server = Server::listen(thread.io(), TcpEndpoint{"127.0.0.1", 0}, {}, clock, *log, metrics,
                            [&](const Request&, Responder responder) {
                              server.reset();
                              responder.send({});
                            })
                 .value();
    server->start();
    return server->port();
  });
  RawClient client(port);
  client.send(get("/x"));
  EXPECT_TRUE(client.ended());
  thread.run([] {}); // the handler has returned
}

} // namespace
} // namespace plugboard::http
