// P4: a plugin that takes more than its share of anything (memory, processes, threads, descriptors, disk, log,
// processor, the hub's own services) meets a limit, which is told by its name; hub and others go on as before.
#include "tests/reliability/chaos/connector/modes.hpp"
#include "tests/reliability/chaos/crowd.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <thread>

namespace plugboard::test {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t kMostGrowthKb = 10 * 1024;
constexpr double kSlower = 1.5;
constexpr double kNoiseMicroseconds = 3000;
constexpr std::size_t kLonger = 4;
constexpr std::int64_t kMostProcesses = 8; // of one connector: launcher, worker and what keeps its namespace
constexpr std::int64_t kMostThreads = 80;  // of one worker
constexpr std::int64_t kMostGot = 256;     // threads, descriptors
constexpr std::int64_t kMostWritten = 16;  // MiB of files
constexpr int kLeaks = 2000;               // MiB, until it is ended
constexpr int kCallsOfALeak = 500;         // until then, about

struct Bomb {
  std::string mode;
  std::int64_t most_got = 0; // of what it wanted; less is a limit that held
  bool may_end = false;      // its process may be ended for it
  std::string limit{};       // then the log names this one
};

std::vector<Bomb> bombs() {
  return {{"memory", 0, true, "memory"},
          {"leak", kLeaks, true, "memory"},
          {"forks", 0},
          {"threads", kMostGot},
          {"descriptors", kMostGot},
          {"files", kMostWritten},
          {"log_flood", 1 << 30},
          {"processor", 0},
          {"nice", 0},
          {"map", 0},
          {"host_calls", 1'000'000}};
}

class Bombs {
 public:
  explicit Bombs(Showing& showing) : showing_(showing), crowd_(showing) {
    for (const auto& bomb : bombs()) crowd_.add("b_" + bomb.mode);
  }

  std::string run(std::size_t windows, milliseconds each) {
    crowd_.start();
    std::this_thread::sleep_for(seconds(3)); // pools, sessions
    crowd_.overwhelm();
    static_cast<void>(crowd_.load().take());
    groups_ = has_groups();
    if (!groups_)
      showing_.skip(
          "the others' p99: this machine lets the hub make no control groups, so nothing shares the processor");
    for (const auto& bomb : bombs()) explode(bomb, windows, each);
    crowd_.hold_level();
    crowd_.end();
    for (const auto& bomb : bombs())
      if (!bomb.limit.empty())
        showing_.holds(names_limit(bomb), bomb.mode + ": the log does not name the limit \"" + bomb.limit + "\"");
    return std::to_string(showing_.counted("bombs")) + " bombs of " + std::to_string(bombs().size()) +
           " kinds, the hub grew by at most " + std::to_string(most_growth_kb_) + " kB, processes of one connector " +
           std::to_string(most_processes_) + ", the others' p99 at most " + std::to_string(worst_ratio_).substr(0, 4) +
           " of the control's (" + worst_bomb_ + "), " + std::to_string(showing_.counted("bystanders' sections")) +
           " of their sections, " + std::to_string(showing_.counted("of them not ok")) + " not ok";
  }

 private:
  struct Window { // a while with a bomb in it, or with as many calls that do no harm
    double p99 = 0;
    std::int64_t peak_kb = 0, processes = 0, threads = 0;
  };

  // By turns without and with the bomb, so that what else the machine does falls on both. Where the others seem slower
  // it is looked at for longer, and for longer still: few windows tell little.
  void explode(const Bomb& bomb, std::size_t windows, milliseconds each) {
    ChaosCalls calls(crowd_.hub(), "b_" + bomb.mode, "by-" + bomb.mode);
    std::vector<double> control, during;
    const auto most = kLonger * kLonger * windows;
    for (std::size_t i = 0; i < windows; ++i) {
      const auto calm = watch(bomb, "", calls, each), loud = watch(bomb, bomb.mode, calls, each);
      control.push_back(calm.p99);
      during.push_back(loud.p99);
      if (i + 1 == windows && windows < most && is_slower(control, during)) windows *= kLonger;
      const auto growth = loud.peak_kb - calm.peak_kb, more = loud.processes - calm.processes;
      most_growth_kb_ = std::max(most_growth_kb_, growth);
      most_processes_ = std::max(most_processes_, more);
      showing_.holds(growth <= kMostGrowthKb, bomb.mode + ": the hub grew by " + std::to_string(growth) + " kB");
      showing_.holds(more <= kMostProcesses, bomb.mode + ": " + std::to_string(more) + " more processes");
      showing_.holds(loud.threads <= kMostThreads, bomb.mode + ": " + std::to_string(loud.threads) + " more threads");
    }
    showing_.count("windows", static_cast<std::int64_t>(2 * control.size()));
    if (const auto ratio = median_of(during) / median_of(control); ratio > worst_ratio_) {
      worst_ratio_ = ratio;
      worst_bomb_ = bomb.mode;
    }
    showing_.holds(!groups_ || !is_slower(control, during), bomb.mode + ": the others' p99 was " + list(during) +
                                                                " us, by turns with " + list(control) + " without it");
    showing_.holds(calls.serves_again(bench::now(), seconds(70)).has_value(),
                   bomb.mode + ": its connector does not come back");
  }

