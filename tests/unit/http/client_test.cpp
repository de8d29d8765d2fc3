#include "tests/unit/http/asking.hpp"
#include "tests/unit/http/serving.hpp"
#include "tests/unit/http/upstream.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

namespace plugboard::http {
namespace {

using namespace std::chrono_literals;

// An upstream that sends the same bytes to every request, and then closes.
Upstream::Script once(std::string bytes) {
  return [bytes = std::move(bytes)](Conversation& conversation) {
    if (conversation.request()) conversation.send(bytes);
  };
}

TEST(ClientTest, AsksAndIsAnswered) {
  std::string seen;
  Upstream upstream([&](Conversation& conversation) {
    seen = conversation.request().value_or("");
    conversation.answer("{\"a\":1}", "Content-Type: application/json\r\nX-A: 1\r\nx-a: 2\r\n");
  });
  Asking hub;
  auto call = Asking::call_to(upstream.url("/x?y=z"), "POST");
  call.headers = {{"authorization", "Bearer t"}};
  call.body = "hello";
  const auto answer = hub.get(call);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "{\"a\":1}");
  EXPECT_EQ(find(answer->headers, "content-type"), "application/json");
  EXPECT_EQ(answer->headers.size(), 4U);
  hub.close();
  EXPECT_EQ(seen, "POST /x?y=z HTTP/1.1\r\nhost: 127.0.0.1:" + std::to_string(upstream.port()) +
                      "\r\nauthorization: Bearer t\r\ncontent-length: 5\r\n\r\nhello");
}

TEST(ClientTest, TakesAnswersInEveryForm) {
  struct Form {
    std::string bytes;
    int status;
    std::string body;
  };

  const std::vector<Form> forms{
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 200, "abcde"},
      {"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, "hi"},
      {"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end", 200, "until the end"},
      {"HTTP/1.0 200 OK\r\n\r\nold", 200, "old"},
      {"HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
      {"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone", 404, "none"},
      {"HTTP/1.1 503 Busy\r\nContent-Length: 15\r\nContent-Type: text/html\r\n\r\n<html>no</html>", 503,
       "<html>no</html>"},
      {"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", 301, ""},
  };
  for (const auto& form : forms) {
    Upstream upstream(once(form.bytes));
    Asking hub;
    const auto answer = hub.get(upstream.url());
    ASSERT_TRUE(answer) << form.bytes << answer.error().message;
    EXPECT_EQ(answer->status, form.status);
    EXPECT_EQ(answer->body, form.body);
    hub.close();
  }
}

TEST(ClientTest, NamesWhatIsWrongWithAnAnswer) {
  struct Form {
    std::string bytes;
    Code code;
  };

  const std::vector<Form> forms{
      {"", Code::unreachable},
      {"HTTP/1.1 200 OK\r\nContent-Le", Code::malformed},
      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", Code::malformed},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf", Code::malformed},
      {"<html>\r\n<body>no http</body>\r\n\r\n", Code::malformed},
      {"HTTP/1.1 200 OK\r\n\r\nno length", Code::malformed},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", Code::malformed},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Encoding: gzip\r\n\r\nhi", Code::malformed},
      {"HTTP/1.1 101 Switching\r\n\r\n", Code::malformed},
      {"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", Code::too_large},
      {"HTTP/1.1 200 OK\r\nX: " + std::string(50'000, 'a') + "\r\n\r\n", Code::too_large},
      {"HTTP/1.0 200 OK\r\n\r\n" + std::string(2'000'000, 'a'), Code::too_large},
  };
  for (const auto& form : forms) {
    Upstream upstream(once(form.bytes));
    Asking hub;
    const auto answer = hub.get(upstream.url());
    EXPECT_EQ(code_of(answer), form.code) << form.bytes.substr(0, 100);
    ASSERT_FALSE(answer);
    const auto name = "http://127.0.0.1:" + std::to_string(upstream.port());
    EXPECT_NE(answer.error().message.find(name), std::string::npos) << answer.error().message;
    EXPECT_EQ(answer.error().origin, name);
    EXPECT_EQ(hub.open(), 0U);
    hub.close();
  }
}

TEST(ClientTest, HoldsACallToItsOwnSize) {
  Upstream upstream([](Conversation& conversation) {
    while (conversation.request()) conversation.answer(std::string(100, 'a'));
  });
  Asking hub;
  auto call = Asking::call_to(upstream.url());
  call.max_body_bytes = 100;
  EXPECT_TRUE(hub.get(call));
  call.max_body_bytes = 99;
  EXPECT_EQ(code_of(hub.get(call)), Code::too_large);
  hub.close();
}

TEST(ClientTest, SendsAndTakesLargeBodies) {
  const std::string large(5'000'000, 'x');
  Upstream upstream([&](Conversation& conversation) {
    while (auto request = conversation.request()) conversation.answer(request->substr(request->find("\r\n\r\n") + 4));
  });
  Asking hub;
  for (int i = 0; i < 2; ++i) {
    auto call = Asking::call_to(upstream.url(), "PUT");
    call.body = large;
    call.max_body_bytes = large.size();
    const auto answer = hub.get(call);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, large);
  }
  EXPECT_EQ(upstream.connections(), 1);
  hub.close();
}

TEST(ClientTest, TakesAnAnswerThatComesBeforeTheRequestIsSent) {
  Upstream upstream([](Conversation& conversation) {
    conversation.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
    conversation.hub_closed();
  });
  Asking hub;
  auto call = Asking::call_to(upstream.url(), "POST");
  call.body = std::string(50'000'000, 'x');
  const auto answer = hub.get(call);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 413);
  EXPECT_EQ(hub.idle(), 0U) << "half a request was sent on it";
  hub.close();
}

