#include "plugins/otp/test/setting.hpp"

#include <mutex>
#include <random>

namespace otp::test {

using plugboard::testkit::Answer;
using plugboard::testkit::FakeHost;
using plugboard::testkit::Running;

namespace {

struct Given { // what a connector that the testkit makes can't be handed
  Clocks clocks;
  RandomBytes random;
};

Given& given() {
  static Given given;
  return given;
}

class Tested final : public Connector {
 public:
  Tested(plugboard::Host host, std::string_view config) : Connector(host, config, given().clocks, given().random) {}
};

} // namespace

std::string config(std::string_view more, std::string_view recipients) {
  return R"({"issuer": "otp.shop.example", "recipients": )" + std::string(recipients) +
         R"(, "sender": {"url": "https://sender.example/codes", "secret": {"secret": "sender"}})" + std::string(more) +
         "}";
}

OtpTest::OtpTest() {
  given().clocks = {[this] { return unix_now; }, [this] { return steady_now; }};

  struct Dice { // for calls on many threads
    std::mutex mutex;
    std::mt19937 generator{1};
  };

  given().random = [dice = std::make_shared<Dice>()](unsigned char* bytes, std::size_t count) {
    const std::lock_guard lock(dice->mutex);
    for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<unsigned char>(dice->generator() >> 7);
  };
  host.secret("sender", kSecret);
  host.http().serve([](const auto&) { return plugboard::testkit::Scripted{.status = 202}; });
  configure(config());
}

void OtpTest::configure(std::string_view text) {
  running_.reset();
  running_ = std::make_unique<Running>(host, plugboard::testkit::connector<Tested>(), text);
}

Answer OtpTest::step(std::string credential, const std::string& state) {
  return running_
      ->authenticate({.credential = std::move(credential), .state = state, .tenant = tenant, .language = language})
      .wait();
}

std::string OtpTest::begin() {
  const auto answer = step(kPhone);
  EXPECT_EQ(answer.status, plugboard::Status::challenged) << answer.message;
  return state_of(answer);
}

std::string OtpTest::code() {
  const auto body = read_object(host.http().sent().back().body);
  const auto* data = body ? member(*body, "data") : nullptr;
  const auto code = data ? text_member(*data, "code") : std::nullopt;
  return code ? std::string(*code) : "";
}

} // namespace otp::test
