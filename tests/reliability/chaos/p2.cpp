// P2: a plugin that crashes on every call is started again ever more seldom and then not asked at all for a while; the
// others do not notice, and the operator is told.
#include "tests/reliability/chaos/crowd.hpp"

#include <set>
#include <thread>

namespace plugboard::test {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kStartsAMinute = 10;
constexpr double kSlower = 1.2;
constexpr double kNoiseMicroseconds = 2000; // of a p99 between processes, on a machine that others use, too
constexpr milliseconds kBetweenCalls{200};
constexpr std::size_t kExitsShown = 5;

class CrashLoop {
 public:
  explicit CrashLoop(Showing& showing) : showing_(showing), crowd_(showing) { crowd_.add("loop"); }

  std::string run(seconds time) {
    crowd_.start();
    static_cast<void>(rest(seconds(3))); // pools, sessions
    const auto before = rest(time / 6);
    crash_on_every_call(time);
    look_at_admin();
    const auto after = rest(time / 6);
    const auto slowest = median_of(during_), control = std::max(before, after);
    showing_.holds(slowest <= std::max(control * kSlower, control + kNoiseMicroseconds),
                   "the others' p99 was " + std::to_string(slowest) + " us, without the crash loop " +
                       std::to_string(control));
    crowd_.end();
    return std::to_string(showing_.counted("crashes")) + " crashes in " + std::to_string(time.count()) + " s, " +
           std::to_string(starts_.size()) + " starts (" + std::to_string(most_in_a_minute()) +
           " in the worst minute), " + std::to_string(showing_.counted("breaker_open")) +
           " calls not even tried, the others' p99 " + std::to_string(static_cast<int>(slowest)) + " us (control " +
           std::to_string(static_cast<int>(control)) + ")";
  }

 private:
  // The median of the seconds' p99: a second in which the machine did something else does not decide.
  double rest(seconds time) {
    std::vector<double> all;
    for (auto left = time; left > seconds(0); left -= seconds(1)) {
      std::this_thread::sleep_for(seconds(1));
      all.push_back(p99("at rest"));
    }
    return median_of(all);
  }

  double p99(const std::string& when) { return crowd_.hold_bystanders(when).latencies.microseconds(99); }

  void crash_on_every_call(seconds time) {
    ChaosCalls calls(crowd_.hub(), "loop", "by-loop");
    std::set<pid_t> seen;
    if (const auto first = worker_of(crowd_.pid(), "loop")) seen.insert(*first); // it started with the hub
    auto second = bench::now() + seconds(1);
    for (const auto begun = bench::now(); bench::now() - begun < time;) {
      if (bench::now() >= second) {
        during_.push_back(p99("in the crash loop"));
        second += seconds(1);
      }
      if (const auto worker = worker_of(crowd_.pid(), "loop"); worker && seen.insert(*worker).second)
        starts_.push_back(bench::now());
      const auto answer = calls.call("segv");
      if (answer.is("unavailable", "plugin_crashed")) showing_.count("crashes");
      if (answer.is("unavailable", "breaker_open")) showing_.count("breaker_open");
      showing_.holds(answer.status == "unavailable", "a call in the crash loop was answered " + answer.said());
      std::this_thread::sleep_for(kBetweenCalls);
    }
    showing_.holds(most_in_a_minute() <= kStartsAMinute, std::to_string(most_in_a_minute()) + " starts in one minute");
    showing_.holds(!starts_.empty(), "it was never started again");
    showing_.holds(showing_.counted("breaker_open") > 0, "the breaker never opened");
    judge_pauses();
  }

  // They grow, and no two connectors that crash together stay in step.
  void judge_pauses() {
    std::set<std::int64_t> pauses;
    for (std::size_t i = 1; i < starts_.size(); ++i)
      pauses.insert(std::chrono::duration_cast<milliseconds>(starts_[i] - starts_[i - 1]).count());
    showing_.holds(starts_.size() < 4 || pauses.size() > 1, "the pauses between starts are all the same");
    if (!pauses.empty()) showing_.count("longest pause, ms", *pauses.rbegin());
  }

  std::size_t most_in_a_minute() const {
    std::size_t most = 0;
    for (std::size_t i = 0; i < starts_.size(); ++i) {
      std::size_t within = 0;
      for (auto j = i; j < starts_.size() && starts_[j] - starts_[i] < seconds(60); ++j) ++within;
      most = std::max(most, within);
    }
    return most;
  }

  // The reason, and how it ended the last times.
  void look_at_admin() {
    const auto page = crowd_.hub().admin("/admin/v1/connectors").json();
    for (std::size_t i = 0; i < page.size("/connectors"); ++i) {
      const auto at = "/connectors/" + std::to_string(i);
      if (page.text(at + "/name") != "loop") continue;
      const auto shown = page.dump(at);
      const auto exits = at + "/worker/last_exits";
      if (!showing_.holds(page.has(exits), "the admin API shows no last exits: " + shown)) return;
      showing_.holds(page.size(exits) == kExitsShown,
                     "the admin API shows " + std::to_string(page.size(exits)) + " exits: " + shown);
      showing_.holds(page.dump(exits).find("signal 11") != std::string::npos,
                     "the admin API does not say why it ended: " + shown);
      return;
    }
    showing_.fail("the admin API does not know the connector");
  }

  Showing& showing_;
  Crowd crowd_;
  std::vector<bench::Nanoseconds> starts_;
  std::vector<double> during_; // p99 of the others, each second
};

std::string show(Showing& showing) {
  if (const auto why = why_no_workers(); !why.empty()) {
    showing.skip(why);
    return {};
  }
  return CrashLoop(showing).run(seconds(showing.full ? 300 : 60));
}

} // namespace

} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "P2", plugboard::test::show);
}
