// F4: a system that fails or is slow is left alone soon, asked once a second whether it is well, and used again soon
// after it is; a few errors change nothing; and what goes wrong for one tenant is no other's trouble.
#include "tests/reliability/calm/scripted.hpp"
#include "tests/reliability/promise.hpp"

#include <algorithm>
#include <thread>

namespace plugboard::test {

namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;
using Deed = Scripted::Deed;

constexpr std::size_t kCalls = 20;
constexpr seconds kSoon{5};
constexpr Milliseconds kSlow{40}, kSlower{90};
constexpr const char* kBad = "6666"; // a customer for whom the system refuses the hub's key
constexpr const char* kOther = "other-key-0123456789abcdef0";

double seconds_of(Moment::duration time) {
  return std::chrono::duration<double>(time).count();
}

class Breakers {
 public:
  explicit Breakers(Showing& showing)
      : showing_(showing), system_({"fails", "slow", "errors", "keys"}),
        hub_(configuration(system_.upstream().port())) {
    if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.raw_log());
    caller_.emplace(hub_.port(), hub_.session());
  }

  std::string run() {
    const auto opening = opens_when_half_fails();
    const auto [probes, least_gap] = probes_once_a_second();
    const auto closing = closes_after_health();
    opens_for_slowness();
    const auto errors = stays_closed_for_errors(showing_.full ? 100'000 : 4'000);
    stays_closed_for_answers();
    keeps_tenants_apart();
    return "opened after " + std::to_string(opening) + " calls of which half failed, " + std::to_string(probes) +
           " probes in " + std::to_string(kSoon.count()) + " s (" + std::to_string(least_gap) +
           " s apart at least), closed " + std::to_string(closing) + " s after health, opened 0 times in " +
           std::to_string(errors) + " calls of which a tenth failed";
  }

