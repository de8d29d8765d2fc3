// An authentication in several steps, as the testkit plays the hub's part in it.
#include <plugboard/plugin.hpp>
#include <plugboard/testkit.hpp>

#include <gtest/gtest.h>

namespace plugboard::testkit {
namespace {

// Counts its steps down in its state, and keeps what it was told in the first.
class Countdown : public Authenticate {
 public:
  Countdown(Host, std::string_view) {}

  Result<Step> authenticate(const Request& request) override {
    if (request.credential() == "{}") return Failure{.status = Status::rejected, .tried = Yield{"user_id", "u-1"}};
    const std::string state(request.state());
    if (state == "1") return proof();
    return Challenge{state.empty() ? "two\"\n\\\x01\xc3\xa5{[," : "1", R"({"type":"code","a":{"state":"}"}})",
                     1'800'000'000};
  }

 private:
  static Proof proof() {
    Proof proof;
    proof.issuer = proof.subject = "s";
    proof.methods = {"count"};
    return proof;
  }
};

TEST(StepsTest, GoOnWithTheStateOfTheStepBefore) {
  FakeHost host;
  Running login(host, connector<Countdown>());
  const auto first = login.authenticate({.credential = R"({"a":1})"}).wait();
  ASSERT_EQ(first.status, Status::challenged);
  EXPECT_EQ(state_of(first), "two\"\n\\\x01\xc3\xa5{[,");
  EXPECT_EQ(challenge_of(first), R"({"type":"code","a":{"state":"}"}})");
  EXPECT_EQ(expires_at_of(first), 1'800'000'000);
  const auto second = login.go_on(first, R"({"b":1})").wait();
  EXPECT_EQ(state_of(second), "1");
  EXPECT_EQ(login.go_on(second, R"({"c":1})").wait().status, Status::ok);
}

TEST(StepsTest, HaveNoStateToGoOnWithOnceTheyAreOver) {
  FakeHost host;
  Running login(host, connector<Countdown>());
  const auto refused = login.authenticate({.credential = "{}"}).wait();
  EXPECT_EQ(refused.status, Status::rejected);
  ASSERT_EQ(refused.identifiers.size(), 1U);
  EXPECT_EQ(refused.identifiers[0].value, "u-1");
  EXPECT_THROW(static_cast<void>(login.go_on(refused, "{}")), std::runtime_error);
}

TEST(StepsTest, AreReadInAnyOrderAndSpacing) {
  Answer answer;
  answer.status = Status::challenged;
  answer.data = R"({ "expires_at" : 7 , "challenge" : {"state": "no"} , "state" : "\u0041" })";
  EXPECT_EQ(state_of(answer), "A");
  EXPECT_EQ(challenge_of(answer), R"({"state": "no"})");
  EXPECT_EQ(expires_at_of(answer), 7);
  answer.data = R"({"challenge": {"state": "no"}})";
  EXPECT_THROW(static_cast<void>(state_of(answer)), std::runtime_error);
}

} // namespace
} // namespace plugboard::testkit
