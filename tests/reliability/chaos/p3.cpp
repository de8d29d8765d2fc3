// P3: a plugin may hang in any way: the caller has an answer at the deadline, the process is ended soon after, and what
// it held comes back.
#include "tests/reliability/chaos/connector/modes.hpp"
#include "tests/reliability/chaos/crowd.hpp"
#include "tests/reliability/chaos/deadline_control.hpp"

#include <atomic>
#include <thread>

namespace plugboard::test {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kDeadlineMs = 300, kAtOnce = 3;
constexpr milliseconds kAfterDeadline{50};
constexpr seconds kKilledAfterCancel{2};
constexpr std::size_t kUnread = 20;          // calls that nobody reads
constexpr std::size_t kUnreadBytes = 52'000; // each

std::vector<std::string> hang_modes() {
  std::vector<std::string> modes;
  for (const auto& mode : chaos::kModes)
    if (mode.kind == chaos::Kind::hang) modes.emplace_back(mode.name);
  return modes;
}

class Hangs {
 public:
  explicit Hangs(Showing& showing) : showing_(showing), crowd_(showing) {
    for (const auto& mode : hang_modes()) crowd_.add("h_" + mode);
    // Called on the worker's own thread: then nobody reads its socket while it hangs.
    crowd_.add("h_async", "{}", "", "chaos_async");
  }

  std::string run(int times) {
    crowd_.start();
    hang_all(1); // warms up
    crowd_.hold_bystanders("the first hangs");
    late_.clear();
    killed_.clear();
    hang_all(times);
    crowd_.hold_bystanders("hangs");
    for (int i = 0; i <= times / 5; ++i) hang_while_being_made_and_unmade();
    crowd_.hold_bystanders("hangs in constructors and destructors");
    crowd_.hold_level();
    crowd_.end();
    return std::to_string(showing_.counted("hangs")) + " hangs of " + std::to_string(hang_modes().size() + 3) +
           " kinds, answered at most " + milliseconds_of(late_, 100) +
           " ms after the deadline (a hub at rest: " + std::to_string(control_.worst_since({}).count()) +
           "), the process ended " + milliseconds_of(killed_, 50) + " ms after it (at most " +
           milliseconds_of(killed_, 100) + "), " + std::to_string(showing_.counted("bystanders' sections")) +
           " sections of 39 other connectors, " + std::to_string(showing_.counted("of them not ok")) + " not ok";
  }

 private:
  // A few at once: more that spin would leave the machine no time for anything else.
  void hang_all(int times) {
    std::vector<std::pair<std::string, std::string>> all{{"h_async", "spin"}}; // connector, mode
    for (const auto& mode : hang_modes()) all.emplace_back("h_" + mode, mode);
    std::atomic<std::size_t> next{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < kAtOnce; ++i)
      threads.emplace_back([&] {
        for (auto at = next++; at < all.size(); at = next++) hang(all[at].first, all[at].second, times);
      });
    for (auto& thread : threads) thread.join();
  }

  void hang(const std::string& connector, const std::string& mode, int times) {
    try { // the thread's root
      ChaosCalls calls = calls_of(connector);
      for (int i = 0; i < times; ++i) hang_once(calls, mode);
    } catch (const std::exception& error) {
      showing_.fail(mode + ": " + error.what());
    }
  }

  ChaosCalls calls_of(const std::string& connector) {
    const std::lock_guard lock(mutex_); // the hub's exchanges are remembered
    return {crowd_.hub(), connector, "by-" + connector};
  }

  void hang_once(ChaosCalls& calls, const std::string& mode) {
    const auto before = calls.be_of_use();
    if (!showing_.holds(before.empty(), mode + ": before it, the connector says " + before)) return;
    const auto worker = worker_of(crowd_.pid(), calls.connector());
    if (!showing_.holds(worker.has_value(), mode + ": there is no process of its connector")) return;
    auto dying = death_of(*worker, seconds(20));
    const bool unread = mode == "reads_nothing" || calls.connector() == "h_async";
    const auto answer = unread ? hang_with_unread(calls, mode) : calls.call(mode, {.deadline_ms = kDeadlineMs});
    showing_.count("hangs");
    const auto late = answer.took() - milliseconds(kDeadlineMs);
    showing_.holds(answer.is("timeout", "deadline"), mode + " was answered " + answer.said() + ": " + answer.section);
    const auto slack = control_.worst_since(answer.asked);
    showing_.holds(late <= kAfterDeadline + slack, mode + " was answered " + std::to_string(late.count()) +
                                                       " ms after the deadline, on a hub at rest " +
                                                       std::to_string(slack.count()));
    const auto died = dying.get();
    if (!showing_.holds(died.has_value(), mode + ": its process lives on")) return;
    const auto killed = std::chrono::duration_cast<milliseconds>(*died - answer.asked) - milliseconds(kDeadlineMs);
    showing_.holds(killed <= kKilledAfterCancel + control_.worst_since(answer.asked),
                   mode + ": its process was ended " + std::to_string(killed.count()) + " ms after the deadline");
    showing_.holds(calls.serves_again(*died).has_value(), mode + ": its connector does not come back");
    const std::lock_guard lock(mutex_);
    late_.push_back(std::max(late, milliseconds(0)));
    killed_.push_back(killed);
  }

  // While it hangs, a megabyte of further calls is sent to it, which nobody reads.
  ChaosAnswer hang_with_unread(ChaosCalls& calls, const std::string& mode) {
    std::vector<Connection> further;
    std::thread sender([&] {
      std::this_thread::sleep_for(milliseconds(30));
      const auto filler = R"(, "filler": ")" + std::string(kUnreadBytes, 'u') + "\"";
      for (std::size_t i = 0; i < kUnread; ++i) {
        auto connection = Connection::tcp(crowd_.hub().port());
        if (!connection) continue;
        connection->send(bytes_of(calls.asking("", {.params = filler, .deadline_ms = kDeadlineMs})));
        further.push_back(std::move(*connection));
      }
    });
    auto answer = calls.call(mode, {.deadline_ms = kDeadlineMs});
    sender.join();
    for (auto& connection : further) {
      const auto theirs = connection.read();
      showing_.count("calls unread");
      showing_.holds(theirs.status == 200, "an unread call was answered " + theirs.body);
    }
    return answer;
  }

  void hang_while_being_made_and_unmade() {
    crowd_.add("made", R"({"init": "spin"})");
    showing_.count(crowd_.reload_with() ? "constructors' hangs taken" : "constructors' hangs refused");
    crowd_.remove("made");
    crowd_.add("unmade", R"({"stop": "spin"})");
    showing_.holds(crowd_.reload_with(), "a connector that would hang when it stops is refused");
    const auto worker = worker_of(crowd_.pid(), "unmade");
    if (!showing_.holds(worker.has_value(), "a connector that would hang when it stops has no process")) return;
    auto dying = death_of(*worker, seconds(60));
    crowd_.remove("unmade");
    showing_.holds(crowd_.reload_with(), "a connector that hangs when it stops can't be removed");
    showing_.holds(dying.get().has_value(), "a connector that hangs when it stops lives on");
    showing_.count("hangs", 2);
  }

  Showing& showing_;
  Crowd crowd_;
  const DeadlineControl control_{kDeadlineMs};
  std::mutex mutex_;
  std::vector<milliseconds> late_, killed_;
};

std::string show(Showing& showing) {
  if (const auto why = why_no_workers(); !why.empty()) {
    showing.skip(why);
    return {};
  }
  return Hangs(showing).run(showing.full ? 85 : 9);
}

} // namespace

} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "P3", plugboard::test::show);
}
