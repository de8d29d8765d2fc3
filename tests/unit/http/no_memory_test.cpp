// What becomes of the calls on a connection when memory ends in the middle of its work.
#include "tests/support/starvation.hpp"
#include "tests/unit/http/multiplexing.hpp"

#include <gtest/gtest.h>

namespace plugboard::http {
namespace {

using plugboard::testing::Starvation;

const std::string kLong(200, 'x'); // too much to be kept in place

// Steps with the n-th allocation of the hub's own failing, for every n. Nothing may be thrown through nghttp2.
template <class Step>
void starve_each(Step step) {
  bool came = true;
  int n = 1;
  for (; came && n < 500; ++n) came = step(n);
  EXPECT_GT(n, 2);
  EXPECT_LT(n, 500);
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

} // namespace
} // namespace plugboard::http