TEST(ClientTest, ReadsNoBodyAfterHead) {
  Upstream upstream([](Conversation& conversation) {
    while (conversation.request()) conversation.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  });
  Asking hub;
  for (int i = 0; i < 2; ++i) EXPECT_EQ(hub.get(Asking::call_to(upstream.url(), "HEAD"))->body, "");
  EXPECT_EQ(upstream.connections(), 1);
  hub.close();
}

TEST(ClientTest, SaysThatNobodyIsThere) {
  std::uint16_t port = 0;
  {
    Upstream upstream([](Conversation&) {});
    port = upstream.port();
  }
  Asking hub;
  for (const std::string host : {"127.0.0.1", "[::1]", "localhost"}) {
    const auto answer = hub.get("http://" + host + ":" + std::to_string(port) + "/");
    EXPECT_EQ(code_of(answer), Code::unreachable);
    EXPECT_NE(answer.error().message.find("Connection refused"), std::string::npos) << answer.error().message;
  }
  const auto unknown = hub.get("http://no-such-host.invalid/");
  EXPECT_EQ(code_of(unknown), Code::unreachable);
  EXPECT_NE(unknown.error().message.find("no-such-host.invalid"), std::string::npos);
}

TEST(ClientTest, FindsAnUpstreamByName) {
  Upstream upstream([](Conversation& conversation) {
    while (conversation.request()) conversation.answer("hi");
  });
  Asking hub;
  const auto answer = hub.get("http://localhost:" + std::to_string(upstream.port()) + "/");
  ASSERT_TRUE(answer) << answer.error().message << ": tries the addresses in order";
  hub.close();
}

TEST(ClientTest, AsksOverAUnixSocket) {
  Echo echo;
  const auto path = testing::TempDir() + "plugboard-client-" + std::to_string(::getpid()) + ".sock";
  Serving served(echo.handler(), {}, UnixEndpoint{path});
  Asking hub;
  Call call;
  call.url.origin.unix_path = path;
  call.url.target = "/admin";
  for (int i = 0; i < 2; ++i) {
    const auto answer = hub.get(call);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, "/admin|");
  }
  EXPECT_EQ(hub.open(), 1U);
  for (const std::string& nobody : {path + ".no", std::string(200, 'x')}) {
    call.url.origin.unix_path = nobody;
    const auto answer = hub.get(call);
    EXPECT_EQ(code_of(answer), Code::unreachable);
    EXPECT_NE(answer.error().message.find(nobody), std::string::npos) << answer.error().message;
  }
}

TEST(ClientTest, AResetIsUnreachable) {
  Upstream upstream([](Conversation& conversation) {
    conversation.request();
    conversation.reset();
  });
  Asking hub;
  EXPECT_EQ(code_of(hub.get(upstream.url())), Code::unreachable);
}

TEST(ClientTest, TimesOutAndNeverUsesThatConnectionAgain) {
  Upstream upstream([](Conversation& conversation) {
    if (conversation.number() == 1) {
      conversation.request();
      EXPECT_TRUE(conversation.hub_closed());
      return;
    }
    while (conversation.request()) conversation.answer("second");
  });
  Asking hub;
  auto call = Asking::call_to(upstream.url());
  call.deadline = hub.in(50ms);
  const auto before = hub.clock.now();
  const auto late = hub.get(call);
  EXPECT_EQ(code_of(late), Code::timeout);
  EXPECT_GE(hub.clock.now() - before, 50ms);
  EXPECT_EQ(hub.open(), 0U);
  EXPECT_EQ(hub.get(upstream.url())->body, "second");
  EXPECT_EQ(upstream.connections(), 2);
  hub.close();
}

