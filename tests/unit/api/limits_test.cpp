// What keeps a client within its limits: rate and quota, and guesses at a customer's proof.
#include "core/api/allowance.hpp"
#include "core/api/guessing.hpp"
#include "core/http/exchange.hpp"

#include <gtest/gtest.h>

namespace plugboard::api {
namespace {

using namespace std::chrono_literals;

class Recorded final : public http::Exchange { // the answer, for the test
 public:
  explicit Recorded(std::optional<http::Response>& answer) : answer_(answer) {}

  void answer(http::Response response) override { answer_ = std::move(response); }

  void drop() override {}

  void on_gone(std::function<void()>) override {}

 private:
  std::optional<http::Response>& answer_;
};

class AllowanceTest : public testing::Test {
 protected:
  AllowanceTest() { client.use = std::make_shared<session::ClientUse>(); }

  // The answer that it led to: one of the limits, or an empty one.
  http::Response ask(bool is_context) {
    std::optional<http::Response> answer;
    http::Responder responder(std::make_shared<Recorded>(answer));
    if (allow(client, is_context, clock, responder)) responder.send({});
    return std::move(*answer);
  }

  FakeClock clock;
  session::Client client;
};

TEST_F(AllowanceTest, SaysNothingToAClientWithoutLimits) {
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(ask(true).headers.empty());
}

TEST_F(AllowanceTest, TellsOfBothLimitsAndWhichIsReached) {
  client.rate_limit = {1, 3};
  client.contexts_per_day = 2;
  clock.advance(23h);
  EXPECT_EQ(http::find(ask(false).headers, "ratelimit"), R"("requests";r=2;t=1)");
  const auto second = ask(true);
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(http::find(second.headers, "ratelimit-policy"), R"("requests";q=3;w=3, "contexts";q=2;w=86400)");
  EXPECT_EQ(http::find(second.headers, "ratelimit"), R"("requests";r=1;t=2, "contexts";r=1;t=3600)");
  EXPECT_EQ(ask(true).status, 200);
  const auto by_rate = ask(true);
  EXPECT_EQ(by_rate.status, 429);
  EXPECT_EQ(http::find(by_rate.headers, "retry-after"), "1");
  EXPECT_EQ(http::find(by_rate.headers, "ratelimit"), R"("requests";r=0;t=1)");
  clock.advance(10s);
  const auto by_quota = ask(true);
  EXPECT_EQ(by_quota.status, 429);
  EXPECT_EQ(http::find(by_quota.headers, "retry-after"), "3590");
  EXPECT_EQ(ask(false).status, 200);
}

class GuessingTest : public testing::Test {
 protected:
  FakeClock clock;
  session::BadTries tries;
  Attempt attempt{"default", "login", "192.0.2.7"};
  Identifier ada{"email", "ada@shop.example", false, "login"};
};

TEST_F(GuessingTest, MakesWhoeverWasGuessedAtWaitByAnyOfTheirIdentifiers) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(too_many_guesses(tries, attempt, {ada}, clock.now()));
    count_guess(tries, attempt, ada, clock.now());
  }
  auto verified = ada;
  verified.verified = true;
  verified.source = "elsewhere";
  const auto waits =
      too_many_guesses(tries, attempt, {Identifier{"phone", "+46700000000", false, ""}, verified}, clock.now());
  ASSERT_TRUE(waits);
  EXPECT_EQ(waits->status, 429);
  EXPECT_EQ(http::find(waits->headers, "retry-after"), "60");
  EXPECT_FALSE(too_many_guesses(tries, attempt, {Identifier{"phone", "ada@shop.example", false, ""}}, clock.now()));
  attempt.source = "192.0.2.8";
  EXPECT_FALSE(too_many_guesses(tries, attempt, {ada}, clock.now()));
}

} // namespace
} // namespace plugboard::api
