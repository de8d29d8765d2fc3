// P1: a plugin may end its process in any way, at any moment, under load: nobody else's answer suffers, its own call is
// answered at once with what happened, and soon it serves again. Nothing is left behind.
#include "tests/reliability/chaos/connector/modes.hpp"
#include "tests/reliability/chaos/crowd.hpp"
#include "tests/reliability/chaos/deadline_control.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>
#include <thread>

namespace plugboard::test {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kAnsweredAfterDeath{100}, kServesAgainUsually{250}, kServesAgain{1000};
constexpr int kReloadsWithACrash = 5, kAtOnce = 3, kDeadlineMs = 300, kWarmUp = 4;
constexpr double kMostMemory = 1.02;

std::vector<std::string> crash_modes() {
  std::vector<std::string> modes{"half_reply"};
  for (const auto& mode : chaos::kModes)
    if (mode.kind == chaos::Kind::crash) modes.emplace_back(mode.name);
  return modes;
}

class Crashes {
 public:
  explicit Crashes(Showing& showing) : showing_(showing), crowd_(showing) {
    for (const auto& mode : crash_modes()) crowd_.add("c_" + mode);
  }

  std::string run(int times) {
    crowd_.start();
    for (const auto& mode : crash_modes()) calls_.emplace_back(crowd_.hub(), "c_" + mode, "by-" + mode);
    crash_all(std::max(times / kWarmUp, 1)); // as what is to come: what a load alone grows to, it has grown to by then
    crash_while_being_made_and_unmade(1);
    crowd_.overwhelm();
    hang_up();
    crowd_.remember_memory();
    took_.clear();
    restarts_.clear();
    crash_all(times);
    crash_while_being_made_and_unmade(kReloadsWithACrash);
    hang_up();
    crowd_.hold_level(kMostMemory);
    crowd_.end();
    judge_restarts();
    return said();
  }

 private:
  void hang_up() { // else the hub waits for more
    for (auto& calls : calls_) calls.connect_anew();
  }

  // A few connectors at once, each time in another order.
  void crash_all(int times) {
    auto modes = crash_modes();
    for (int round = 0; round < times; ++round) {
      std::vector<std::size_t> order(modes.size());
      std::iota(order.begin(), order.end(), 0U);
      std::shuffle(order.begin(), order.end(), showing_.random);
      std::atomic<std::size_t> next{0};
      std::vector<std::thread> threads;
      for (int i = 0; i < kAtOnce; ++i)
        threads.emplace_back([&] {
          for (auto at = next++; at < order.size(); at = next++) crash_safely(modes[order[at]], calls_[order[at]]);
        });
      for (auto& thread : threads) thread.join();
      crowd_.hold_bystanders("round " + std::to_string(round));
    }
  }

  void crash_safely(const std::string& mode, ChaosCalls& calls) {
    try { // the thread's root
      crash(mode, calls);
    } catch (const std::exception& error) {
      showing_.fail(mode + ": " + error.what());
    }
  }

  std::string said() const {
    return std::to_string(showing_.counted("crashes")) + " crashes of " + std::to_string(crash_modes().size()) +
           " kinds, answered at most " + milliseconds_of(took_, 100) + " ms after the death (p99 " +
           milliseconds_of(took_, 99) + "), serving again after " + milliseconds_of(restarts_, 50) + " ms (at most " +
           milliseconds_of(restarts_, 100) + "), memory " + part("kB in use in the end", "kB in use before") +
           " % in use and " + part("kB resident in the end", "kB resident before") + " % resident of before, " +
           std::to_string(showing_.counted("bystanders' sections")) + " sections of 39 other connectors, " +
           std::to_string(showing_.counted("of them not ok")) + " not ok";
  }

  std::string part(const std::string& what, const std::string& of) const {
    return std::to_string(showing_.counted(what) * 100 / std::max<std::int64_t>(showing_.counted(of), 1));
  }