TEST(ClientTest, DoesNotBeginWhatIsTooLate) {
  Upstream upstream([](Conversation& conversation) { conversation.request(); });
  Asking hub;
  auto call = Asking::call_to(upstream.url());
  call.deadline = Deadline(hub.clock.now());
  EXPECT_EQ(code_of(hub.get(call)), Code::timeout);
  EXPECT_EQ(upstream.connections(), 0);
}

TEST(ClientTest, TimesOutWhileConnecting) {
  Upstream slow([](Conversation& conversation) { conversation.hub_closed(); });
  ClientLimits limits;
  limits.connect_time = 50ms;
  Asking hub(limits);
  const auto answer = hub.get("https://127.0.0.1:" + std::to_string(slow.port()) + "/");
  EXPECT_EQ(code_of(answer), Code::unreachable);
  EXPECT_NE(answer.error().message.find("TLS handshake took too long"), std::string::npos) << answer.error().message;
}

TEST(ClientTest, CancelsAtOnce) {
  std::promise<void> arrived;
  Upstream upstream([&](Conversation& conversation) {
    conversation.request();
    arrived.set_value();
    conversation.hub_closed();
  });
  Asking hub;
  auto asked = hub.ask(Asking::call_to(upstream.url()));
  arrived.get_future().wait();
  hub.thread.run([&] {
    hub.client->cancel(asked.id);
    EXPECT_EQ(asked.answer.wait_for(0s), std::future_status::ready) << "before cancel returns";
    EXPECT_EQ(hub.client->open_connections(), 0U);
    hub.client->cancel(asked.id); // nothing happens
    hub.client->cancel(12345);
  });
  EXPECT_EQ(code_of(asked.answer.get()), Code::cancelled);
}

TEST(ClientTest, NeverAnswersBeforeSendReturns) {
  Asking hub;
  hub.thread.run([&] {
    bool answered = false;
    auto bad = Asking::call_to("http://127.0.0.1:1/");
    bad.headers = {{"x", "a\r\nb: c"}};
    auto late = Asking::call_to("http://127.0.0.1:1/");
    late.deadline = Deadline(hub.clock.now());
    for (const auto& call : {bad, late, Asking::call_to("http://127.0.0.1:1/")})
      hub.client->send(call, [&](const Result<Answer>&) { answered = true; });
    EXPECT_FALSE(answered);
    hub.client.reset(); // and their Done do not run
  });
}

TEST(ClientTest, RefusesACallThatCouldSplit) {
  Asking hub;
  auto call = Asking::call_to("http://127.0.0.1:1/");
  call.headers = {{"x", "a\r\nb: c"}};
  EXPECT_EQ(code_of(hub.get(call)), Code::invalid_argument);
}

TEST(ClientTest, GoesWithCallsUnderWay) {
  std::promise<void> arrived;
  Upstream upstream([&](Conversation& conversation) {
    conversation.request();
    arrived.set_value();
    conversation.hub_closed();
  });
  Asking hub;
  bool ran = false;
  hub.thread.run(
      [&] { hub.client->send(Asking::call_to(upstream.url()), [&](const Result<Answer>&) { ran = true; }); });
  arrived.get_future().wait();
  hub.close();
  hub.thread.run([] {});
  EXPECT_FALSE(ran);
}

TEST(ClientTest, GoesWhileNamesAreLookedUp) {
  IoThread thread;
  const SystemClock clock;
  const auto log = no_log();
  thread.run([&] {
    const auto client = Client::make(thread.io(), {}, {}, clock, *log);
    for (const std::string host : {"localhost", "no-such-host.invalid", "127.0.0.1"})
      client->send(Asking::call_to("http://" + host + ":1/"), [](const Result<Answer>&) { ADD_FAILURE(); });
  });
  thread.run([] {});
}

TEST(ClientTest, MayBeDestroyedByADone) {
  Upstream upstream([](Conversation& conversation) {
    conversation.request();
    conversation.answer("hi");
    conversation.hub_closed();
  });
  Asking hub;
  std::promise<void> done;
  hub.thread.run([&] {
    hub.client->send(Asking::call_to(upstream.url()), [&](const Result<Answer>&) {
      hub.client.reset();
      done.set_value();
    });
  });
  done.get_future().wait();
}

TEST(ClientTest, ADoneMayAskAgain) {
  Upstream upstream([](Conversation& conversation) {
    while (conversation.request()) conversation.answer("hi");
  });
  Asking hub;
  std::promise<int> done;
  int left = 20;
  std::function<void(Result<Answer>)> again = [&](Result<Answer> answer) {
    if (!answer || --left == 0) return done.set_value(left);
    hub.client->send(Asking::call_to(upstream.url()), again);
  };
  hub.thread.run([&] { hub.client->send(Asking::call_to(upstream.url()), again); });
  EXPECT_EQ(done.get_future().get(), 0);
  EXPECT_EQ(upstream.connections(), 1);
  hub.close();
}

} // namespace
} // namespace plugboard::http
