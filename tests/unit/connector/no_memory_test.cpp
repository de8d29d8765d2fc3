// What stays whole when memory ends in the middle of a call: the others' deadlines, messages and places.
#include "core/connector/border.hpp"
#include "core/connector/deadlines.hpp"
#include "core/connector/home_exchanges.hpp"
#include "core/connector/host_secrets.hpp"
#include "core/connector/pool.hpp"
#include "core/connector/tally.hpp"
#include "memory_log.hpp"
#include "tests/support/starvation.hpp"

#include <plugboard/host_secrets.h>

#include <gmock/gmock.h>

namespace plugboard::connector {
namespace {

using plugboard::testing::Starvation;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;

class StarvedDeadlinesTest : public ::testing::Test {
 protected:
  Deadline in(Duration wait) const { return Deadline::after(clock.now(), wait); }

  void run_until_passed(std::size_t calls) {
    clock.advance(seconds(1));
    for (int i = 0; i < 1000 && passed.size() < calls; ++i) {
      try {
        io.restart();
        io.run_for(milliseconds(10));
      } catch (const std::bad_alloc&) { // as the root of a home's thread does
      }
    }
  }

  FakeClock clock;
  boost::asio::io_context io;
  std::vector<Connector::CallId> passed;
};

TEST_F(StarvedDeadlinesTest, TheTimeOfOthersIsKeptWhenOneCantBeAdded) {
  bool came = true;
  int n = 1;
  for (; came && n < 50; ++n) {
    passed.clear();
    Deadlines deadlines(io, clock, [this](Connector::CallId call) { passed.push_back(call); });
    const Deadline late = in(milliseconds(20)), soon = in(milliseconds(1));
    deadlines.add(late, 1);
    try {
      const Starvation starvation(n);
      deadlines.add(soon, 2);
      came = starvation.came();
    } catch (const std::bad_alloc&) {
      deadlines.remove(soon, 2);
    }
    passed.reserve(4);
    const bool both = !came || n > 1; // the first allocation is its place in the list
    run_until_passed(both ? 2 : 1);
    EXPECT_EQ(passed.size(), both ? 2U : 1U) << n;
  }
  EXPECT_GT(n, 2);
  EXPECT_LT(n, 50);
}

TEST_F(StarvedDeadlinesTest, TheTimeOfOthersIsKeptWhenTheEndOfOneThrows) {
  bool thrown = false;
  Deadlines deadlines(io, clock, [&](Connector::CallId call) {
    if (!std::exchange(thrown, true)) throw std::bad_alloc();
    passed.push_back(call);
  });
  for (Connector::CallId call = 1; call <= 3; ++call) deadlines.add(in(milliseconds(call)), call);
  run_until_passed(2);
  EXPECT_THAT(passed, ElementsAre(2, 3));
}

class Receiver final : public Mailbox::Receiver {
 public:
  void receive(Message message) override {
    if (auto* arrived = std::get_if<Arrived>(&message)) {
      calls.push_back(arrived->call);
      statuses.push_back(arrived->reply.status);
    }
    if (std::exchange(throws, false)) throw std::bad_alloc();
  }

  std::vector<Connector::CallId> calls;
  std::vector<std::int32_t> statuses;
  bool throws = false;
};

TEST(StarvedMailboxTest, TheOthersMessagesAreStillTheirs) {
  boost::asio::io_context io;
  Receiver receiver;
  const auto mailbox = std::make_shared<Mailbox>(io, receiver);
  for (Connector::CallId call = 1; call <= 3; ++call) EXPECT_TRUE(mailbox->send(Arrived{call, {}}));
  receiver.throws = true;
  EXPECT_NO_THROW(io.run());
  EXPECT_THAT(receiver.calls, ElementsAre(1, 2, 3));
  {
    const Mailbox::Visit visit(*mailbox);
    for (Connector::CallId call = 4; call <= 5; ++call) EXPECT_TRUE(mailbox->send(Arrived{call, {}}));
  }
  receiver.throws = true;
  EXPECT_NO_THROW(mailbox->deliver());
  EXPECT_THAT(receiver.calls, ElementsAre(1, 2, 3, 4, 5));
  mailbox->close();
}

TEST(StarvedMailboxTest, AMessageThatHadNoMemoryKeepsNoLaterOneFromItsReceiver) {
  bool came = true;
  int n = 1;
  for (; came && n < 50; ++n) {
    boost::asio::io_context io;
    Receiver receiver;
    const auto mailbox = std::make_shared<Mailbox>(io, receiver);
    bool sent = false;
    try {
      const Starvation starvation(n);
      sent = mailbox->send(Arrived{1, {}});
      came = starvation.came();
    } catch (const std::bad_alloc&) {}
    EXPECT_TRUE(mailbox->send(Arrived{2, {}}));
    io.run();
    ASSERT_EQ(receiver.calls.size(), sent ? 2U : 1U) << n;
    EXPECT_EQ(receiver.calls.back(), 2U) << n;
    mailbox->close();
  }
  EXPECT_GT(n, 2);
  EXPECT_LT(n, 50);
}

TEST(StarvedPoolTest, EndsTheThreadsThatItHasWhenItCantHaveAll) {
  bool came = true;
  int n = 1, refused = 0;
  for (; came && n < 50; ++n) {
    try {
      const Starvation starvation(n);
      const Pool pool(3);
      came = starvation.came();
    } catch (const std::bad_alloc&) {
      ++refused;
    }
  }
  EXPECT_GE(refused, 3); // one a thread, at least
  EXPECT_LT(n, 50);
}

class StarvedBorderTest : public ::testing::Test {
 protected:
  StarvedBorderTest() {
    settings.secrets["password"] = [] { return Result<Secret>(Secret("a secret of more than a few characters")); };
    border.open({&log, &tally, nullptr, nullptr, &secrets}, {mailbox});
  }