  // The death is when a thread that waits for the process sees it, so never earlier than it was.
  void crash(const std::string& mode, ChaosCalls& calls) {
    const auto before = calls.be_of_use();
    if (!showing_.holds(before.empty(), mode + ": before it, the connector says " + before)) return;
    const auto worker = worker_of(crowd_.pid(), calls.connector());
    if (!showing_.holds(worker.has_value(), mode + ": there is no process of its connector")) return;
    // What is thrown should be survived: then nobody waits for long.
    auto dying = death_of(*worker, mode == "throw" ? milliseconds(200) : milliseconds(10'000));
    const auto waits = run_waits_of(crowd_.pid());
    const auto answer = calls.call(mode);
    const auto waited = longest_between(waits, run_waits_of(crowd_.pid()));
    showing_.count("crashes");
    const bool survived = mode == "throw" && answer.is("error", "plugin_failed"); // caught where it left the plugin
    showing_.holds(answer.is("unavailable", "plugin_crashed") || survived,
                   mode + " was answered " + answer.said() + ": " + answer.section);
    if (survived) return showing_.count("exceptions that the worker survived");
    const auto died = dying.get();
    if (!showing_.holds(died.has_value(), mode + ": its process lives on")) return;
    const auto after = std::chrono::duration_cast<milliseconds>(answer.came - *died);
    const auto slack = slack_of(answer, waited);
    showing_.holds(after <= kAnsweredAfterDeath + slack,
                   mode + " was answered " + std::to_string(after.count()) +
                       " ms after its process had died, when the machine made it late by " +
                       std::to_string(slack.count()));
    const auto restarted = calls.serves_again(*died);
    if (!showing_.holds(restarted.has_value(), mode + ": its connector does not come back")) return;
    const std::lock_guard lock(mutex_);
    took_.push_back(std::max(after, milliseconds(0)));
    restarts_.push_back(*restarted);
  }

  // What a machine that has no time left costs: a hub at rest is late, too, and one with work waits for its turn. What
  // the hub itself keeps its threads waiting for is not in it: then they are not ready to run.
  milliseconds slack_of(const ChaosAnswer& answer, std::chrono::nanoseconds waited) const {
    return std::max(control_.worst_since(answer.asked), std::chrono::ceil<milliseconds>(waited));
  }

  // Refused as a configuration, or taken with a connector that is not there: no more than that.
  void crash_while_being_made_and_unmade(int times) {
    for (int i = 0; i < times; ++i) {
      crowd_.add("made", R"({"init": "segv"})");
      if (crowd_.reload_with()) {
        const auto answer = ChaosCalls(crowd_.hub(), "made", "by-made").call("");
        showing_.holds(answer.status == "unavailable",
                       "a plugin that crashed in its constructor answers " + answer.said());
        showing_.count("constructors' crashes taken");
      } else {
        showing_.count("constructors' crashes refused");
      }
      crowd_.remove("made");
      crowd_.add("unmade", R"({"destroy": "segv"})");
      showing_.holds(crowd_.reload_with(), "a connector that would crash when it ends is refused");
      const auto answer = ChaosCalls(crowd_.hub(), "unmade", "by-unmade").call("");
      showing_.holds(answer.status == "ok", "a connector that would crash when it ends answers " + answer.section);
      crowd_.remove("unmade");
      showing_.holds(crowd_.reload_with(), "a connector that crashes when it ends can't be removed");
      crowd_.hold_bystanders("reloads with a crash");
    }
  }

  void judge_restarts() {
    const auto usual = percentile_of(restarts_, 50), worst = percentile_of(restarts_, 100);
    showing_.holds(usual <= kServesAgainUsually, "serves again after " + std::to_string(usual.count()) + " ms (p50)");
    showing_.holds(worst <= kServesAgain, "serves again after " + std::to_string(worst.count()) + " ms (at most)");
  }

  Showing& showing_;
  Crowd crowd_;
  std::vector<ChaosCalls> calls_; // by mode
  const DeadlineControl control_{kDeadlineMs};
  std::mutex mutex_;
  std::vector<milliseconds> took_, restarts_;
};

std::string show(Showing& showing) {
  if (const auto why = why_no_workers(); !why.empty()) {
    showing.skip(why);
    return {};
  }
  return Crashes(showing).run(showing.full ? 200 : 20);
}

} // namespace

} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "P1", plugboard::test::show);
}
