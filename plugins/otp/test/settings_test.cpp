#include "plugins/otp/settings.hpp"

#include "plugins/otp/test/setting.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

namespace otp::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string fault_of(const std::string& text) {
  try {
    read_settings(text);
    return "TAKEN";
  } catch (const std::invalid_argument& fault) {
    return fault.what();
  }
}

std::string fault_of_sender(const std::string& sender) {
  return fault_of(R"({"issuer": "i", "recipients": {"phone": {}}, "sender": )" + sender + "}");
}

TEST(SettingsTest, HasSafeDefaults) {
  const auto settings = read_settings(config());
  EXPECT_EQ(settings.digits, 6);
  EXPECT_EQ(settings.attempts, 5);
  EXPECT_EQ(settings.lifetime_s, 300);
  EXPECT_EQ(settings.resends, 2);
  EXPECT_EQ(settings.resend_after_s, 30);
  EXPECT_EQ(settings.per_recipient_per_hour, 5U);
  EXPECT_EQ(settings.per_recipient_per_day, 15U);
  EXPECT_EQ(settings.per_hour, 10'000U);
  EXPECT_EQ(settings.assurance, "aal1");
  EXPECT_EQ(settings.recipients.at("phone").kind, Kind::phone);
  EXPECT_EQ(settings.recipients.at("email").url, "https://sender.example/codes");
}

TEST(SettingsTest, ReadsAllOfIt) {
  const auto settings =
      read_settings(config(R"(, "code": {"digits": 8, "lifetime_s": 60, "attempts": 3}, "assurance": "aal2",
      "resend": {"times": 1, "after_s": 10}, "subject_key": {"secret": "k"},
      "limits": {"per_recipient_per_hour": 1, "per_recipient_per_day": 2, "per_hour": 3})",
                           R"({"shop.mobile": {"kind": "phone", "prefixes": ["+46"], "url": "http://127.0.0.1:8/"}})"));
  EXPECT_EQ(settings.digits, 8);
  EXPECT_EQ(settings.lifetime_s, 60);
  EXPECT_EQ(settings.attempts, 3);
  EXPECT_EQ(settings.resends, 1);
  EXPECT_EQ(settings.resend_after_s, 10);
  EXPECT_EQ(settings.per_recipient_per_hour, 1U);
  EXPECT_EQ(settings.per_recipient_per_day, 2U);
  EXPECT_EQ(settings.per_hour, 3U);
  EXPECT_EQ(settings.assurance, "aal2");
  EXPECT_EQ(settings.subject_key, "k");
  EXPECT_THAT(settings.recipients.at("shop.mobile").prefixes, ElementsAre("+46"));
  EXPECT_EQ(settings.recipients.at("shop.mobile").url, "http://127.0.0.1:8/");
}

TEST(SettingsTest, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(fault_of("[]"), StartsWith("config: "));
  EXPECT_THAT(fault_of(R"({"recipients": {"phone": {}}})"), StartsWith("config/issuer: is missing"));
  EXPECT_THAT(fault_of(R"({"issuer": "i"})"), StartsWith("config/sender: is missing"));
  EXPECT_THAT(fault_of_sender(R"({"url": "https://a"})"), StartsWith("config/sender/secret: is missing"));
  EXPECT_THAT(fault_of_sender(R"({"url": "https://a", "secret": "plain"})"), HasSubstr("must be a secret"));
  EXPECT_THAT(fault_of_sender(R"({"secret": {"secret": "s"}})"), StartsWith("config/sender/url: is missing"));
  EXPECT_THAT(fault_of(config("", "{}")), StartsWith("config/recipients: "));
  EXPECT_THAT(fault_of(config("", R"({"fax": {}})")), StartsWith("config/recipients/fax/kind: is missing"));
  EXPECT_THAT(fault_of(config("", R"({"fax": {"kind": "fax"}})")), StartsWith("config/recipients/fax/kind: must be"));
  EXPECT_THAT(fault_of(config("", R"({"code": {"kind": "phone"}})")), StartsWith("config/recipients/code"));
  EXPECT_THAT(fault_of(config("", R"({"email": {"prefixes": ["+46"]}})")), HasSubstr("phones only"));
  EXPECT_THAT(fault_of(config("", R"({"phone": {"prefixes": ["+46", "46"]}})")),
              StartsWith("config/recipients/phone/prefixes/1"));
  EXPECT_THAT(fault_of(config("", R"({"phone": {"body": {"x": "{code}"}}})")),
              StartsWith("config/recipients/phone/body: has no place for {to}"));
  EXPECT_THAT(fault_of(config(R"(, "code": {"digits": 4})")), StartsWith("config/code/digits: must be a whole number"));
  EXPECT_THAT(fault_of(config(R"(, "code": {"lifetime_s": 601})")), StartsWith("config/code/lifetime_s"));
  EXPECT_THAT(fault_of(config(R"(, "resend": {"times": -1})")), StartsWith("config/resend/times"));
  EXPECT_THAT(fault_of(config(R"(, "limits": {"per_hour": 1.5})")), StartsWith("config/limits/per_hour"));
  EXPECT_THAT(fault_of(config(R"(, "assurance": "aal3")")), StartsWith("config/assurance"));
}

TEST(SettingsTest, SendsInTheClearToThisMachineOnly) {
  const auto fault = [](const std::string& url) {
    return fault_of_sender(R"({"secret": {"secret": "s"}, "url": ")" + url + "\"}");
  };
  for (const auto* good :
       {"https://sender.example/x", "http://127.0.0.1:80/x", "http://localhost", "http://[::1]:8080"})
    EXPECT_EQ(fault(good), "TAKEN") << good;
  for (const auto* bad : {"http://sender.example/", "http://127.0.0.1.evil.example/", "http://localhost.evil.example",
                          "http://127.0.0.1@evil.example/", "ftp://x", "https://", "sender.example"})
    EXPECT_THAT(fault(bad), StartsWith("config/sender/url")) << bad;
}

using SecretsTest = OtpTest;

TEST_F(SecretsTest, MustBeWhatTheyAreFor) {
  const auto fault = [&](std::string_view text) -> std::string {
    try {
      configure(text);
      return "TAKEN";
    } catch (const std::runtime_error& said) {
      return said.what();
    }
  };
  EXPECT_EQ(fault(config()), "TAKEN");
  host.secret("short", std::string(31, 's'));
  EXPECT_THAT(fault(config(R"(, "subject_key": {"secret": "short"})")), HasSubstr("at least 32 bytes"));
  EXPECT_THAT(fault(config(R"(, "subject_key": {"secret": "none"})")), HasSubstr("at least 32 bytes"));
  host.secret("sender", "not of that form, whatever its length may be");
  EXPECT_THAT(fault(config()), HasSubstr("openssl rand"));
}

} // namespace
} // namespace otp::test
