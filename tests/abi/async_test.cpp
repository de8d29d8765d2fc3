// Answers given later: who may answer, what an exception does, and what a cancelled call hears.
#include <plugboard/plugin.hpp>
#include <plugboard/testkit.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <thread>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#define KEPT_ON_PURPOSE __lsan::ScopedDisabler kept_on_purpose
#endif
#endif
#ifndef KEPT_ON_PURPOSE
#define KEPT_ON_PURPOSE static_cast<void>(0)
#endif

namespace plugboard::testkit {
namespace {

// Runs what the test gives it, so that each test says what its connector does.
using Behaviour = std::function<void(Host, const Request&, Call)>;

class Scriptable : public AsyncLookup {
 public:
  Scriptable(Host host, std::string_view) : host_(host) {}

  void lookup(const Request& request, Call call) override { behaviour(host_, request, std::move(call)); }

  static inline Behaviour behaviour;           // set by each test
  static inline std::function<void()> on_stop; // what stop() does

  void stop() {
    if (on_stop) on_stop();
  }

 private:
  Host host_;
};

class AsyncTest : public testing::Test {
 protected:
  void SetUp() override { Scriptable::on_stop = nullptr; }

  void TearDown() override { Scriptable::behaviour = nullptr; }

  FakeHost host_;
  Running plugin_{host_, connector<Scriptable>()};
};

TEST_F(AsyncTest, AnswersThatItWasAbandonedWhenDropped) {
  Scriptable::behaviour = [](Host, const Request&, Call) {};
  auto asked = plugin_.lookup({});
  EXPECT_EQ(asked.wait().status, Status::abandoned);
  EXPECT_EQ(asked.completions(), 1);
}

TEST_F(AsyncTest, AnswersOnceHoweverOftenItIsMoved) {
  Scriptable::behaviour = [](Host, const Request&, Call call) {
    Call second(std::move(call));
    Call third(std::move(second));
    auto& itself = third;
    third = std::move(itself);
    third.complete(Section{"{}", {}});
    third.fail(Status::failed, "again");
    second.complete(Section{"[]", {}});
    EXPECT_EQ(third.handle(), nullptr);
  };
  auto asked = plugin_.lookup({});
  EXPECT_EQ(asked.wait().data, "{}");
  EXPECT_EQ(asked.completions(), 1);
}

TEST_F(AsyncTest, AbandonsTheCallThatAnotherOneReplaces) {
  std::optional<Call> kept;
  Scriptable::behaviour = [&](Host, const Request&, Call call) {
    if (kept)
      *kept = std::move(call);
    else
      kept.emplace(std::move(call));
  };
  auto first = plugin_.lookup({});
  auto second = plugin_.lookup({});
  EXPECT_EQ(first.wait().status, Status::abandoned);
  EXPECT_FALSE(second.answered());
  kept->complete(Section{"{}", {}});
  EXPECT_EQ(second.wait().status, Status::ok);
}

TEST_F(AsyncTest, CompletesFromAnotherThreadAndKeepsTheRequestUntilThen) {
  std::jthread thread;
  Scriptable::behaviour = [&](Host, const Request& request, Call call) {
    thread = std::jthread([&request, call = std::move(call)]() mutable {
      Section section{json_string(request.section()), {}};
      EXPECT_EQ(&call.request(), &request);
      call.complete(section);
    });
  };
  EXPECT_EQ(plugin_.lookup({.section = "orders"}).wait().data, "\"orders\"");
}

TEST_F(AsyncTest, AnswersWithTheExceptionThatDroppedTheCall) {
  Scriptable::behaviour = [](Host, const Request&, Call) { throw std::runtime_error("out of luck"); };
  auto asked = plugin_.lookup({});
  EXPECT_EQ(asked.wait().status, Status::internal);
  EXPECT_EQ(asked.wait().message, "out of luck");
  EXPECT_EQ(asked.completions(), 1);

  Scriptable::behaviour = [](Host, const Request&, Call) { throw 7; };
  EXPECT_EQ(plugin_.lookup({}).wait().status, Status::internal);
}

TEST_F(AsyncTest, OnlyLogsAnExceptionAfterTheAnswer) {
  Scriptable::behaviour = [](Host, const Request&, Call call) {
    call.complete(Section{"{}", {}});
    throw std::runtime_error("after the answer");
  };
  auto asked = plugin_.lookup({});
  EXPECT_EQ(asked.wait().status, Status::ok);
  EXPECT_EQ(asked.completions(), 1);
  EXPECT_TRUE(host_.logged("after the answer"));
}

TEST_F(AsyncTest, LeavesTheCallToItsHolderWhenAnExceptionPasses) {
  std::optional<Call> kept;
  Scriptable::behaviour = [&](Host, const Request&, Call call) {
    kept.emplace(std::move(call));
    throw std::runtime_error("besides");
  };
  auto asked = plugin_.lookup({});
  EXPECT_FALSE(asked.answered());
  kept->complete(Section{"{}", {}});
  EXPECT_EQ(asked.wait().status, Status::ok);
  EXPECT_TRUE(host_.logged("besides"));
}

TEST_F(AsyncTest, AbandonsWhenTheAuthorCatchesWhatDroppedTheCall) {
  Scriptable::behaviour = [](Host, const Request&, Call call) {
    try {
      Call lost(std::move(call));
      throw std::runtime_error("caught");
    } catch (const std::exception&) {}
  };
  auto asked = plugin_.lookup({});
  EXPECT_EQ(asked.wait().status, Status::abandoned);
  EXPECT_EQ(asked.completions(), 1);
}

TEST_F(AsyncTest, AbandonsWhenAThreadOfTheAuthorsThrowsTheCallAway) {
  std::jthread thread;
  Scriptable::behaviour = [&](Host, const Request&, Call call) {
    thread = std::jthread([call = std::move(call)]() mutable {
      try {
        Call lost(std::move(call));
        throw std::runtime_error("caught");
      } catch (const std::exception&) {}
    });
  };
  EXPECT_EQ(plugin_.lookup({}).wait().status, Status::abandoned);
}

TEST_F(AsyncTest, AnswersWithWhatTheHandlerOfAnHttpAnswerThrew) {
  Scriptable::behaviour = [](Host host, const Request&, Call call) {
    host.send(HttpRequest{.url = "https://x.example"}, std::move(call),
              [](Call, const HttpResponse& response) { throw std::runtime_error(std::string(response.body())); });
  };
  auto asked = plugin_.lookup({});
  host_.http().answer({.body = "no such field"});
  EXPECT_EQ(asked.wait().status, Status::internal);
  EXPECT_EQ(asked.wait().message, "no such field");
  EXPECT_EQ(asked.completions(), 1);
}

TEST_F(AsyncTest, ChainsHttpCalls) {
  Scriptable::behaviour = [](Host host, const Request&, Call call) {
    host.send(HttpRequest{.url = "https://x.example/1"}, std::move(call),
              [host](Call first, const HttpResponse& response) {
                std::string id(response.body());
                host.send(HttpRequest{.url = "https://x.example/" + id}, std::move(first),
                          [](Call second, const HttpResponse& last) {
                            second.complete(Section{std::string(last.body()), {}, true});
                          });
              });
  };
  auto asked = plugin_.lookup({});
  host_.http().answer({.body = "2"});
  host_.http().answer({.body = "{}"});
  EXPECT_EQ(asked.wait().data, "{}");
  EXPECT_TRUE(asked.wait().verbatim);
  EXPECT_EQ(host_.http().sent().at(1).url, "https://x.example/2");
}

TEST_F(AsyncTest, AsksNothingForACallThatIsAnswered) {
  Scriptable::behaviour = [](Host host, const Request&, Call call) {
    call.complete(Section{"{}", {}});
    host.send(HttpRequest{.url = "https://x.example"}, std::move(call), [](Call, const HttpResponse&) { FAIL(); });
  };
  EXPECT_EQ(plugin_.lookup({}).wait().data, "{}");
  EXPECT_TRUE(host_.http().sent().empty());
}

TEST_F(AsyncTest, HearsThatItWasCancelled) {
  using Callback = std::stop_callback<std::function<void()>>;
  std::optional<Call> kept[2];
  std::unique_ptr<Callback> heard[2];
  Scriptable::behaviour = [&](Host, const Request& request, Call call) {
    auto i = kept[0] ? 1U : 0U;
    kept[i].emplace(std::move(call));
    heard[i] = std::make_unique<Callback>(request.cancelled(), [&kept, i] { // answers while it is being told
      kept[i]->fail(Status::cancelled, "gave up");
    });
  };
  auto first = plugin_.lookup({});
  auto second = plugin_.lookup({});
  second.cancel();
  EXPECT_EQ(second.wait().status, Status::cancelled);
  EXPECT_FALSE(first.answered());
  second.cancel(); // over already: nobody is told
  kept[0]->complete(Section{"{}", {}});
  first.cancel();
  EXPECT_EQ(first.wait().status, Status::ok);
  EXPECT_EQ(first.completions() + second.completions(), 2);
}

TEST_F(AsyncTest, StopTellsCallsToEndAndWaitsForThem) {
  std::jthread thread;
  std::atomic<bool> finished = false;
  Scriptable::behaviour = [&](Host, const Request& request, Call call) {
    thread = std::jthread([&finished, cancelled = request.cancelled(), call = std::move(call)]() mutable {
      std::mutex mutex;
      std::condition_variable_any until;
      std::unique_lock lock(mutex);
      until.wait(lock, cancelled, [] { return false; });
      finished = true;
      call.fail(Status::cancelled, "stopped");
    });
  };
  auto asked = plugin_.lookup({});
  auto begun = std::chrono::steady_clock::now();
  plugin_.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::milliseconds(1900)) << "it must not wait in vain";
  EXPECT_TRUE(finished);
  EXPECT_EQ(asked.wait().status, Status::cancelled);
}

TEST(OpenCallTest, IsOverForTheHubOnceItIsAnswered) {
  FakeHost host;
  auto conversation = host.converse(PLUGBOARD_LOOKUP, {});
  detail::OpenCalls all;
  detail::OpenCall call(all, host.raw(), conversation->request(), conversation->handle());
  call.answer(Section{"{}", {}});
  call.answer(Failure{Status::failed, "again"});
  EXPECT_EQ(conversation->completions(), 1);
  all.cancel(conversation->handle()); // by now that may be another call's handle
  EXPECT_FALSE(call.request().cancelled().stop_requested());
}

TEST(AsyncKeepsTest, AnInstanceThatACallStillUses) {
  FakeHost host;
  std::optional<Call> kept;
  Scriptable::on_stop = nullptr;
  Scriptable::behaviour = [&](Host, const Request&, Call call) { kept.emplace(std::move(call)); };
  {
    KEPT_ON_PURPOSE;
    Running plugin(host, connector<Scriptable>());
    plugin.lookup({});
  }
  EXPECT_TRUE(host.logged("kept, not destroyed"));
  kept->complete(Section{"{}", {}}); // would be a use after free
}

// Waits until it is told to end, or asks over HTTP.
class Patient : public Lookup {
 public:
  Patient(Host host, std::string_view) : host_(host) {}

