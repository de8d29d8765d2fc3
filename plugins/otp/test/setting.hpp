// The setting of the connector's tests: a host whose sender takes everything, clocks that stand still, codes that are
// known. [one thread]
#pragma once

#include "plugins/otp/connector.hpp"
#include "plugins/otp/json.hpp"

#include <plugboard/testkit.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace otp::test {

inline constexpr std::int64_t kNow = 1'800'000'000; // 2027-01-15T08:00:00Z
inline constexpr char kPhone[] = R"({"phone": "+46701234512"})";
inline constexpr char kSecret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

// A configuration whose sender is https://sender.example/codes. more: further members, with a comma before.
std::string config(std::string_view more = "", std::string_view recipients = R"({"phone": {}, "email": {}})");

class OtpTest : public testing::Test {
 protected:
  OtpTest();

  void configure(std::string_view text); // anew: nothing is remembered

  plugboard::testkit::Answer step(std::string credential, const std::string& state = "");
  std::string begin(); // a login of kPhone; its state
  std::string code();  // the last that was sent

  static std::string typed(const std::string& code) { return R"({"code": ")" + code + "\"}"; }

  std::string wrong() { return code() == "000001" ? "000002" : "000001"; }

  plugboard::testkit::FakeHost host;
  std::int64_t unix_now = kNow;
  SendLimit::Time steady_now{};
  std::string tenant = "default";
  std::string language;

 private:
  std::unique_ptr<plugboard::testkit::Running> running_;
};

} // namespace otp::test
