// One step of a login by code: a line with the credential, then the state, as if somebody could write that, too. No
// bytes that a stranger makes up are a proof or get an attempt back, and nothing is sent to what is no address.
#include "plugins/otp/connector.hpp"
#include "plugins/otp/json.hpp"
#include "tests/fuzz/target.hpp"

#include <plugboard/testkit.hpp>

namespace plugboard::fuzz {
namespace {

constexpr char kConfig[] =
    R"({"issuer": "otp.shop.example", "recipients": {"phone": {"prefixes": ["+46", "+1"]}, "email": {}},
  "sender": {"url": "https://sender.example/codes", "secret": {"secret": "sender"}},
  "limits": {"per_recipient_per_hour": 1000, "per_recipient_per_day": 10000, "per_hour": 100000}})";

class Otp final : public otp::Connector {
 public:
  Otp(Host host, std::string_view config)
      : Connector(host, config, {[] { return std::int64_t(1'800'000'000); }, steady_now}, no_chance) {}

 private:
  static otp::SendLimit::Time steady_now() { // each step in an hour of its own: limits are not what is looked for
    static otp::SendLimit::Time now{};
    return now += std::chrono::hours(25);
  }

  static void no_chance(unsigned char* bytes, std::size_t count) { std::fill_n(bytes, count, 'a'); }
};

void check_sent(const testkit::Sent& sent) {
  const auto body = otp::read_object(sent.body);
  require(body.has_value(), "what is sent is JSON");
  const auto to = otp::text_member((*body)["data"], "to");
  require(to && (otp::read_address(otp::Kind::phone, *to) == *to || otp::read_address(otp::Kind::email, *to) == *to),
          "it is sent to an address");
}

void check_challenge(const testkit::Answer& answer, std::string_view state) {
  const auto challenge = otp::read_object(challenge_of(answer));
  require(challenge.has_value(), "a challenge is JSON");
  const auto pending = otp::read_pending(state_of(answer)), before = otp::read_pending(state);
  require(pending.has_value(), "its state is read again");
  require(!before || pending->attempts_left <= before->attempts_left, "no attempt comes back");
}

} // namespace

void fuzz(std::string_view input) {
  const auto end = std::min(input.find('\n'), input.size());
  const auto state = input.substr(std::min(end + 1, input.size()));
  testkit::FakeHost host;
  host.secret("sender", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  host.http().serve([](const auto& sent) {
    check_sent(sent);
    return testkit::Scripted{.status = 202};
  });
  testkit::Running running(host, testkit::connector<Otp>(), kConfig);
  const auto answer =
      running.authenticate({.credential = std::string(input.substr(0, end)), .state = std::string(state)}).wait();
  require(answer.status == Status::challenged || answer.status == Status::rejected, "it is a challenge or refused");
  if (answer.status == Status::challenged) check_challenge(answer, state);
}

} // namespace plugboard::fuzz
