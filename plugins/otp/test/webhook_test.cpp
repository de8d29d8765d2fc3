#include "plugins/otp/test/setting.hpp"

#include <gmock/gmock.h>

#include <set>

namespace otp::test {
namespace {

using ::testing::HasSubstr;

// The example that the authors of Standard Webhooks give.
TEST(WebhookTest, SignsAsStandardWebhooksDo) {
  const auto key = webhook_key(kSecret);
  ASSERT_TRUE(key);
  EXPECT_EQ(webhook_signature(*key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookTest, TakesSecretsOfThatFormOnly) {
  EXPECT_TRUE(webhook_key("whsec_" + std::string(32, 'A')));
  for (const auto& wrong :
       {std::string(), std::string(kSecretPrefix), std::string(32, 'A'), "whsec_" + std::string(31, 'A'),
        "whsec_" + std::string(28, 'A'), "whsec_" + std::string(100, 'A'), "whsec_" + std::string(32, '*')})
    EXPECT_FALSE(webhook_key(wrong)) << wrong;
}

using WebhookSentTest = OtpTest;

TEST_F(WebhookSentTest, IsSignedOverWhatIsSent) {
  host.secret("pass", "Bearer abc");
  configure(R"({"issuer": "i", "recipients": {"phone": {}}, "sender": {"url": "https://sender.example/codes",
               "secret": {"secret": "sender"}, "authorization": {"secret": "pass"}}})");
  begin();
  const auto sent = host.http().sent().at(0);
  EXPECT_EQ(sent.method, "POST");
  std::map<std::string, std::string> headers;
  for (const auto& header : sent.headers) headers[header.name] = header.value;
  EXPECT_EQ(headers["Content-Type"], "application/json");
  EXPECT_EQ(headers["Authorization"], "Bearer abc");
  EXPECT_EQ(headers["webhook-timestamp"], std::to_string(kNow));
  EXPECT_THAT(headers["webhook-id"], testing::StartsWith("msg_"));
  EXPECT_EQ(headers["webhook-signature"],
            webhook_signature(*webhook_key(kSecret), headers["webhook-id"], kNow, sent.body));
  EXPECT_THAT(sent.body, HasSubstr(R"("timestamp":"2027-01-15T08:00:00Z")"));
}

TEST_F(WebhookSentTest, EachMessageHasAnIdOfItsOwn) {
  std::set<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    begin();
    ids.insert(host.http().sent().back().headers[2].value);
  }
  EXPECT_EQ(ids.size(), 5U);
}

TEST_F(WebhookSentTest, ASecretThatIsGoneFailsTheCall) {
  host.secret("sender", "gone");
  const auto answer = step(kPhone);
  EXPECT_EQ(answer.status, plugboard::Status::failed);
  EXPECT_TRUE(host.http().sent().empty());
}

} // namespace
} // namespace otp::test