  Result<Section> lookup(const Request& request) override {
    if (request.section() == "http") {
      auto reply = host_.send_and_wait(HttpRequest{.url = "https://x.example"}, request);
      if (!reply) return reply.failure();
      return Section{std::to_string(reply->status) + std::string(reply->header("x").value_or("")) + reply->body, {}};
    }
    std::mutex mutex;
    std::condition_variable_any until;
    std::unique_lock lock(mutex);
    until.wait(lock, request.cancelled(), [] { return false; });
    return Failure{Status::cancelled, "gave up"};
  }

 private:
  Host host_;
};

TEST(BlockingTest, HearsThatItWasCancelled) {
  FakeHost host;
  Running plugin(host, connector<Patient>());
  auto first = plugin.lookup_in_background({});
  auto second = plugin.lookup_in_background({.section = "http"});
  host.http().wait_for_sent(1);
  second.cancel();
  EXPECT_EQ(second.wait().status, Status::cancelled);
  do first.cancel(); // its thread may not have begun
  while (!first.wait_for(std::chrono::milliseconds(1)));
  EXPECT_EQ(first.wait().message, "gave up");
}

TEST(BlockingTest, WaitsForAnHttpAnswer) {
  FakeHost host;
  Running plugin(host, connector<Patient>());
  auto asked = plugin.lookup_in_background({.section = "http"});
  host.http().wait_for_sent(1);
  host.http().answer({.status = 203, .headers = {{"x", "-"}}, .body = "{}"});
  EXPECT_EQ(asked.wait().data, "203-{}");

  host.http().answer({.error = Status::unreachable, .message = "no such host"});
  EXPECT_EQ(plugin.lookup({.section = "http"}).wait().message, "no such host");
  host.http().refuse(Status::egress_denied);
  EXPECT_EQ(plugin.lookup({.section = "http"}).wait().status, Status::egress_denied);
}

} // namespace
} // namespace plugboard::testkit
