// Several requests at once, and what goes on when all have come to an end.
#include <plugboard/plugin.hpp>
#include <plugboard/testkit.hpp>

#include <gtest/gtest.h>

#include <thread>

namespace plugboard::testkit {
namespace {

using Replies = std::vector<Result<HttpReply>>;

// Asks as many systems at once as the section says, and answers with what each said.
class Gatherer : public AsyncLookup {
 public:
  Gatherer(Host host, std::string_view) : host_(host) {}

  void lookup(const Request& request, Call call) override {
    std::vector<HttpRequest> all;
    for (char each : request.section()) all.push_back({.url = std::string("https://x.example/") + each});
    host_.send_all(all, std::move(call), [](Call asked, const Replies& replies) {
      std::string said;
      for (const auto& reply : replies)
        said += reply ? reply->body + ";" : "-" + std::to_string(static_cast<int>(reply.failure().status)) + ";";
      if (said == "throw;") throw std::runtime_error("thrown when all had come");
      asked.complete(Section{.data = said});
    });
  }

 private:
  Host host_;
};

TEST(SendAllTest, GoesOnOnceWhenAllHaveComeInWhateverOrder) {
  FakeHost host;
  Running plugin(host, connector<Gatherer>());
  auto asked = plugin.lookup({.section = "abc"});
  EXPECT_EQ(host.http().wait_for_sent(3)[2].url, "https://x.example/c"); // all at once
  host.http().answer({.body = "A"});
  host.http().answer({.error = Status::unreachable});
  EXPECT_FALSE(asked.answered());
  host.http().answer({.body = "C"});
  EXPECT_EQ(asked.wait().data, "A;-16;C;");
  EXPECT_EQ(asked.completions(), 1);
}

TEST(SendAllTest, TakesAnswersThatAreThereAtOnceAndNoneAtAll) {
  FakeHost host;
  host.http().serve([](const Sent& sent) { return Scripted{.body = sent.url.substr(18)}; });
  Running plugin(host, connector<Gatherer>());
  EXPECT_EQ(plugin.lookup({.section = "xyz"}).wait().data, "x;y;z;");
  EXPECT_EQ(plugin.lookup({.section = ""}).wait().data, "");
}

TEST(SendAllTest, SaysOfEachThatTheHubRefusedIt) {
  FakeHost host;
  host.http().refuse(Status::egress_denied);
  Running plugin(host, connector<Gatherer>());
  EXPECT_EQ(plugin.lookup({.section = "ab"}).wait().data, "-17;-17;");
  host.without(PLUGBOARD_HOST_HTTP_V1);
  EXPECT_EQ(plugin.lookup({.section = "ab"}).wait().status, Status::unsupported);
}

TEST(SendAllTest, EndsWithItsCall) {
  FakeHost host;
  Running plugin(host, connector<Gatherer>());
  auto asked = plugin.lookup({.section = "abc"});
  host.http().answer({.body = "A"});
  asked.cancel();
  EXPECT_EQ(asked.wait().data, "A;-34;-34;");
}

TEST(SendAllTest, AnswersWithWhatWasThrown) {
  FakeHost host;
  Running plugin(host, connector<Gatherer>());
  auto asked = plugin.lookup({.section = "a"});
  host.http().answer({.body = "throw"});
  const auto answer = asked.wait();
  EXPECT_EQ(answer.status, Status::internal);
  EXPECT_EQ(answer.message, "thrown when all had come");
}

TEST(SendAllTest, TakesAnswersFromManyThreads) {
  FakeHost host;
  Running plugin(host, connector<Gatherer>());
  auto asked = plugin.lookup({.section = "abcdefgh"});
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { host.http().answer({.body = "x"}); });
  EXPECT_EQ(asked.wait().data, "x;x;x;x;x;x;x;x;");
}

} // namespace
} // namespace plugboard::testkit
