// What becomes of the calls on a connection when memory ends in the middle of its work.
#include "core/http/resolver.hpp"
#include "tests/support/name_server.hpp"
#include "tests/support/starvation.hpp"
#include "tests/unit/http/h2_asking.hpp"
#include "tests/unit/http/multiplexing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <new>

namespace plugboard::http {
namespace {

using plugboard::testing::Starvation;

const std::string kLong(200, 'x'); // too much to be kept in place

// Steps with the n-th allocation of the hub's own failing, for every n. Nothing may be thrown through nghttp2.
template <class Step>
void starve_each(Step step) {
  bool came = true;
  int n = 1;
  for (; came && n < 2000; ++n) came = step(n);
  EXPECT_GT(n, 2);
  EXPECT_LT(n, 2000);
}

TEST(StarvedMultiplexTest, TellsEveryOrderOnceWhereverMemoryEndsWhileItReads) {
  const auto conversation = [](const Order& a, const Order& b, const Order& c) {
    return settings_frame() + head_frame(a.stream, {{":status", "200"}, {"x-long", kLong}}) +
           head_frame(b.stream, {{":status", "503"}, {"connection", "close"}}) + data_frame(a.stream, kLong) +
           reset_frame(c.stream, 2) + data_frame(a.stream, kLong, frame::kEndStream) + goaway_frame(a.stream, 11);
  };
  starve_each([&](int n) {
    Multiplexing hub;
    auto &a = hub.ask(), &b = hub.ask(), &c = hub.ask(), &d = hub.ask();
    const auto bytes = conversation(a, b, c);
    hub.said();
    bool came = false;
    EXPECT_NO_THROW({
      const Starvation starvation(n);
      hub.session.receive(bytes);
      came = starvation.came();
    }) << n;
    EXPECT_EQ(hub.session.broken(), came) << n;
    EXPECT_TRUE(!came || hub.said().empty()) << n << ": nghttp2 was asked for more";
    hub.end();
    for (const auto* order : {&a, &b, &c, &d}) {
      EXPECT_EQ(hub.times_told(*order), 1) << n;
      EXPECT_EQ(order->stream, 0) << n;
    }
    EXPECT_EQ(hub.code_of(d), came ? Code::overloaded : Code::unreachable) << n;
    EXPECT_EQ(hub.session.streams(), 0U) << n;
    return came;
  });
}

TEST(StarvedMultiplexTest, TellsEveryOrderOnceWhereverMemoryEndsWhileItWrites) {
  starve_each([](int n) {
    Multiplexing hub;
    auto &a = hub.ask("POST", std::string(100'000, 'x')), &b = hub.ask();
    bool came = false;
    EXPECT_NO_THROW({
      std::string out;
      const Starvation starvation(n);
      hub.session.gather(out, 64 * 1024);
      came = starvation.came();
    }) << n;
    EXPECT_EQ(hub.session.broken(), came) << n;
    EXPECT_EQ(hub.session.takes_orders(), !came) << n;
    hub.end();
    EXPECT_EQ(hub.times_told(a) + hub.times_told(b), 2) << n;
    EXPECT_EQ(hub.code_of(b), came ? Code::overloaded : Code::unreachable) << n;
    return came;
  });
}

TEST(StarvedMultiplexTest, TellsTheRestWhenItHadNoMemoryToTellAll) {
  starve_each([](int n) {
    Multiplexing hub;
    auto &a = hub.ask(), &b = hub.ask();
    const auto error = fail(Code::unreachable, "closed the connection, for a reason that takes more than a few words");
    bool came = false;
    try {
      const Starvation starvation(n);
      hub.session.lost(error);
      came = starvation.came();
    } catch (const std::bad_alloc&) {
      came = true;
      hub.session.lost(error);
    }
    hub.end();
    for (const auto* order : {&a, &b}) {
      EXPECT_EQ(hub.times_told(*order), 1) << n;
      EXPECT_EQ(hub.code_of(*order), Code::unreachable) << n;
    }
    return came;
  });
}

class StarvedTimersTest : public ::testing::Test {
 protected:
  void pass_all(std::size_t actions) {
    clock.advance(std::chrono::seconds(1));
    for (int i = 0; i < 1000 && ran.size() < actions; ++i) {
      try {
        io.restart();
        io.run_for(std::chrono::milliseconds(10));
      } catch (const std::bad_alloc&) { // as the root of an I/O thread does
      }
    }
  }

  boost::asio::io_context io;
  FakeClock clock;
  std::vector<int> ran;
};

TEST_F(StarvedTimersTest, KeepsTheOthersWhenOneCantBeSet) {
  starve_each([&](int n) {
    ran.clear();
    Timers timers(io, clock);
    timers.set(clock.now() + std::chrono::milliseconds(20), [&] { ran.push_back(1); });
    bool came = true;
    std::size_t set = 1;
    try {
      const Starvation starvation(n);
      timers.set(clock.now() + std::chrono::milliseconds(1), [this] { ran.push_back(2); });
      ++set;
      came = starvation.came();
    } catch (const std::bad_alloc&) {}
    pass_all(set);
    EXPECT_EQ(ran.size(), set) << n;
    return came;
  });
}

TEST_F(StarvedTimersTest, KeepsTheOthersWhenAnActionThrows) {
  Timers timers(io, clock);
  bool thrown = false;
  for (int i = 1; i <= 3; ++i)
    timers.set(clock.now() + std::chrono::milliseconds(i), [&, i] {
      if (!std::exchange(thrown, true)) throw std::bad_alloc();
      ran.push_back(i);
    });
  pass_all(2);
  EXPECT_EQ(ran, (std::vector<int>{2, 3}));
}

// A client on the test's own thread, whose root goes on when memory ends.
class StarvedClientTest : public H2Test {
 protected:
  static constexpr std::size_t kCalls = 3;

  void run_until(const std::function<bool()>& over) {
    const auto end = clock.now() + std::chrono::seconds(10);
    while (!over() && clock.now() < end) {
      try {
        io.restart();
        io.run_for(std::chrono::milliseconds(1));
      } catch (const std::bad_alloc&) { // as the root of an I/O thread does
      }
    }
  }

  struct Asked {
    int sent = 0; // what sending threw back is told once at most, else exactly once
    int told = 0;
  };

  void ask_all(Client& client, const std::string& url, std::array<Asked, kCalls>& all) {
    for (auto& asked : all) {
      try {
        auto call = Asking::call_to(url);
        call.deadline = Deadline::after(clock.now(), std::chrono::milliseconds(20));
        client.send(std::move(call), [&asked](const Result<Answer>&) { ++asked.told; });
        ++asked.sent;
      } catch (const std::bad_alloc&) {}
    }
    run_until(
        [&] { return std::all_of(all.begin(), all.end(), [](const Asked& one) { return one.told >= one.sent; }); });
  }

  // A dial that memory ended may take its time until it is given up.
  std::string answer_after(Client& client, const std::string& url) {
    std::string answered = "not yet";
    for (int i = 0; i < 50 && !answered.empty() && answered != "/"; ++i) {
      answered.clear();
      client.send(Asking::call_to(url), [&](const Result<Answer>& got) { answered = told(got); });
      run_until([&] { return !answered.empty(); });
    }
    return answered;
  }

  // Two rounds, on a connection that is made and on one that is there; then a call with memory enough.
  void starve_clients_of(const std::string& url) {
    starve_each([&](int n) {
      std::array<Asked, kCalls> cold, warm;
      ClientLimits limits;
      limits.connect_time = std::chrono::milliseconds(60);
      const auto resolver = Resolver::make(io, clock, name_servers);
      const auto client = Client::make(io, limits, trust, clock, *log, resolver.get());
      bool came = false;
      {
        const Starvation starvation(n);
        ask_all(*client, url, cold);
        ask_all(*client, url, warm);
        came = starvation.came();
      }
      EXPECT_EQ(answer_after(*client, url), "/") << n;
      for (const auto& round : {cold, warm})
        for (const auto& asked : round)
          EXPECT_TRUE(asked.told == 1 || asked.told == asked.sent) << n << ": " << asked.told;
      return came;
    });
  }

  boost::asio::io_context io;
  SystemClock clock;
  std::unique_ptr<Log> log = no_log();
  NameServers name_servers;
};

TEST_F(StarvedClientTest, TellsEveryCallOnceAndGoesOnOverHttp2) {
  const auto upstream = serve([](H2Talk& talk, int) { talk.answer_all(); });
  starve_clients_of(upstream->url("/"));
}

TEST_F(StarvedClientTest, TellsEveryCallOnceAndGoesOnOverHttp11) {
  const auto answering = [](Conversation& conversation) {
    while (conversation.request()) conversation.answer("/");
  };
  const Upstream in_the_clear(answering);
  starve_clients_of(in_the_clear.url("/"));
  const Upstream under_tls(answering, &certificate_);
  starve_clients_of(under_tls.url("/"));
}

TEST_F(StarvedClientTest, TellsEveryCallOnceAndGoesOnWhereANameIsLookedUp) {
  const plugboard::test::NameServer server([](const std::string&, bool) {
    return plugboard::test::NameAnswer{{"127.0.0.1"}, 30};
  });
  name_servers.addresses = {server.address()};
  const Upstream upstream([](Conversation& conversation) {
    while (conversation.request()) conversation.answer("/");
  });
  starve_clients_of("http://system.example:" + std::to_string(upstream.port()) + "/");
}

} // namespace
} // namespace plugboard::http
