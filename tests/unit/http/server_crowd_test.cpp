// Too many clients, and such as do not read: who is turned away, who has to go, who stays.
#include "core/http/crowd.hpp"
#include "tests/unit/http/serving.hpp"

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <future>
#include <sstream>

namespace plugboard::http {
namespace {

using namespace std::chrono_literals;

ServerLimits room_for(std::size_t connections, std::size_t from_one = 0) {
  ServerLimits limits;
  limits.connections = connections;
  limits.connections_per_address = from_one;
  return limits;
}

bool says(const Serving& hub, const std::string& reason, int times) {
  return hub.metrics.text().find("{reason=\"" + reason + "\"} " + std::to_string(times) + "\n") != std::string::npos;
}

TEST(ServerCrowdTest, LetsWhoWasIdleForLongestGoWhenItIsFull) {
  Echo echo;
  Serving hub(echo.handler(), room_for(2));
  RawClient first(hub.port()), second(hub.port());
  for (auto* client : {&first, &second}) {
    client->send(get("/x"));
    ASSERT_TRUE(client->response());
    hub.thread.run([] {});
    hub.clock.advance(1ms);
  }
  RawClient third(hub.port());
  third.send(get("/x"));
  EXPECT_EQ(third.response()->status, 200);
  EXPECT_TRUE(first.ended());
  second.send(get("/x"));
  EXPECT_EQ(second.response()->status, 200);
  EXPECT_TRUE(says(hub, "idle", 1));
  EXPECT_EQ(hub.connections(), 2U);
}

TEST(ServerCrowdTest, TurnsAwayWhenNobodyIsIdle) {
  std::promise<Responder> held;
  Serving hub([&](const Request&, Responder responder) { held.set_value(std::move(responder)); }, room_for(2));
  RawClient asks(hub.port()), begins(hub.port());
  asks.send(get("/x"));
  auto responder = held.get_future().get();
  begins.send("GET / HT");
  while (hub.connections() < 2) std::this_thread::yield();
  hub.thread.run([] {});
  RawClient third(hub.port());
  EXPECT_EQ(third.response()->status, 503);
  EXPECT_TRUE(third.ended());
  EXPECT_TRUE(says(hub, "connections", 1));
  hub.thread.run([&] { responder.send({}); });
  EXPECT_EQ(asks.response()->status, 200);
}

TEST(ServerCrowdTest, TurnsAwayOneAddressThatHasTooMany) {
  Echo echo;
  Serving hub(echo.handler(), room_for(100, 2));
  {
    RawClient first(hub.port()), second(hub.port()), third(hub.port());
    EXPECT_EQ(third.response()->status, 503);
    EXPECT_TRUE(says(hub, "address", 1));
  }
  while (hub.connections() > 0) std::this_thread::yield();
  RawClient later(hub.port());
  later.send(get("/x"));
  EXPECT_EQ(later.response()->status, 200);
}

TEST(ServerCrowdTest, CountsOverAllServersOfOneListener) {
  Echo echo;
  auto limits = room_for(1);
  limits.crowd = std::make_shared<Crowd>(1, 0);
  Serving hub(echo.handler(), limits), other(echo.handler(), limits);
  RawClient first(hub.port());
  first.send("GET");
  while (hub.connections() < 1) std::this_thread::yield();
  RawClient second(other.port());
  EXPECT_EQ(second.response()->status, 503);
}

// The whole answer fits into the system's buffers, so that the server is done with it; the client reads none of it.
TEST(ServerCrowdTest, CutsWhoAsksOnWithoutReading) {
  const std::string large(12'000, 'x');
  ServerLimits limits;
  limits.write_time = 40ms;
  limits.idle_time = 1h;
  Serving hub([&](const Request&, Responder responder) { responder.send({200, "text/plain", {}, large}); }, limits);
  RawClient reader(hub.port()), client(hub.port(), 2048);
  reader.send(get("/x"));
  EXPECT_EQ(reader.response()->body.size(), large.size());
  client.send(get("/x"));
  while (hub.connections() < 2) std::this_thread::yield();
  while (hub.connections() > 1) { // from whenever the answer was written
    hub.clock.advance(41ms);
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_TRUE(says(hub, "unread", 1));
  reader.send(get("/x")); // this one had read its answer
  EXPECT_TRUE(reader.response());
}

constexpr std::size_t kCrowd = 400;

std::vector<std::unique_ptr<RawClient>> crowd_at(Serving& hub) {
  std::vector<std::unique_ptr<RawClient>> crowd;
  for (std::size_t i = 0; i < kCrowd; ++i) crowd.push_back(std::make_unique<RawClient>(hub.port()));
  while (hub.connections() < kCrowd) std::this_thread::yield();
  return crowd;
}

// The kernel reports four hundred that hung up, and then one who knocks.
TEST(ServerCrowdTest, LetsInWhoComesWhileACrowdLeaves) {
  Server* server = nullptr;
  std::size_t not_gone_yet = 0;
  Serving hub([&](const Request&, Responder responder) {
    not_gone_yet = server->connections();
    responder.send({});
  });
  server = hub.server.get();
  auto crowd = crowd_at(hub);
  std::unique_ptr<RawClient> newcomer;
  const auto port = hub.port();
  hub.thread.run([&] { // meanwhile the server hears nobody
    crowd.clear();
    newcomer = std::make_unique<RawClient>(port);
    newcomer->send(get("/x"));
  });
  EXPECT_EQ(newcomer->response()->status, 200);
  EXPECT_GT(not_gone_yet, kCrowd / 2);
}

TEST(ServerCrowdTest, HearsOthersWhileItThrowsACrowdOut) {
  ServerLimits limits;
  limits.header_time = 40ms;
  Echo echo;
  Serving hub(echo.handler(), limits);
  const auto crowd = crowd_at(hub);
  for (const auto& one : crowd) one->send(get("/x") + "GET / HT");
  for (const auto& one : crowd) EXPECT_EQ(one->response()->status, 200);
  hub.thread.run([] {}); // what came with each of these has been looked at
  std::size_t thrown_out = 0;
  const auto count = [&] {
    for (std::size_t few = 1; few <= kCrowd; ++few)
      if (says(hub, "timeout", static_cast<int>(few))) thrown_out = few;
  };
  hub.clock.advance(41ms);
  std::promise<void> seen;
  const std::function<void()> look = [&] { // whenever the thread's others have had their turn
    count();
    if (thrown_out > 0) return seen.set_value();
    boost::asio::post(hub.thread.io(), look);
  };
  hub.thread.run(look);
  seen.get_future().wait();
  EXPECT_LT(thrown_out, kCrowd / 2) << "nobody had a turn before";
  for (const auto& one : crowd) EXPECT_EQ(one->response()->status, 408);
}

// What the system holds for this machine's end of a connection to a client at that port.
std::size_t held_for(std::uint16_t server, std::uint16_t client) {
  char from[16], to[16];
  std::snprintf(from, sizeof from, ":%04X", server);
  std::snprintf(to, sizeof to, ":%04X", client);
  std::ifstream connections("/proc/net/tcp");
  std::string line, number, local, remote, state, queues;
  while (std::getline(connections, line)) {
    std::istringstream(line) >> number >> local >> remote >> state >> queues;
    if (local.ends_with(from) && remote.ends_with(to)) return std::stoul(queues.substr(0, 8), nullptr, 16);
  }
  return 0;
}

TEST(ServerCrowdTest, HasTheSystemHoldLittleOfWhatIsNotRead) {
  Serving hub([](const Request&, Responder responder) {
    responder.send({200, "text/plain", {}, std::string(2'000'000, 'x')});
  });
  RawClient client(hub.port(), 2048);
  client.send(get("/x"));
  std::size_t held = 0, before = 1;
  while (held == 0 || held != before) { // until it has become quiet
    before = std::exchange(held, held_for(hub.port(), client.own_port()));
    hub.thread.run([] {});
  }
  EXPECT_LT(held, 200'000U);
}

} // namespace
} // namespace plugboard::http
