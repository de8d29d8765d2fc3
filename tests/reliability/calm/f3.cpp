// F3: calls beside those asked for are few, however systems fare: retries at most a tenth when some calls fail, and a
// fifth and ten a second when all do; hedges at most a twentieth, and they cut what one slow call in a hundred does to
// a tail.
#include "tests/reliability/calm/scripted.hpp"
#include "tests/reliability/promise.hpp"

#include <algorithm>
#include <thread>

namespace plugboard::test {

namespace {

using Deed = Scripted::Deed;

constexpr int kThreads = 8;
constexpr Milliseconds kSlow{300};

class Extras {
 public:
  explicit Extras(Showing& showing)
      : showing_(showing), system_({"some", "all", "plain", "hedged"}), hub_(configuration(system_.upstream().port())) {
    if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.raw_log());
    for (int t = 0; t < kThreads; ++t) { // each a customer of its own: equal questions at a time would be one call
      const auto number = std::to_string(1000 + t);
      sessions_.push_back(hub_.session({.subject = "u-" + number, .customer_id = number}));
    }
  }

  std::string run() {
    const std::size_t calls = showing_.full ? 40'000 : 4'000;
    const auto some = retries_of_some(calls);
    const auto all = retries_of_all(calls);
    return some + ", " + all + ", " + hedges(calls);
  }

 private:
  static HubConfig configuration(int port) {
    const auto one = [&](const std::string& name, const std::string& more) {
      return rest_connector(port, R"({"s": )" + rest_section("/" + name) + "}", more);
    };
    HubConfig config;
    config.add("some", one("some", R"("hedge": {"enabled": false}, )"));
    // The worst: nothing but the budget keeps them back.
    config.add("all", one("all", R"("hedge": {"enabled": false}, "breaker": {"enabled": false}, )"));
    config.add("plain", one("plain", R"("hedge": {"enabled": false}, "retry": {"attempts": 1}, )"));
    config.add("hedged", one("hedged", R"("retry": {"attempts": 1}, )"));
    return config;
  }

  // From several threads; what became of each section.
  std::vector<std::vector<Told>> ask(const std::vector<std::string>& sections, std::size_t calls) {
    std::vector<std::vector<std::vector<Told>>> told(kThreads);
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
      threads.emplace_back([&, t] {
        try {
          Caller caller(hub_.port(), sessions_[static_cast<std::size_t>(t)]);
          for (std::size_t i = 0; i < calls / kThreads; ++i) told[t].push_back(caller.ask(sections));
        } catch (const std::exception& broken) {
          showing_.fail(broken.what());
        }
      });
    for (auto& thread : threads) thread.join();
    std::vector<std::vector<Told>> all;
    for (auto& part : told) all.insert(all.end(), part.begin(), part.end());
    return all;
  }

  static std::string percent(std::size_t part, std::size_t whole) {
    return std::to_string(static_cast<double>(part * 1000 / whole) / 10).substr(0, 4) + " %";
  }

  std::string retries_of_some(std::size_t calls) {
    system_.plays("some", [](std::uint64_t n, const std::string&) { return Deed{n % 20 == 7 ? 503 : 200}; });
    const auto told = ask({"some.s"}, calls);
    const auto extra = system_.asked("some").size() - told.size();
    const auto lost = std::count_if(told.begin(), told.end(), [](const auto& one) { return one[0].status != "ok"; });
    showing_.holds(extra * 10 <= told.size() + 50,
                   std::to_string(extra) + " retries for " + std::to_string(told.size()));
    showing_.holds(extra > 0, "nothing was retried");
    showing_.holds(static_cast<std::size_t>(lost) * 100 <= told.size(),
                   "with a twentieth of errors, " + std::to_string(lost) + " sections were lost in spite of retries");
    return percent(extra, told.size()) + " retries where a twentieth fails (" + std::to_string(lost) + " of " +
           std::to_string(told.size()) + " lost)";
  }

  std::string retries_of_all(std::size_t calls) {
    system_.plays("all", [](std::uint64_t, const std::string&) { return Deed{503}; });
    const auto begun = std::chrono::steady_clock::now();
    const auto told = ask({"all.s"}, calls);
    const auto time = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    const auto extra = system_.asked("all").size() - told.size();
    showing_.holds(static_cast<double>(extra) <= static_cast<double>(told.size()) * 0.2 + 10 * time,
                   std::to_string(extra) + " retries for " + std::to_string(told.size()) + " calls that all failed");
    return percent(extra, told.size()) + " where all fail and there is no breaker";
  }

  static double quantile(std::vector<double> values, double part) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(static_cast<double>(values.size() - 1) * part)];
  }

  std::string hedges(std::size_t calls) {
    const auto script = [](std::uint64_t n, const std::string&) {
      return Deed{200, n % 100 == 99 ? kSlow : Milliseconds(2)};
    };
    for (const char* path : {"plain", "hedged"}) system_.plays(path, script);
    std::vector<double> plain, hedged;
    for (const auto& told : ask({"plain.s", "hedged.s"}, calls)) {
      plain.push_back(told[0].took_ms);
      hedged.push_back(told[1].took_ms);
    }
    const auto extra = system_.asked("hedged").size() - hedged.size();
    const auto without = quantile(plain, 0.999), with = quantile(hedged, 0.999);
    showing_.holds(extra * 20 <= hedged.size() + 100,
                   std::to_string(extra) + " hedges for " + std::to_string(hedged.size()));
    showing_.holds(with <= without / 2,
                   "p99.9 is " + std::to_string(with) + " ms, without hedges " + std::to_string(without));
    return percent(extra, hedged.size()) + " hedges, with which p99.9 is " + std::to_string(static_cast<int>(with)) +
           " ms instead of " + std::to_string(static_cast<int>(without));
  }

  Showing& showing_;
  Scripted system_;
  HubProcess hub_;
  std::vector<std::string> sessions_;
};

} // namespace

} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(
      argc, argv, "F3", [](plugboard::test::Showing& showing) { return plugboard::test::Extras(showing).run(); });
}