  ~StarvedBorderTest() override {
    border.shut();
    mailbox->close();
  }

  FakeClock clock;
  MemoryLog memory_log;
  HostLog log{"crm", memory_log, clock};
  Metrics metrics;
  Settings settings;
  Tally tally{metrics, settings};
  boost::asio::io_context io;
  Receiver receiver;
  std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>(io, receiver);
  Border border{1, 1, 1000};
  HostSecrets secrets{border, settings, log, clock};
};

TEST_F(StarvedBorderTest, AnAnswerThatCantBeCopiedIsToldAsAFailureAndGivesItsPlaceBack) {
  const std::string data = "{\"greeting\": \"" + std::string(200, 'h') + "\"}";
  plugboard_reply reply{};
  reply.p = PLUGBOARD_PREFIX(plugboard_reply);
  reply.status = PLUGBOARD_OK;
  reply.data = {data.data(), data.size()};
  bool came = true;
  int n = 1;
  for (; came && n < 50; ++n) {
    ASSERT_TRUE(border.turnstile().enter({0, 1}).admitted) << n;
    auto call = std::make_shared<OpenCall>(LookupRequest{}, SectionSpec{}, nullptr);
    call->id = static_cast<Connector::CallId>(n);
    border.expect_answer(*call, false);
    plugboard_call* handle = border.calls().put(call);
    {
      const Starvation starvation(n);
      border.host().complete(&border.host(), handle, &reply);
      came = starvation.came();
    }
    io.restart();
    io.run();
    ASSERT_EQ(receiver.calls.size(), static_cast<std::size_t>(n));
    EXPECT_EQ(receiver.calls.back(), call->id);
    EXPECT_EQ(border.turnstile().running(), 0U) << n;
  }
  EXPECT_EQ(receiver.statuses.front(), PLUGBOARD_BUSY);
  EXPECT_EQ(receiver.statuses.back(), PLUGBOARD_OK);
  EXPECT_GT(n, 2);
  EXPECT_LT(n, 50);
}

TEST_F(StarvedBorderTest, WhatAPluginAsksOfTheHubIsRefusedNotThrownAtIt) {
  const auto* service =
      static_cast<const plugboard_host_secrets_v1*>(border.host().extension(&border.host(), PLUGBOARD_HOST_SECRETS_V1));
  const std::string name = "a name that is too long to be kept in place";
  const auto ask = [&](int n) {
    const Starvation starvation(n);
    return service->get(&border.host(), {name.data(), name.size()}, nullptr, [](void*, plugboard_str) {});
  };
  EXPECT_EQ(ask(1), PLUGBOARD_BUSY);
  EXPECT_EQ(ask(0), PLUGBOARD_NOT_FOUND);
  const std::string word = "something that a plugin has to say, long enough to be kept elsewhere";
  const Starvation starvation(1);
  border.host().log(&border.host(), PLUGBOARD_LOG_INFO, {word.data(), word.size()});
}

TEST_F(StarvedBorderTest, APluginHearsOnceOfWhatCouldNotBeSent) {
  const auto client = http::Client::make(io, {}, {}, clock, memory_log);
  HomeExchanges exchanges(*client, *mailbox, clock);
  Throttle throttle(Rate{});
  for (const char* const what : {"denied", "held", "sent"}) {
    bool came = true;
    int n = 1;
    for (; came && n < 200; ++n) {
      std::vector<std::int32_t> heard;
      heard.reserve(4);
      auto exchange = std::make_unique<Exchange>();
      exchange->request.method = "GET";
      exchange->request.url = http::parse_url("http://127.0.0.1:1/a/path/too/long/to/be/kept/in/place").value();
      exchange->throttle = what == std::string_view("denied") ? nullptr : &throttle;
      if (what == std::string_view("held")) exchange->held = std::chrono::seconds(1);
      exchange->user = &heard;
      exchange->on_response = [](void* user, const plugboard_http_response* response) {
        static_cast<std::vector<std::int32_t>*>(user)->push_back(response->error);
      };
      std::uint64_t id = 0;
      try {
        const Starvation starvation(n);
        id = exchanges.begin(std::move(exchange));
        came = starvation.came();
      } catch (const std::bad_alloc&) {
        ASSERT_THAT(heard, ElementsAre(PLUGBOARD_BUSY)) << n;
      }
      exchanges.cancel(id);
      io.restart();
      io.poll();
      ASSERT_EQ(heard.size(), 1U) << n;
    }
    EXPECT_GT(n, 1);
    EXPECT_LT(n, 200);
  }
}

} // namespace
} // namespace plugboard::connector
