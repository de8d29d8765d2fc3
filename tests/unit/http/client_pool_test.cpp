// Which connection carries which call.
#include "tests/unit/http/asking.hpp"
#include "tests/unit/http/upstream.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <optional>
#include <thread>
#include <vector>

namespace plugboard::http {
namespace {

using namespace std::chrono_literals;

Upstream::Script answering() {
  return [](Conversation& conversation) {
    while (conversation.request()) conversation.answer(std::to_string(conversation.number()));
  };
}

void wait_for_idle(Asking& hub, std::size_t count) {
  while (hub.idle() != count) std::this_thread::yield();
}

TEST(ClientPoolTest, KeepsAConnectionAndUsesItAgain) {
  Upstream upstream(answering());
  Asking hub;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(hub.get(upstream.url())->body, "1");
  EXPECT_EQ(upstream.connections(), 1);
  EXPECT_EQ(hub.idle(), 1U);
  hub.close();
}

TEST(ClientPoolTest, FortyAtOnceAreAllInFlight) {
  constexpr int kCalls = 40;
  std::latch all(kCalls); // none is answered before all are there
  Upstream upstream([&](Conversation& conversation) {
    if (!conversation.request()) return;
    all.arrive_and_wait();
    conversation.answer("hi");
    conversation.hub_closed();
  });
  Asking hub;
  std::vector<Asking::Asked> asked;
  for (int i = 0; i < kCalls; ++i) {
    auto call = Asking::call_to(upstream.url());
    call.deadline = hub.in(30s);
    asked.push_back(hub.ask(call));
  }
  for (auto& one : asked) EXPECT_TRUE(one.answer.get());
  EXPECT_EQ(upstream.connections(), kCalls);
  EXPECT_EQ(hub.idle(), static_cast<std::size_t>(kCalls));
  hub.close();
}

TEST(ClientPoolTest, UsesTheLastThatBecameIdleFirst) {
  std::latch both(2);
  Upstream upstream([&](Conversation& conversation) {
    for (bool first = true; conversation.request(); first = false) {
      if (first) both.arrive_and_wait();
      conversation.answer(std::to_string(conversation.number()));
    }
  });
  Asking hub;
  auto one = hub.ask(Asking::call_to(upstream.url()));
  auto two = hub.ask(Asking::call_to(upstream.url()));
  one.answer.wait();
  two.answer.wait();
  wait_for_idle(hub, 2);
  const auto last = hub.get(upstream.url())->body;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(hub.get(upstream.url())->body, last);
  hub.close();
}

// Connections that have answered once, and count the requests that come after.
struct Warmed {
  explicit Warmed(int connections) : all(connections) {
    ClientLimits limits;
    limits.idle_per_origin = static_cast<std::size_t>(connections);
    hub.emplace(limits);
    std::vector<Asking::Asked> asked;
    for (int i = 0; i < connections; ++i) asked.push_back(hub->ask(Asking::call_to(upstream.url())));
    for (auto& one : asked) EXPECT_TRUE(one.answer.get());
    wait_for_idle(*hub, static_cast<std::size_t>(connections));
  }

  ~Warmed() { hub->close(); }

  Client::Id send() { // on the client's thread
    return hub->client->send(Asking::call_to(upstream.url()), [this](const auto&) { ++ended; });
  }

