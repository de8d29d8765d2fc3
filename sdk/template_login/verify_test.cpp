#include <plugboard/testkit.hpp>

#include <gtest/gtest.h>

using namespace plugboard;
using testkit::FakeHost;
using testkit::Running;

constexpr auto kConfig = R"({"url": "https://verify.example/phones"})";
constexpr auto kPhone = R"({"phone": "+46701234512"})";

TEST(VerifyTest, ACodeThatTheServiceConfirmsProvesWhoItIs) {
  FakeHost host;
  Running connector(host, plugboard_connector_entry_v1(), kConfig);
  host.http().answer({.status = 204});
  const auto first = connector.authenticate({.credential = kPhone}).wait();
  ASSERT_EQ(first.status, Status::challenged);
  EXPECT_EQ(challenge_of(first), R"({"type":"code","attempts_left":3})");

  host.http().answer({.status = 204});
  const auto proof = connector.go_on(first, R"({"code": "123456"})").wait();
  EXPECT_EQ(proof.status, Status::ok);
  EXPECT_EQ(proof.identifiers.at(0).value, "+46701234512");
  EXPECT_EQ(host.http().sent().at(0).url, "https://verify.example/phones/%2B46701234512");
  EXPECT_EQ(host.http().sent().at(1).body, R"({"code":"123456"})");
}

TEST(VerifyTest, AWrongCodeCostsAnAttemptAndTheLastTheLogin) {
  FakeHost host;
  Running connector(host, plugboard_connector_entry_v1(), kConfig);
  host.http().answer({.status = 204});
  auto step = connector.authenticate({.credential = kPhone}).wait();
  for (const auto* left : {"2", "1"}) {
    host.http().answer({.status = 403});
    step = connector.go_on(step, R"({"code": "000000"})").wait();
    ASSERT_EQ(step.status, Status::challenged);
    EXPECT_EQ(challenge_of(step), R"({"type":"code","attempts_left":)" + std::string(left) + "}");
  }
  host.http().answer({.status = 403});
  const auto last = connector.go_on(step, R"({"code": "000000"})").wait();
  EXPECT_EQ(last.status, Status::rejected);
  EXPECT_EQ(last.identifiers.at(0).value, "+46701234512") << "whom it was tried for";
}

TEST(VerifyTest, TellsACustomerWithoutAPhoneFromABrokenService) {
  FakeHost host;
  Running connector(host, plugboard_connector_entry_v1(), kConfig);
  EXPECT_EQ(connector.authenticate({.credential = R"({"phone": "0701234512"})"}).wait().status, Status::rejected);
  host.http().answer({.status = 500});
  EXPECT_EQ(connector.authenticate({.credential = kPhone}).wait().status, Status::upstream_failed);
}