 private:
  // Nothing but the breaker may change the counts here.
  static HubConfig configuration(int port) {
    const std::string alone = R"("retry": {"attempts": 1}, "hedge": {"enabled": false}, )";
    HubConfig config;
    for (const char* name : {"fails", "errors", "keys"})
      config.add(name, rest_connector(port, R"({"s": )" + rest_section("/" + std::string(name)) + "}", alone));
    config.add("slow", rest_connector(port, R"({"s": )" + rest_section("/slow") + "}",
                                      alone + R"("breaker": {"slow_ms": )" + std::to_string(kSlow.count()) + "}, "));
    const std::string more = R"({"id": "other", "tenant": "other", "channel": "chat", "key": {"env": "OTHER_KEY"},
        "sections": ["*"], "purpose": "support", "scopes": ["session:create", "session:read", "context:read"]}, )";
    config.clients.insert(config.clients.find('{'), more);
    config.environment["OTHER_KEY"] = kOther;
    return config;
  }

  double opened(const std::string& connector) {
    return counter_of(hub_, "plugboard_connector_breaker_opened_total{connector=\"" + connector + "\"}");
  }

  std::size_t opens_when_half_fails() {
    for (int i = 0; i < 60; ++i) {
      showing_.holds(caller_->ask("fails.s").status == "ok", "a healthy system's section was not ok");
      std::this_thread::sleep_for(Milliseconds(20));
    }
    system_.plays("fails", [](std::uint64_t n, const std::string&) { return Deed{n % 2 == 0 ? 200 : 500}; });
    const auto bad = std::chrono::steady_clock::now();
    Told told;
    while (std::chrono::steady_clock::now() - bad < 2 * kSoon && told.reason != "breaker_open") {
      told = caller_->ask("fails.s");
      std::this_thread::sleep_for(Milliseconds(60));
    }
    const auto calls = system_.asked("fails").size();
    showing_.holds(told.is("unavailable", "breaker_open"), "it did not open; the last section was " + told.status);
    showing_.holds(told.retry_after, "it does not say when to come again");
    showing_.holds(calls <= kCalls || told.at - bad <= kSoon, "it opened after " + std::to_string(calls) + " calls");
    return calls;
  }

  std::pair<std::size_t, double> probes_once_a_second() {
    system_.plays("fails", [](std::uint64_t, const std::string&) { return Deed{500}; });
    const auto begun = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - begun < kSoon) {
      const auto told = caller_->ask("fails.s");
      showing_.holds(told.status != "ok", "ok from a system that fails");
      std::this_thread::sleep_for(Milliseconds(5));
    }
    const auto probes = system_.asked("fails");
    double least = seconds_of(kSoon);
    for (std::size_t i = 1; i < probes.size(); ++i) least = std::min(least, seconds_of(probes[i] - probes[i - 1]));
    showing_.holds(least >= 0.98, "two probes were " + std::to_string(least) + " s apart"); // what the network adds
    showing_.holds(!probes.empty() && probes.size() <= 5, std::to_string(probes.size()) + " probes in five seconds");
    return {probes.size(), least};
  }

  double closes_after_health() {
    system_.plays("fails", [](std::uint64_t, const std::string&) { return Deed{}; });
    const auto healthy = std::chrono::steady_clock::now();
    int in_a_row = 0;
    auto closed = healthy;
    while (in_a_row < 10 && std::chrono::steady_clock::now() - healthy < 4 * kSoon) {
      const auto told = caller_->ask("fails.s");
      if (in_a_row == 0) closed = told.at;
      in_a_row = told.status == "ok" ? in_a_row + 1 : 0;
      std::this_thread::sleep_for(Milliseconds(5));
    }
    showing_.holds(in_a_row == 10 && closed - healthy <= kSoon,
                   "it was closed " + std::to_string(seconds_of(closed - healthy)) + " s after health");
    return seconds_of(closed - healthy);
  }

  void opens_for_slowness() {
    system_.plays("slow", [](std::uint64_t, const std::string&) { return Deed{200, kSlower}; });
    const auto begun = std::chrono::steady_clock::now();
    Told told;
    while (std::chrono::steady_clock::now() - begun < 2 * kSoon && told.reason != "breaker_open")
      told = caller_->ask("slow.s");
    showing_.holds(told.is("unavailable", "breaker_open"), "it did not open for slowness");
    showing_.holds(system_.asked("slow").size() <= kCalls,
                   "it took " + std::to_string(system_.asked("slow").size()) + " slow calls");
  }

  std::int64_t stays_closed_for_errors(std::int64_t calls) {
    auto random = std::make_shared<std::mt19937_64>(showing_.random());
    system_.plays("errors",
                  [random](std::uint64_t, const std::string&) { return Deed{(*random)() % 10 == 0 ? 500 : 200}; });
    for (std::int64_t i = 0; i < calls; ++i) static_cast<void>(caller_->ask("errors.s"));
    showing_.holds(opened("errors") == 0, "it opened for a tenth of errors");
    return calls;
  }

  // An unknown customer, a question that is refused, are the system's answers.
  void stays_closed_for_answers() {
    for (const int status : {404, 400, 422}) {
      system_.plays("errors", [status](std::uint64_t, const std::string&) { return Deed{status}; });
      for (int i = 0; i < 40; ++i) static_cast<void>(caller_->ask("errors.s"));
      showing_.holds(opened("errors") == 0, "it opened for answers of " + std::to_string(status));
    }
  }

  void keeps_tenants_apart() {
    system_.plays("keys",
                  [](std::uint64_t, const std::string& customer) { return Deed{customer == kBad ? 401 : 200}; });
    Caller other(hub_.port(), hub_.session({.subject = "u-2", .customer_id = kBad}, kOther), kOther);
    Told theirs;
    for (int i = 0; i < 100 && theirs.reason != "breaker_open"; ++i) {
      std::this_thread::sleep_for(Milliseconds(20));
      theirs = other.ask("keys.s");
      const auto ours = caller_->ask("keys.s");
      showing_.holds(ours.status == "ok", "a tenant suffered from another's key: " + ours.reason);
    }
    showing_.holds(theirs.is("unavailable", "breaker_open"), "it did not open for the tenant whose key is refused");
  }

  Showing& showing_;
  Scripted system_;
  HubProcess hub_;
  std::optional<Caller> caller_;
};

} // namespace

} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(
      argc, argv, "F4", [](plugboard::test::Showing& showing) { return plugboard::test::Breakers(showing).run(); });
}
