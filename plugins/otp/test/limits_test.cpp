// How often codes are sent, and what happens when they can't be.
#include "plugins/otp/test/setting.hpp"

#include <gmock/gmock.h>

#include <thread>

namespace otp::test {
namespace {

using plugboard::Status;
using plugboard::testkit::Scripted;
using ::testing::HasSubstr;

class OtpLimitsTest : public OtpTest {};

std::string phone(int number) {
  return R"({"phone": "+4670)" + std::to_string(1'000'000 + number) + "\"}";
}

TEST_F(OtpLimitsTest, ARecipientGetsSoManyAnHour) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(step(kPhone).status, Status::challenged);
  const auto answer = step(kPhone);
  EXPECT_EQ(answer.status, Status::rejected);
  ASSERT_EQ(answer.identifiers.size(), 1U);
  EXPECT_EQ(answer.identifiers[0].value, "+46701234512");
  EXPECT_EQ(step(phone(1)).status, Status::challenged) << "others do not notice";
  tenant = "market";
  EXPECT_EQ(step(kPhone).status, Status::challenged) << "nor does another tenant's customer of that number";
  tenant = "default";
  steady_now += std::chrono::hours(1);
  EXPECT_EQ(step(kPhone).status, Status::challenged);
}

TEST_F(OtpLimitsTest, CaseMakesNoOtherRecipient) {
  for (const auto* name : {"ada", "Ada", "aDa", "adA", "ADA"})
    EXPECT_EQ(step(R"({"email": ")" + std::string(name) + "@shop.example\"}").status, Status::challenged);
  EXPECT_EQ(step(R"({"email": "ada@SHOP.example"})").status, Status::rejected);
}

TEST_F(OtpLimitsTest, ARecipientGetsSoManyADay) {
  int sent = 0;
  for (int hour = 0; hour < 24; ++hour, steady_now += std::chrono::hours(1))
    for (int i = 0; i < 5; ++i) sent += step(kPhone).status == Status::challenged;
  EXPECT_EQ(sent, 15);
  EXPECT_EQ(step(kPhone).status, Status::challenged) << "the day is over";
}

TEST_F(OtpLimitsTest, AllGetSoManyAnHour) {
  configure(config(R"(, "limits": {"per_hour": 3})"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(step(phone(i)).status, Status::challenged);
  EXPECT_EQ(step(phone(3)).status, Status::busy);
  EXPECT_EQ(host.http().sent().size(), 3U);
}

TEST_F(OtpLimitsTest, HoldWhenManyAskAtOnce) {
  configure(config(R"(, "limits": {"per_recipient_per_hour": 7})"));
  std::atomic<int> sent = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (int n = 0; n < 20; ++n) sent += step(kPhone).status == Status::challenged;
      });
  }
  EXPECT_EQ(sent, 7);
}

TEST_F(OtpLimitsTest, TheSendersFailureIsNamedAndNotTheCustomers) {
  const std::pair<Scripted, Status> cases[] = {{{.status = 400}, Status::upstream_refused},
                                               {{.status = 302}, Status::upstream_failed},
                                               {{.status = 401}, Status::upstream_unauthorized},
                                               {{.status = 429}, Status::upstream_rate_limited},
                                               {{.status = 500}, Status::upstream_failed},
                                               {{.error = Status::unreachable}, Status::unreachable},
                                               {{.error = Status::egress_denied}, Status::egress_denied},
                                               {{.error = Status::timeout}, Status::timeout}};
  int number = 0;
  for (const auto& [scripted, status] : cases) {
    host.http().serve([scripted = scripted](const auto&) { return scripted; });
    EXPECT_EQ(step(phone(++number)).status, status) << scripted.status;
  }
  host.http().serve([](const auto&) { return Scripted{.status = 422}; });
  const auto refused = step(phone(++number));
  EXPECT_EQ(refused.status, Status::rejected) << "this recipient can't be sent to";
  EXPECT_EQ(refused.identifiers.size(), 1U);
}

TEST_F(OtpLimitsTest, SendsOnceMoreWhatMayNotHaveArrived) {
  for (const auto& lost : {Scripted{.status = 503}, Scripted{.status = 408}, Scripted{.error = Status::timeout},
                           Scripted{.error = Status::unreachable}}) {
    const auto before = host.http().sent().size();
    int tries = 0;
    host.http().serve([&](const auto&) { return ++tries == 1 ? lost : Scripted{.status = 200}; });
    EXPECT_EQ(step(phone(static_cast<int>(before))).status, Status::challenged);
    const auto sent = host.http().sent();
    ASSERT_EQ(sent.size(), before + 2);
    EXPECT_EQ(sent[before].body, sent[before + 1].body) << "the same code";
    EXPECT_EQ(sent[before].headers[2].name, "webhook-id");
    EXPECT_EQ(sent[before].headers[2].value, sent[before + 1].headers[2].value) << "so that it is sent on once";
    EXPECT_LT(sent[before].timeout, std::chrono::milliseconds(2500)) << "half of the time there is";
    EXPECT_GT(sent[before + 1].timeout, std::chrono::milliseconds(2500));
  }
}

TEST_F(OtpLimitsTest, SendsNoThirdTimeNorWhatWasRefused) {
  host.http().serve([](const auto&) { return Scripted{.status = 500}; });
  EXPECT_EQ(step(kPhone).status, Status::upstream_failed);
  EXPECT_EQ(host.http().sent().size(), 2U);
  host.http().serve([](const auto&) { return Scripted{.status = 400}; });
  EXPECT_EQ(step(kPhone).status, Status::upstream_refused);
  EXPECT_EQ(host.http().sent().size(), 3U);
}

TEST_F(OtpLimitsTest, IsAnsweredWhenTheHubRefusesToAsk) {
  host.http().refuse(Status::egress_denied);
  EXPECT_EQ(step(kPhone).status, Status::egress_denied);
}

} // namespace
} // namespace otp::test
