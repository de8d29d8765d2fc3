// The way from a worker's loopback to a granted server, with real sockets at both ends.
#include "bench.hpp"
#include "core/connector/tunnel.hpp"
#include "tests/support/descriptor.hpp"
#include "tests/support/free_port.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

namespace plugboard::connector {
namespace {

using test::Descriptor;
using test::receive_some;
using test::send_all;

constexpr std::chrono::seconds kPatience{20};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

struct Listening {
  Descriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  std::uint16_t port = 0;

  explicit Listening(int receive_buffer = 0) {
    if (receive_buffer > 0) ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(socket.get(), 128), 0);
    EXPECT_EQ(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    port = ntohs(address.sin_port);
  }

  Descriptor accept() const {
    pollfd wait{socket.get(), POLLIN, 0};
    EXPECT_EQ(::poll(&wait, 1, 20'000), 1) << "nobody connects";
    return Descriptor(::accept4(socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
  }
};

Descriptor connect_to(std::uint16_t port) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto address = loopback(port);
  EXPECT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  return socket;
}

std::string receive(const Descriptor& from, std::size_t bytes) {
  std::string got;
  while (got.size() < bytes && receive_some(from.get(), got, kPatience) > 0) continue;
  return got;
}

void expect_carried(const Descriptor& from, const Descriptor& to) {
  EXPECT_TRUE(send_all(from.get(), "x"));
  EXPECT_EQ(receive(to, 1), "x");
}

std::string receive_to_end(const Descriptor& from) { // then an orderly end is expected
  std::string got;
  long more = 0;
  while ((more = receive_some(from.get(), got, kPatience)) > 0) continue;
  EXPECT_EQ(more, 0) << "it was broken off";
  return got;
}

bool broken_off(const Descriptor& socket) {
  char byte = 0;
  pollfd wait{socket.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&wait, 1, 20'000), 1) << "it stays open";
  return ::recv(socket.get(), &byte, 1, 0) < 0 && errno == ECONNRESET;
}

std::string pattern(std::size_t size, unsigned seed) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
  return bytes;
}

class TunnelTest : public ::testing::Test {
 protected:
  void dig(std::uint16_t server_port, http::ReachPtr reach = nullptr, const std::string& host = "127.0.0.1") {
    Listening mouth;
    port = mouth.port;
    auto opened = Tunnel::open({*home.home, {host, server_port, std::move(reach)}, host_log, counters},
                               ::fcntl(mouth.socket.get(), F_DUPFD_CLOEXEC, 0));
    ASSERT_TRUE(opened) << opened.error().message;
    tunnel = std::move(*opened);
  }

  std::string counted(const std::string& outcome) const { // the value
    const std::string name =
        "plugboard_connector_tcp_connections_total{connector=\"crm\",outcome=\"" + outcome + "\"} ";
    const auto text = metrics.text();
    const auto at = text.find(name);
    return at == text.npos ? "" : text.substr(at + name.size(), text.find('\n', at) - at - name.size());
  }

  SystemClock clock;
  MemoryLog log;
  Metrics metrics;
  HostLog host_log{"crm", log, clock};
  TunnelCounters counters{metrics, "crm"};
  RunningHome home{clock, log};
  Listening server;
  std::uint16_t port = 0;
  std::unique_ptr<Tunnel> tunnel; // first to go
};

TEST_F(TunnelTest, CarriesBytesBothWays) {
  dig(server.port);
  const auto near = connect_to(port);
  EXPECT_TRUE(send_all(near.get(), "who is there?"));
  const auto far = server.accept();
  EXPECT_EQ(receive(far, 13), "who is there?");
  EXPECT_TRUE(send_all(far.get(), "a server"));
  EXPECT_EQ(receive(near, 8), "a server");
  EXPECT_EQ(counted("carried"), "1");
}

TEST_F(TunnelTest, CarriesMuchBothWaysAtOnceAsItIs) {
  dig(server.port);
  const auto near = connect_to(port);
  const auto far = server.accept();
  const auto asked = pattern(5'000'000, 1), answered = pattern(7'000'000, 2);
  std::thread ask([&] {
    EXPECT_TRUE(send_all(near.get(), asked));
    ::shutdown(near.get(), SHUT_WR);
  });
  std::thread answer([&] {
    EXPECT_TRUE(send_all(far.get(), answered));
    ::shutdown(far.get(), SHUT_WR);
  });
  std::string got;
  std::thread hear([&] { got = receive_to_end(near); });
  EXPECT_TRUE(receive_to_end(far) == asked);
  for (auto* thread : {&ask, &answer, &hear}) thread->join();
  EXPECT_TRUE(got == answered);
}

TEST_F(TunnelTest, PassesAnEndOnAndCarriesWhatComesBack) {
  dig(server.port);
  const auto near = connect_to(port);
  auto far = server.accept();
  EXPECT_TRUE(send_all(near.get(), "last word"));
  ::shutdown(near.get(), SHUT_WR);
  EXPECT_EQ(receive_to_end(far), "last word");
  EXPECT_TRUE(send_all(far.get(), "answer"));
  EXPECT_EQ(receive(near, 6), "answer") << "while the first way is over";
  EXPECT_TRUE(send_all(far.get(), ", all of it"));
  far.close();
  EXPECT_EQ(receive_to_end(near), ", all of it");
}

TEST_F(TunnelTest, PassesTheServersEndOnToo) {
  dig(server.port);
  const auto near = connect_to(port);
  const auto far = server.accept();
  ::shutdown(far.get(), SHUT_WR);
  EXPECT_EQ(receive_to_end(near), "");
  EXPECT_TRUE(send_all(near.get(), "still here"));
  EXPECT_EQ(receive(far, 10), "still here");
}

TEST_F(TunnelTest, PassesOnThatAConnectionWasBrokenOff) {
  dig(server.port);
  const auto near = connect_to(port);
  auto far = server.accept();
  const linger at_once{1, 0};
  ::setsockopt(far.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  far.close();
  EXPECT_TRUE(broken_off(near));
}

TEST_F(TunnelTest, WaitsForWhoReadsSlowlyAndKeepsLittle) {
  const Listening slow(8192);
  dig(slow.port);
  const auto near = connect_to(port);
  const int small = 8192;
  ::setsockopt(near.get(), SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
  const auto far = slow.accept();
  const auto bytes = pattern(64 << 20, 3);
  std::size_t sent = 0;
  for (pollfd wait{near.get(), POLLOUT, 0}; sent < bytes.size() && ::poll(&wait, 1, 1000) == 1;)
    if (const auto more = ::send(near.get(), bytes.data() + sent, bytes.size() - sent, MSG_DONTWAIT); more > 0)
      sent += static_cast<std::size_t>(more);
  EXPECT_LT(sent, bytes.size()) << "nobody reads, yet all of it was taken";
  ::shutdown(near.get(), SHUT_WR);
  EXPECT_TRUE(receive_to_end(far) == bytes.substr(0, sent));
}

TEST_F(TunnelTest, BreaksOffWhatItCanNotConnectAndSaysWhy) {
  const auto nobody = static_cast<std::uint16_t>(test::free_port());
  dig(nobody);
  EXPECT_TRUE(broken_off(connect_to(port)));
  EXPECT_TRUE(log.has("tcp:127.0.0.1:" + std::to_string(nobody) + " cannot be reached: Connection refused"));
  EXPECT_EQ(counted("unreachable"), "1");
  EXPECT_EQ(counted("carried"), "0");
}

TEST_F(TunnelTest, ConnectsToNoAddressThatTheHubRefuses) {
  dig(server.port, std::make_shared<http::Reach>(http::Reach{
                       "none", [](const http::Address& address) { return address.to_string() + " is not for you"; }}));
  EXPECT_TRUE(broken_off(connect_to(port)));
  EXPECT_TRUE(log.has("may not be reached: 127.0.0.1 is not for you"));
  EXPECT_EQ(counted("denied"), "1");
  pollfd wait{server.socket.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&wait, 1, 0), 0) << "it was connected to";
}

TEST_F(TunnelTest, LooksTheServersNameUp) {
  dig(server.port, nullptr, "localhost");
  const auto near = connect_to(port);
  EXPECT_TRUE(send_all(near.get(), "by name"));
  EXPECT_EQ(receive(server.accept(), 7), "by name");
}

TEST_F(TunnelTest, CarriesSoManyConnectionsAndNoMore) {
  dig(server.port);
  std::vector<Descriptor> near, far;
  for (std::size_t i = 0; i < Tunnel::kMostConnections; ++i) {
    near.push_back(connect_to(port));
    far.push_back(server.accept());
  }
  for (std::size_t i = 0; i < near.size(); ++i) {
    const auto mark = "connection " + std::to_string(i);
    EXPECT_TRUE(send_all(far[i].get(), mark));
    EXPECT_EQ(receive(near[i], mark.size()), mark);
  }
  EXPECT_TRUE(broken_off(connect_to(port)));
  EXPECT_TRUE(log.has("as many as there may be"));
  EXPECT_EQ(counted("too_many"), "1");

  near.pop_back();
  EXPECT_EQ(receive_to_end(far.back()), "");
  far.pop_back(); // now it is over for the tunnel, too, a moment later
  for (const auto end = clock.now() + kPatience; clock.now() < end;) {
    const auto again = connect_to(port);
    send_all(again.get(), "?");
    pollfd wait[2] = {{server.socket.get(), POLLIN, 0}, {again.get(), POLLIN, 0}};
    ASSERT_GT(::poll(wait, 2, 20'000), 0);
    if (wait[0].revents != 0) return;
  }
  FAIL() << "the place is never free again";
}

TEST_F(TunnelTest, CutsWhatItCarriesWhenItIsDestroyed) {
  dig(server.port);
  const auto near = connect_to(port);
  const auto far = server.accept();
  expect_carried(near, far);
  tunnel.reset();
  EXPECT_TRUE(broken_off(near));
  EXPECT_TRUE(broken_off(far));
}

TEST_F(TunnelTest, CanBeDestroyedOnItsHomesThread) {
  dig(server.port);
  const auto near = connect_to(port);
  const auto far = server.accept();
  expect_carried(near, far);
  home.run([this] {
    tunnel.reset();
    return 0;
  });
  EXPECT_TRUE(broken_off(near));
  EXPECT_TRUE(broken_off(far));
}

TEST_F(TunnelTest, CanBeDestroyedWhateverIsUnderWay) {
  for (int round = 0; round < 100; ++round) {
    dig(server.port);
    std::vector<Descriptor> near;
    for (int i = 0; i < 8; ++i) {
      near.push_back(connect_to(port));
      const auto bytes = pattern(100'000, 4);
      ::send(near.back().get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    if (round % 2 == 0)
      tunnel.reset();
    else
      home.run([this] {
        tunnel.reset();
        return 0;
      });
    for (const auto& socket : near) {
      std::string nothing;
      EXPECT_LE(receive_some(socket.get(), nothing, kPatience), 0);
    }
  }
}

TEST_F(TunnelTest, CanOutliveItsHomesThread) {
  dig(server.port);
  const auto near = connect_to(port);
  const auto far = server.accept();
  expect_carried(near, far);
  home.run([this] {
    home.io.stop();
    return 0;
  });
  tunnel.reset();
  EXPECT_TRUE(broken_off(near));
}

} // namespace
} // namespace plugboard::connector
