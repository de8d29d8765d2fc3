// Many calls over one connection, to an upstream that chooses HTTP/2.
#include "tests/unit/http/h2_asking.hpp"

#include <latch>

namespace plugboard::http {
namespace {

using namespace std::chrono_literals;

class ClientHttp2Test : public H2Test {};

TEST_F(ClientHttp2Test, FortyColdCallsShareOneConnection) {
  auto upstream = serve([](H2Talk& talk, int) {
    std::vector<H2Request> all; // none is answered before all are there, then the last first
    while (all.size() < 40) {
      auto asked = talk.request();
      if (!asked) return;
      all.push_back(std::move(*asked));
    }
    for (auto asked = all.rbegin(); asked != all.rend(); ++asked)
      talk.send(answer_frames(asked->stream, field(asked->fields, ":path")));
    talk.answer_all();
  });
  Asking hub({}, trust);
  auto asked = ask_at_once(hub, 40, upstream->url("/"));
  for (std::size_t i = 0; i < asked.size(); ++i) EXPECT_EQ(told(asked[i].answer.get()), "/" + std::to_string(i));
  EXPECT_EQ(hub.open(), 1U);
  EXPECT_EQ(hub.idle(), 1U);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(told(hub.get(upstream->url("/again"))), "/again");
  EXPECT_EQ(upstream->connections(), 1);
  hub.close();
}

TEST_F(ClientHttp2Test, WhereHttp11IsChosenTheFirstBurstDialsAfterTheFirst) {
  for (const char* protocol : {"http/1.1", ""}) {
    constexpr int kCalls = 20;
    std::latch all(kCalls); // none is answered before all are there
    Upstream upstream(
        [&](Conversation& conversation) {
          if (!conversation.request()) return;
          all.arrive_and_wait();
          conversation.answer("hi");
          while (conversation.request()) conversation.answer("hi");
        },
        &certificate_, 0, protocol);
    Asking hub({}, trust);
    auto asked = ask_at_once(hub, kCalls, upstream.url("/"));
    for (auto& one : asked) EXPECT_EQ(told(one.answer.get()), "hi");
    EXPECT_EQ(upstream.connections(), kCalls);
    hub.close();
  }
}

// The same port: what is there after a restart may speak something else.
TEST_F(ClientHttp2Test, FollowsAnOriginThatChangesItsProtocol) {
  const auto answer = [](Conversation& conversation, const std::string& protocol) {
    if (!conversation.secure()) return;
    if (protocol == "h2") {
      H2Talk talk(conversation);
      talk.greet();
      if (const auto asked = talk.request()) talk.send(answer_frames(asked->stream, protocol));
    } else if (conversation.request()) {
      conversation.answer(protocol);
    }
  }; // and closes
  Asking hub({}, trust);
  std::uint16_t port = 0;
  for (const char* protocol : {"h2", "http/1.1", "h2", ""}) {
    Upstream upstream([&](Conversation& conversation) { answer(conversation, protocol); }, &certificate_, 0, protocol,
                      port);
    port = upstream.port();
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(told(hub.get(upstream.url("/"))), protocol);
      while (hub.open() > 0) std::this_thread::yield(); // else it may learn only from its next call that this one ended
    }
  }
  hub.close();
}

Call in_the_clear(const std::string& url) {
  auto call = Asking::call_to(url);
  call.reach =
      std::make_shared<Reach>(Reach{"all by HTTP/2", [](const Address&) { return std::string(); }, Protocol::http_2});
  return call;
}

TEST(ClientHttp2InTheClearTest, SharesOneConnectionFromTheFirstCallOn) {
  Upstream upstream([](Conversation& conversation) {
    H2Talk talk(conversation);
    talk.greet();
    std::vector<H2Request> all; // none is answered before all are there
    while (all.size() < 40) {
      auto asked = talk.request();
      if (!asked) return;
      all.push_back(std::move(*asked));
    }
    for (const auto& asked : all)
      talk.send(answer_frames(asked.stream, field(asked.fields, ":scheme") + field(asked.fields, ":path")));
    talk.answer_all();
  });
  Asking hub;
  std::vector<Asking::Asked> asked;
  for (int i = 0; i < 40; ++i) asked.push_back(hub.ask(in_the_clear(upstream.url("/" + std::to_string(i)))));
  for (std::size_t i = 0; i < asked.size(); ++i) EXPECT_EQ(told(asked[i].answer.get()), "http/" + std::to_string(i));
  EXPECT_EQ(told(hub.get(in_the_clear(upstream.url("/again")))), "/again");
  EXPECT_EQ(upstream.connections(), 1);
  hub.close();
}

TEST(ClientHttp2InTheClearTest, SaysSoOfAnUpstreamThatSpeaksHttp11) {
  Upstream upstream([](Conversation& conversation) {
    if (conversation.request()) conversation.answer("what?", "Connection: close\r\n");
  });
  Asking hub;
  const auto answer = hub.get(in_the_clear(upstream.url("/")));
  EXPECT_EQ(code_of(answer), Code::malformed);
  EXPECT_NE(told(answer).find("HTTP/2"), std::string::npos) << told(answer);
  auto call = Asking::call_to(upstream.url("/"));
  EXPECT_EQ(told(hub.get(call)), "what?") << "who asks as ever gets an answer";
  hub.close();
}

TEST_F(ClientHttp2Test, AProtocolThatWasNotOfferedIsNotSpoken) {
  Upstream upstream(
      [](Conversation& conversation) {
        while (conversation.secure() && conversation.request()) conversation.answer("HTTP/1.1 all the same");
      },
      &certificate_, 0, "!h2c");
  Asking hub({}, trust);
  const auto answer = hub.get(upstream.url("/"));
  EXPECT_EQ(code_of(answer), Code::unreachable) << told(answer);
  hub.close();
}

TEST_F(ClientHttp2Test, CarriesLargeBodiesBothWays) {
  const std::string large(3'000'000, 'x');
  auto upstream = serve(
      [](H2Talk& talk, int) {
        talk.send(frame_of(frame::window_update, 0, 0, big_endian(10'000'000, 4)));
        while (const auto asked = talk.request()) {
          const std::string_view body = asked->body;
          talk.send(head_frame(asked->stream, {{":status", "200"}, {"content-length", std::to_string(body.size())}}));
          for (std::size_t at = 0; at < body.size(); at += 16'000)
            talk.send(
                data_frame(asked->stream, body.substr(at, 16'000), at + 16'000 >= body.size() ? frame::kEndStream : 0));
        }
      },
      {{4, 10'000'000}});
  Asking hub({}, trust);
  for (int i = 0; i < 2; ++i) {
    auto call = Asking::call_to(upstream->url(), "POST");
    call.body = large;
    call.max_body_bytes = large.size();
    const auto answer = hub.get(call);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, large);
  }
  EXPECT_EQ(upstream->connections(), 1);
  hub.close();
}

TEST_F(ClientHttp2Test, ARequestWhoseWindowNeverOpensEndsByItsDeadline) {
  auto upstream = serve(
      [](H2Talk& talk, int) {
        std::int32_t stuck = 0;
        while (const auto frame = talk.next()) {
          if (frame->type == frame::headers && stuck == 0)
            stuck = frame->stream;
          else if (frame->type == frame::headers)
            talk.send(answer_frames(frame->stream, "fine"));
        }
      },
      {{4, 0}});
  Asking hub({}, trust);
  auto call = Asking::call_to(upstream->url("/stuck"), "POST");
  call.body = "never sent";
  call.deadline = hub.in(100ms);
  EXPECT_EQ(code_of(hub.get(call)), Code::timeout);
  EXPECT_EQ(told(hub.get(upstream->url("/"))), "fine");
  EXPECT_EQ(upstream->connections(), 1) << "the connection lives on";
  hub.close();
}

TEST_F(ClientHttp2Test, ACancelledCallIsResetAndTheOthersGoOn) {
  std::promise<void> arrived;
  std::promise<std::string> reset;
  auto upstream = serve([&](H2Talk& talk, int) {
    const auto first = talk.request();
    const auto second = talk.request();
    if (!second) return;
    arrived.set_value();
    const auto frame = talk.await_frame(frame::rst_stream);
    reset.set_value(frame ? std::to_string(frame->stream) + " " + std::to_string(frame->payload[3]) : "none");
    talk.send(answer_frames(first->stream, "too late") + answer_frames(second->stream, "mine"));
    talk.answer_all();
  });
  Asking hub({}, trust);
  auto asked = ask_at_once(hub, 2, upstream->url("/"));
  arrived.get_future().wait();
  hub.thread.run([&] { hub.client->cancel(asked[0].id); });
  EXPECT_EQ(code_of(asked[0].answer.get()), Code::cancelled);
  EXPECT_EQ(reset.get_future().get(), "1 8");
  EXPECT_EQ(told(asked[1].answer.get()), "mine");
  EXPECT_EQ(told(hub.get(upstream->url("/more"))), "/more");
  EXPECT_EQ(upstream->connections(), 1);
  hub.close();
}

TEST_F(ClientHttp2Test, OpensAnotherConnectionWhereOneMayCarryNoMore) {
  std::latch all(3); // none is answered before all 25 are there, over connections of ten
  auto upstream = serve(
      [&](H2Talk& talk, int connection) {
        if (connection == 1)
          if (const auto first = talk.request()) talk.send(answer_frames(first->stream, "first"));
        std::vector<H2Request> waiting;
        while (waiting.size() < (connection == 3 ? 5 : 10)) {
          auto asked = talk.request();
          if (!asked) break;
          waiting.push_back(std::move(*asked));
        }
        all.arrive_and_wait();
        for (const auto& asked : waiting) talk.send(answer_frames(asked.stream, "x"));
        talk.answer_all();
      },
      {{3, 10}});
  Asking hub({}, trust);
  EXPECT_EQ(told(hub.get(upstream->url("/"))), "first");
  auto asked = ask_at_once(hub, 25, upstream->url("/"));
  for (auto& one : asked) EXPECT_EQ(told(one.answer.get()), "x");
  EXPECT_EQ(upstream->connections(), 3);
  hub.close();
}

TEST_F(ClientHttp2Test, ABurstBeyondAnUnknownLimitIsAnsweredAllTheSame) {
  auto upstream = serve(
      [&](H2Talk& talk, int) {
        std::vector<H2Request> open;
        int refused = 0;
        while (const auto asked = talk.request()) {
          if (open.size() < 3)
            open.push_back(*asked);
          else {
            ++refused;
            talk.send(reset_frame(asked->stream, 7));
          }
          if (open.size() < 3) continue;
          for (const auto& one : open) talk.send(answer_frames(one.stream, field(one.fields, ":path")));
          open.clear();
        }
      },
      {{3, 3}});
  Asking hub({}, trust);
  auto asked = ask_at_once(hub, 30, upstream->url("/"));
  for (std::size_t i = 0; i < asked.size(); ++i) EXPECT_EQ(told(asked[i].answer.get()), "/" + std::to_string(i));
  hub.close();
}

TEST_F(ClientHttp2Test, WaitsWhereNoStreamIsAllowedUntilItIs) {
  std::promise<void> allowed;
  auto upstream = serve([&](H2Talk& talk, int connection) {
    if (connection > 1) return;
    if (const auto first = talk.request()) talk.send(answer_frames(first->stream, "first") + settings_frame({{3, 0}}));
    talk.await(frame::settings); // the hub has taken it
    allowed.get_future().wait();
    talk.send(settings_frame({{3, 100}}));
    talk.answer_all();
  });
  Asking hub({}, trust);
  EXPECT_EQ(told(hub.get(upstream->url("/"))), "first");
  auto waiting = ask_at_once(hub, 5, upstream->url("/"));
  EXPECT_EQ(waiting[0].answer.wait_for(50ms), std::future_status::timeout);
  allowed.set_value();
  for (auto& one : waiting) EXPECT_TRUE(one.answer.get());
  EXPECT_EQ(upstream->connections(), 1);
  hub.close();
}

TEST_F(ClientHttp2Test, WhoWaitsForAStreamEndsByItsDeadlineOrIsCancelled) {
  auto upstream = serve([](H2Talk& talk, int) {
    if (const auto first = talk.request()) talk.send(answer_frames(first->stream, "first") + settings_frame({{3, 0}}));
    talk.answer_all();
  });
  Asking hub({}, trust);
  EXPECT_EQ(told(hub.get(upstream->url("/"))), "first");
  auto call = Asking::call_to(upstream->url("/"));
  auto cancelled = hub.ask(call);
  call.deadline = hub.in(50ms);
  EXPECT_EQ(code_of(hub.get(call)), Code::timeout);
  hub.thread.run([&] { hub.client->cancel(cancelled.id); });
  EXPECT_EQ(code_of(cancelled.answer.get()), Code::cancelled);
  hub.close();
}

TEST_F(ClientHttp2Test, SendsAgainOnANewConnectionWhatAGoodbyeLeftUntouched) {
  auto upstream = serve([](H2Talk& talk, int connection) {
    if (connection > 1) return talk.answer_all();
    const auto first = talk.request();
    const auto second = talk.request();
    const auto third = talk.request();
    if (!third) return;
    talk.send(goaway_frame(first->stream));
    talk.send(answer_frames(first->stream, "the last one"));
    talk.next(); // the hub closes what it needs no more
  });
  Asking hub({}, trust);
  auto asked = ask_at_once(hub, 3, upstream->url("/"));
  EXPECT_EQ(told(asked[0].answer.get()), "the last one");
  EXPECT_EQ(told(asked[1].answer.get()), "/1");
  EXPECT_EQ(told(asked[2].answer.get()), "/2");
  EXPECT_EQ(upstream->connections(), 2) << "the two share the new one";
  hub.close();
}

TEST_F(ClientHttp2Test, SendsAgainOnlyOnceAndOnlyWhatHasNoEffect) {
  auto upstream = serve([](H2Talk& talk, int) {
    if (!talk.request()) return;
    talk.send(goaway_frame(0));
    talk.next();
  });
  Asking hub({}, trust);
  EXPECT_EQ(code_of(hub.get(upstream->url("/"))), Code::unreachable);
  EXPECT_EQ(upstream->connections(), 2);
  EXPECT_EQ(code_of(hub.get(Asking::call_to(upstream->url("/"), "POST"))), Code::unreachable);
  EXPECT_EQ(upstream->connections(), 3);
  hub.close();
}

TEST_F(ClientHttp2Test, AConnectionThatDiesFailsThoseInFlightAndNoOthers) {
  std::promise<void> die;
  auto upstream = serve([&](H2Talk& talk, int connection) {
    if (connection > 1) return talk.answer_all();
    const auto first = talk.request();
    const auto slow = talk.request();
    if (!slow) return;
    talk.send(answer_frames(first->stream, "in time") + head_frame(slow->stream, {{":status", "200"}}) +
              data_frame(slow->stream, "half"));
    die.get_future().wait();
  });
  Asking hub({}, trust);
  auto asked = ask_at_once(hub, 2, upstream->url("/"));
  EXPECT_EQ(told(asked[0].answer.get()), "in time");
  die.set_value();
  const auto half = asked[1].answer.get();
  EXPECT_EQ(code_of(half), Code::malformed);
  EXPECT_NE(told(half).find("https://localhost"), std::string::npos) << told(half);
  EXPECT_EQ(told(hub.get(upstream->url("/next"))), "/next");
  EXPECT_EQ(upstream->connections(), 2);
  hub.close();
}

TEST_F(ClientHttp2Test, ClosesWhatSaysGoodbyeWhileIdle) {
  auto upstream = serve([](H2Talk& talk, int) {
    if (const auto asked = talk.request())
      talk.send(answer_frames(asked->stream, "once") + goaway_frame(asked->stream));
    while (talk.next()) {}
  });
  Asking hub({}, trust);
  for (int i = 1; i < 5; ++i) {
    EXPECT_EQ(told(hub.get(Asking::call_to(upstream->url("/"), "POST"))), "once");
    while (hub.open() > 0) std::this_thread::yield();
    EXPECT_EQ(upstream->connections(), i);
  }
  hub.close();
}

TEST_F(ClientHttp2Test, LooksBeforeItSendsWhetherAnIdleConnectionHasEnded) {
  std::promise<void> answered, said_goodbye;
  auto upstream = serve([&](H2Talk& talk, int connection) {
    if (connection > 1) return talk.answer_all();
    const auto asked = talk.request();
    if (!asked) return;
    talk.send(answer_frames(asked->stream, "first"));
    answered.get_future().wait();
    talk.send(goaway_frame(asked->stream));
    said_goodbye.set_value();
    while (talk.next()) {}
  });
  Asking hub({}, trust);
  std::promise<Result<Answer>> second;
  hub.thread.run([&] {
    hub.client->send(Asking::call_to(upstream->url("/")), [&](const Result<Answer>& first) {
      EXPECT_EQ(told(first), "first");
      answered.set_value();
      said_goodbye.get_future().wait(); // it lies in the socket, and nobody has looked
      hub.client->send(Asking::call_to(upstream->url("/second"), "POST"), // which is not sent twice
                       [&](Result<Answer> answer) { second.set_value(std::move(answer)); });
    });
  });
  EXPECT_EQ(told(second.get_future().get()), "/second");
  EXPECT_EQ(upstream->connections(), 2);
  hub.close();
}

TEST_F(ClientHttp2Test, LeavesAPeerThatHasFallenSilent) {
  std::promise<void> over;
  auto held = over.get_future().share();
  auto upstream = serve([&](H2Talk& talk, int connection) {
    if (connection > 1) return talk.answer_all();
    talk.request();
    held.wait(); // reads nothing, says nothing
  });
  ClientLimits limits;
  limits.connect_time = 200ms; // and as long may it take to answer a ping
  Asking hub(limits, trust);
  const auto ask_shortly = [&] {
    auto call = Asking::call_to(upstream->url("/"));
    call.deadline = hub.in(100ms);
    return hub.get(call);
  };
  while (!ask_shortly()) {}
  EXPECT_EQ(upstream->connections(), 2);
  while (hub.open() > 1) std::this_thread::yield();
  over.set_value();
  hub.close();
}

TEST_F(ClientHttp2Test, KeepsAPeerThatIsOnlySlow) {
  auto upstream = serve([](H2Talk& talk, int) {
    while (const auto frame = talk.next())
      if (frame->type == frame::ping) talk.send(frame_of(frame::ping, frame::kAck, 0, frame->payload));
  });
  ClientLimits limits;
  limits.connect_time = 20s;
  Asking hub(limits, trust);
  for (int i = 0; i < 3; ++i) {
    auto call = Asking::call_to(upstream->url("/"));
    call.deadline = hub.in(300ms);
    EXPECT_EQ(code_of(hub.get(call)), Code::timeout);
    while (hub.idle() != 1) std::this_thread::yield();
    std::this_thread::sleep_for(20ms); // for its answer to the ping; later: another connection, which is no harm
  }
  EXPECT_LE(upstream->connections(), 3);
  hub.close();
}

TEST_F(ClientHttp2Test, ClosesWhatIsIdleForLong) {
  std::promise<bool> goodbye;
  auto upstream = serve([&](H2Talk& talk, int connection) {
    if (connection > 1) return talk.answer_all();
    if (const auto asked = talk.request()) talk.send(answer_frames(asked->stream, "x"));
    goodbye.set_value(talk.await(frame::goaway));
  });
  ClientLimits limits;
  limits.idle_time = 20ms;
  Asking hub(limits, trust);
  EXPECT_EQ(told(hub.get(upstream->url("/"))), "x");
  while (hub.open() > 0) std::this_thread::yield();
  EXPECT_TRUE(goodbye.get_future().get());
  EXPECT_EQ(told(hub.get(upstream->url("/again"))), "/again");
  hub.close();
}

TEST_F(ClientHttp2Test, AFailedDialFailsAllThatWaitedForIt) {
  const auto stranger = make_certificate("DNS:shop.example", &authority_);
  Upstream upstream([](Conversation&) {}, &stranger, 0, "h2");
  Asking hub({}, trust);
  auto asked = ask_at_once(hub, 10, upstream.url("/"));
  for (auto& one : asked) EXPECT_EQ(code_of(one.answer.get()), Code::unreachable);
  EXPECT_EQ(upstream.connections(), 1);
  EXPECT_EQ(hub.open(), 0U);
  hub.close();
}

TEST_F(ClientHttp2Test, DoneMayAskCancelAndDestroy) {
  auto upstream = serve([](H2Talk& talk, int) { talk.answer_all(); });
  Asking hub({}, trust);
  std::promise<void> finished;
  hub.thread.run([&] {
    auto* client = hub.client.get();
    std::vector<Client::Id> ids;
    auto others = std::make_shared<std::vector<Client::Id>>();
    client->send(Asking::call_to(upstream->url("/first")), [&, others, client](const Result<Answer>& first) {
      EXPECT_EQ(told(first), "/first");
      for (const auto id : *others) client->cancel(id);
      client->send(Asking::call_to(upstream->url("/second")), [&](const Result<Answer>& second) {
        EXPECT_EQ(told(second), "/second");
        hub.client.reset();
        finished.set_value();
      });
    });
    for (int i = 0; i < 5; ++i)
      others->push_back(client->send(Asking::call_to(upstream->url("/other")), [](const Result<Answer>& other) {
        EXPECT_TRUE(other || code_of(other) == Code::cancelled);
      }));
  });
  finished.get_future().wait();
  hub.close();
}

TEST_F(ClientHttp2Test, AClientThatGoesTellsNobody) {
  std::promise<void> arrived;
  auto upstream = serve([&](H2Talk& talk, int) {
    talk.request();
    arrived.set_value();
    talk.await(frame::goaway);
  });
  Asking hub({}, trust);
  auto asked = ask_at_once(hub, 3, upstream->url("/"));
  arrived.get_future().wait();
  hub.close();
  for (auto& one : asked) EXPECT_THROW(one.answer.get(), std::future_error) << "its done was run";
}

// What no HTTP/2 peer would say, over a real connection: it ends, its calls fail, the next call has a new one.
TEST_F(ClientHttp2Test, LeavesWhoBreaksTheRules) {
  std::string pings;
  for (int i = 0; i < 5000; ++i) pings += frame_of(frame::ping, 0, 0, "12345678");
  const std::string garbage = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
  const std::string hpack = frame_of(frame::headers, frame::kEndHeaders, 1, "\xff\xff\xff\xff\xff\xff");
  for (const auto& bytes :
       {pings, garbage, hpack, data_frame(9, "x"), frame_of(frame::data, 0, 1, std::string(99'999, 'x'))}) {
    auto upstream = serve([&](H2Talk& talk, int connection) {
      if (connection > 1) return talk.answer_all();
      if (!talk.request()) return;
      talk.send(bytes);
      while (talk.next()) {}
    });
    Asking hub({}, trust);
    auto asked = ask_at_once(hub, 3, upstream->url("/"));
    for (auto& one : asked) EXPECT_EQ(code_of(one.answer.get()), Code::malformed) << bytes.substr(0, 20);
    EXPECT_EQ(told(hub.get(upstream->url("/next"))), "/next");
    EXPECT_EQ(upstream->connections(), 2);
    hub.close();
  }
}

} // namespace
} // namespace plugboard::http