  // The processor is shared by control groups only.
  bool has_groups() {
    const auto page = crowd_.hub().admin("/admin/v1/connectors").json();
    for (std::size_t i = 0; i < page.size("/connectors"); ++i) {
      const auto at = "/connectors/" + std::to_string(i);
      if (page.text(at + "/name") == "b_processor")
        return page.dump(at + "/worker/layers/present").find("\"cgroup\"") != std::string::npos;
    }
    return false;
  }

  Window watch(const Bomb& bomb, const std::string& mode, ChaosCalls& calls, milliseconds each) {
    showing_.holds(calls.serves_again(bench::now(), seconds(70)).has_value(),
                   bomb.mode + ": its connector does not serve");
    calls.be_of_use(); // else it is taken for one that does nothing but go down, and comes up ever more seldom
    static_cast<void>(crowd_.hold_bystanders("before " + bomb.mode));
    static_cast<void>(take_peak_kb(crowd_.pid()));
    const Watch below(crowd_.pid());
    const auto until = bench::now() + each;
    int exploded = 0;
    const int most = bomb.mode != "leak" ? 1 : mode.empty() ? kCallsOfALeak : kLeaks;
    do explode_once(bomb, mode, calls, each);
    while (++exploded < most && !ended_ && bench::now() < until);
    if (bench::now() < until) std::this_thread::sleep_for(until - bench::now());
    auto seen = crowd_.hold_bystanders(bomb.mode);
    return {seen.latencies.microseconds(99), take_peak_kb(crowd_.pid()), below.most_processes(), below.most_threads()};
  }

  void explode_once(const Bomb& bomb, const std::string& mode, ChaosCalls& calls, milliseconds each) {
    const auto answer =
        calls.call(mode, {.params = R"(, "ms": )" + std::to_string(each.count()), .deadline_ms = 20'000});
    ended_ = answer.is("unavailable", "plugin_crashed");
    if (mode.empty()) return;
    showing_.count("bombs");
    if (ended_) {
      showing_.holds(bomb.may_end, bomb.mode + " ended its process: " + answer.section);
      return;
    }
    if (!showing_.holds(answer.status == "ok", bomb.mode + " was answered " + answer.section)) return;
    const auto got = Json::parse(answer.section).integer("/data/got");
    showing_.count("got by " + bomb.mode, got);
    const bool unlimited = bomb.mode == "processor" || bomb.mode == "log_flood" || bomb.mode == "host_calls";
    showing_.holds(unlimited || got <= bomb.most_got, bomb.mode + " got " + std::to_string(got));
  }

  // The median of some seconds' p99: a second in which the machine did something else does not decide.
  static bool is_slower(const std::vector<double>& control, const std::vector<double>& during) {
    const auto usual = median_of(control);
    return median_of(during) > std::max(usual * kSlower, usual + kNoiseMicroseconds);
  }

  static std::string list(const std::vector<double>& all) {
    std::string text;
    for (const auto one : all) text += (text.empty() ? "" : ", ") + std::to_string(static_cast<int>(one));
    return text;
  }

  bool names_limit(const Bomb& bomb) {
    const auto events = crowd_.hub().events("plugin.worker_down");
    return std::any_of(events.begin(), events.end(), [&](const Json& event) {
      return event.text("/connector") == "b_" + bomb.mode &&
             event.text("/detail").find(bomb.limit) != std::string::npos;
    });
  }

  class Watch { // what the processes below the hub are, all the while
   public:
    explicit Watch(pid_t hub)
        : thread_([this, hub](const std::stop_token& stop) {
            const auto threads = threads_of(descendants_of(hub));
            while (!stop.stop_requested()) {
              const auto below = descendants_of(hub);
              processes_ = std::max(processes_.load(), static_cast<std::int64_t>(below.size()));
              threads_ = std::max(threads_.load(), threads_of(below) - threads);
              std::this_thread::sleep_for(milliseconds(50));
            }
          }) {}

    std::int64_t most_processes() const { return processes_; }

    std::int64_t most_threads() const { return threads_; }

   private:
    std::atomic<std::int64_t> processes_{0}, threads_{0};
    std::jthread thread_;
  };

  Showing& showing_;
  Crowd crowd_;
  bool ended_ = false, groups_ = false;
  std::int64_t most_growth_kb_ = 0, most_processes_ = 0;
  double worst_ratio_ = 0;
  std::string worst_bomb_;
};

std::string show(Showing& showing) {
  if (const auto why = why_no_workers(); !why.empty()) {
    showing.skip(why);
    return {};
  }
  return Bombs(showing).run(showing.full ? 9 : 3, seconds(showing.full ? 5 : 1));
}

} // namespace

} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "P4", plugboard::test::show);
}