  std::latch all;
  std::atomic<int> came{0}, ended{0}, closed{0};
  Upstream upstream{[this](Conversation& conversation) {
    if (!conversation.request()) return;
    all.arrive_and_wait();
    conversation.answer("warm");
    while (conversation.request()) {
      ++came;
      conversation.answer("again");
    }
    ++closed;
  }};
  std::optional<Asking> hub;
};

TEST(ClientPoolTest, WritesWhatIsSentInOneTurnWhenItIsOver) {
  Warmed warmed(3);
  warmed.hub->thread.run([&] {
    for (int i = 0; i < 3; ++i) warmed.send();
    std::this_thread::sleep_for(50ms);
    EXPECT_EQ(warmed.came, 0);
  });
  while (warmed.ended < 3) std::this_thread::yield();
  EXPECT_EQ(warmed.came, 3);
  EXPECT_EQ(warmed.upstream.connections(), 3);
}

TEST(ClientPoolTest, DoesNotHoldManyBackForOneTurn) {
  Warmed warmed(70);
  warmed.hub->thread.run([&] {
    for (int i = 0; i < 70; ++i) warmed.send();
    while (warmed.came < 64) std::this_thread::yield();
    std::this_thread::sleep_for(50ms);
    EXPECT_EQ(warmed.came, 64);
  });
  while (warmed.ended < 70) std::this_thread::yield();
}

TEST(ClientPoolTest, NeverSendsWhatIsCancelledInTheSameTurn) {
  Warmed warmed(2);
  warmed.hub->thread.run([&] {
    const auto first = warmed.send();
    warmed.send();
    warmed.hub->client->cancel(first);
    EXPECT_EQ(warmed.ended, 1);
  });
  while (warmed.ended < 2 || warmed.closed < 1) std::this_thread::yield();
  EXPECT_EQ(warmed.came, 1);
}

TEST(ClientPoolTest, ACloseInTheSameTurnSendsNothing) {
  Warmed warmed(1);
  warmed.hub->thread.run([&] {
    warmed.send();
    warmed.hub->client.reset();
  });
  while (warmed.closed < 1) std::this_thread::yield();
  EXPECT_EQ(warmed.ended, 0);
  EXPECT_EQ(warmed.came, 0);
}

TEST(ClientPoolTest, DoesNotReuseWhatTheUpstreamCloses) {
  Upstream upstream([](Conversation& conversation) {
    conversation.request();
    conversation.answer("x", "Connection: close\r\n");
    conversation.hub_closed();
  });
  Asking hub;
  EXPECT_TRUE(hub.get(upstream.url()));
  EXPECT_EQ(hub.open(), 0U);
  EXPECT_TRUE(hub.get(upstream.url()));
  EXPECT_EQ(upstream.connections(), 2);
}

TEST(ClientPoolTest, ClosesAnIdleConnectionThatTheUpstreamClosed) {
  Upstream upstream([](Conversation& conversation) {
    conversation.request();
    conversation.answer("x");
  });
  Asking hub;
  EXPECT_TRUE(hub.get(upstream.url()));
  while (hub.open() > 0) std::this_thread::yield();
  EXPECT_TRUE(hub.get(Asking::call_to(upstream.url(), "POST"))) << "a POST meets no dead connection";
  EXPECT_EQ(upstream.connections(), 2);
}

TEST(ClientPoolTest, ClosesAnIdleConnectionOnWhichBytesCome) {
  std::promise<void> go;
  auto may_go = go.get_future().share();
  Upstream upstream([&](Conversation& conversation) {
    conversation.request();
    conversation.answer("mine");
    if (conversation.number() > 1) return;
    may_go.wait();
    conversation.answer("somebody else's");
    EXPECT_TRUE(conversation.hub_closed());
  });
  Asking hub;
  EXPECT_EQ(hub.get(upstream.url())->body, "mine");
  EXPECT_EQ(hub.idle(), 1U);
  go.set_value();
  while (hub.open() > 0) std::this_thread::yield();
  EXPECT_EQ(hub.get(upstream.url())->body, "mine");
  EXPECT_EQ(upstream.connections(), 2);
  hub.close();
}

TEST(ClientPoolTest, DoesNotReuseAConnectionThatSaysMoreThanItsAnswer) {
  Upstream upstream([](Conversation& conversation) {
    conversation.request();
    conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmineHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    EXPECT_TRUE(conversation.hub_closed());
  });
  Asking hub;
  EXPECT_EQ(hub.get(upstream.url())->body, "mine");
  EXPECT_EQ(hub.open(), 0U);
  EXPECT_EQ(hub.get(upstream.url())->body, "mine");
  EXPECT_EQ(upstream.connections(), 2);
  hub.close();
}

TEST(ClientPoolTest, NeverTakesBytesThatCameBeforeTheRequestForItsAnswer) {
  std::promise<void> answered, sent;
  Upstream upstream([&](Conversation& conversation) {
    if (!conversation.request()) return;
    conversation.answer("mine");
    if (conversation.number() == 1) {
      answered.get_future().wait();
      conversation.answer("somebody else's");
      sent.set_value();
    }
    EXPECT_TRUE(conversation.hub_closed());
  });
  Asking hub;
  std::promise<Result<Answer>> second;
  hub.thread.run([&] {
    hub.client->send(Asking::call_to(upstream.url()), [&](const Result<Answer>& first) {
      EXPECT_EQ(first->body, "mine");
      EXPECT_EQ(hub.client->idle_connections(), 1U);
      answered.set_value();
      sent.get_future().wait(); // the other answer lies in the socket, and nobody has looked
      hub.client->send(Asking::call_to(upstream.url()), [&](Result<Answer> answer) { second.set_value(answer); });
    });
  });
  const auto answer = second.get_future().get();
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "mine");
  EXPECT_EQ(upstream.connections(), 2);
  hub.close();
}

constexpr const char* kUnasked = "HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nanother";

TEST(ClientPoolTest, GivesAnOriginThatSpokeUnaskedAConnectionForEachCall) {
  std::atomic<bool> lies{true};
  Upstream upstream([&](Conversation& conversation) {
    while (conversation.request()) {
      conversation.answer(std::to_string(conversation.number()));
      if (lies.exchange(false)) conversation.send(kUnasked);
    }
  });
  Asking hub;
  EXPECT_EQ(hub.get(upstream.url())->body, "1");
  wait_for_idle(hub, 0); // it was noticed
  for (const char* own : {"2", "3", "4"}) EXPECT_EQ(hub.get(upstream.url())->body, own);
  EXPECT_EQ(hub.idle(), 0U);
  hub.close();
}

TEST(ClientPoolTest, TrustsAnOriginAgainAfterATime) {
  std::atomic<bool> lies{true};
  Upstream upstream([&](Conversation& conversation) {
    while (conversation.request()) {
      conversation.answer(std::to_string(conversation.number()));
      if (lies.exchange(false)) conversation.send(kUnasked);
    }
  });
  ClientLimits limits;
  limits.distrust_time = 1ms;
  Asking hub(limits);
  EXPECT_EQ(hub.get(upstream.url())->body, "1");
  wait_for_idle(hub, 0);
  for (int calls = 0; hub.idle() == 0 && calls < 1000; ++calls) EXPECT_TRUE(hub.get(upstream.url()));
  EXPECT_EQ(hub.idle(), 1U);
  hub.close();
}

TEST(ClientPoolTest, LetsAnAnswerTooManyPullNoOtherConnectionAlong) {
  std::latch both(2);
  Upstream upstream([&](Conversation& conversation) {
    for (bool first = true; conversation.request(); first = false) {
      if (first && conversation.number() <= 2) both.arrive_and_wait();
      conversation.answer(std::to_string(conversation.number()));
      if (first && conversation.number() == 2) conversation.send(kUnasked);
    }
  });
  Asking hub;
  auto call = Asking::call_to(upstream.url());
  call.deadline = hub.in(30s);
  auto one = hub.ask(call), other = hub.ask(call);
  EXPECT_TRUE(one.answer.get());
  EXPECT_TRUE(other.answer.get());
  wait_for_idle(hub, 0);
  EXPECT_EQ(hub.get(upstream.url())->body, "3");
  hub.close();
}

TEST(ClientPoolTest, DoesNotMindAServerThatSaysItWaitedTooLong) {
  Upstream upstream([](Conversation& conversation) {
    while (conversation.request()) {
      conversation.answer(std::to_string(conversation.number()));
      if (conversation.number() == 1)
        conversation.send("HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    }
  });
  Asking hub;
  EXPECT_EQ(hub.get(upstream.url())->body, "1");
  wait_for_idle(hub, 0);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(hub.get(upstream.url())->body, "2");
  EXPECT_EQ(hub.idle(), 1U);
  hub.close();
}

TEST(ClientPoolTest, SendsAGetAgainWhenItsConnectionTurnsOutDead) {
  for (const std::string method : {"GET", "HEAD", "POST"}) {
    Upstream upstream([](Conversation& conversation) {
      conversation.request();
      conversation.send("HTTP/1.1 204 No Content\r\n\r\n");
      if (conversation.number() == 1) {
        conversation.request(); // takes the second, and dies
        return;
      }
      conversation.hub_closed();
    });
    Asking hub;
    EXPECT_TRUE(hub.get(Asking::call_to(upstream.url(), method)));
    const auto second = hub.get(Asking::call_to(upstream.url(), method));
    if (method == "POST") {
      EXPECT_EQ(code_of(second), Code::unreachable) << "it may have had its effect";
    } else {
      EXPECT_TRUE(second) << method;
    }
    EXPECT_EQ(upstream.connections(), method == "POST" ? 1 : 2);
    hub.close();
  }
}

TEST(ClientPoolTest, SendsAgainOnlyOnceAndOnlyWhereNothingHadCome) {
  Upstream upstream([](Conversation& conversation) {
    conversation.request();
    if (conversation.number() > 1) return; // dies too
    conversation.answer("x");
    conversation.request();
  });
  Asking hub;
  EXPECT_TRUE(hub.get(upstream.url()));
  EXPECT_EQ(code_of(hub.get(upstream.url())), Code::unreachable);
  EXPECT_EQ(upstream.connections(), 2);
  hub.close();

  Upstream half([](Conversation& conversation) {
    conversation.request();
    conversation.answer("x");
    conversation.request();
    conversation.send("HTTP/1.1 2");
  });
  Asking other;
  EXPECT_TRUE(other.get(half.url()));
  EXPECT_EQ(code_of(other.get(half.url())), Code::malformed);
  EXPECT_EQ(half.connections(), 1);
  other.close();
}

TEST(ClientPoolTest, LetsCallsWaitTheirTurn) {
  Upstream upstream(answering());
  ClientLimits limits;
  limits.connections_per_origin = 2;
  Asking hub(limits);
  std::vector<Asking::Asked> asked;
  for (int i = 0; i < 50; ++i) asked.push_back(hub.ask(Asking::call_to(upstream.url())));
  for (auto& one : asked) EXPECT_TRUE(one.answer.get());
  EXPECT_LE(upstream.connections(), 2);
  hub.close();
}

TEST(ClientPoolTest, RefusesMoreThanMayWait) {
  Upstream upstream([](Conversation& conversation) {
    conversation.request();
    conversation.hub_closed();
  });
  ClientLimits limits;
  limits.connections_per_origin = 1;
  limits.waiting_per_origin = 2;
  Asking hub(limits);
  std::vector<Asking::Asked> asked;
  for (int i = 0; i < 3; ++i) {
    auto call = Asking::call_to(upstream.url());
    call.deadline = hub.in(30s);
    asked.push_back(hub.ask(call));
  }
  const auto refused = hub.get(upstream.url());
  EXPECT_EQ(code_of(refused), Code::overloaded);
  hub.thread.run([&] { hub.client->cancel(asked[1].id); });
  EXPECT_EQ(code_of(asked[1].answer.get()), Code::cancelled);
  asked.push_back(hub.ask(Asking::call_to(upstream.url())));
  EXPECT_EQ(asked.back().answer.wait_for(0s), std::future_status::timeout) << "there is room again";
  hub.close();
}

TEST(ClientPoolTest, ACancelledCallLetsTheNextOneIn) {
  std::promise<void> arrived;
  Upstream upstream([&](Conversation& conversation) {
    conversation.request();
    if (conversation.number() == 1) {
      arrived.set_value();
      conversation.hub_closed();
    } else {
      conversation.answer("hi");
      conversation.hub_closed();
    }
  });
  ClientLimits limits;
  limits.connections_per_origin = 1;
  Asking hub(limits);
  auto hung = hub.ask(Asking::call_to(upstream.url()));
  auto waiting = hub.ask(Asking::call_to(upstream.url()));
  arrived.get_future().wait();
  hub.thread.run([&] { hub.client->cancel(hung.id); });
  EXPECT_EQ(waiting.answer.get()->body, "hi");
  hub.close();
}

TEST(ClientPoolTest, AWaitingCallTimesOutInTheQueue) {
  Upstream upstream([](Conversation& conversation) {
    conversation.request();
    conversation.hub_closed();
  });
  ClientLimits limits;
  limits.connections_per_origin = 1;
  Asking hub(limits);
  auto hung = hub.ask(Asking::call_to(upstream.url()));
  auto call = Asking::call_to(upstream.url());
  call.deadline = hub.in(20ms);
  EXPECT_EQ(code_of(hub.get(call)), Code::timeout);
  EXPECT_EQ(hung.answer.wait_for(0s), std::future_status::timeout) << "the other goes on";
  hub.close();
}

TEST(ClientPoolTest, ClosesWhatIsIdleForLong) {
  Upstream upstream(answering());
  ClientLimits limits;
  limits.idle_time = 20ms;
  Asking hub(limits);
  EXPECT_TRUE(hub.get(upstream.url()));
  while (hub.open() > 0) std::this_thread::yield();
  EXPECT_TRUE(hub.get(upstream.url()));
  EXPECT_EQ(upstream.connections(), 2);
  hub.close();
}

TEST(ClientPoolTest, KeepsNoMoreIdleThanItMay) {
  std::latch all(5);
  Upstream upstream([&](Conversation& conversation) {
    conversation.request();
    all.arrive_and_wait();
    conversation.answer("x");
    conversation.hub_closed();
  });
  ClientLimits limits;
  limits.idle_per_origin = 2;
  Asking hub(limits);
  std::vector<Asking::Asked> asked;
  for (int i = 0; i < 5; ++i) asked.push_back(hub.ask(Asking::call_to(upstream.url())));
  for (auto& one : asked) EXPECT_TRUE(one.answer.get());
  EXPECT_EQ(hub.idle(), 2U);
  EXPECT_EQ(hub.open(), 2U);
  hub.close();
}

} // namespace
} // namespace plugboard::http
