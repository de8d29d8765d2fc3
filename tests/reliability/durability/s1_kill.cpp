// S1: kill -9 at random moments of the real daemon under mixed writes, uniform in time and at system calls, some of
// them while it recovers from the kill before. What was acknowledged is there, what was revoked is dead, the file is
// whole, and it is ready again soon.
#include "core/audit/customer_index.hpp"
#include "core/audit/lines.hpp"
#include "core/audit/verify_folder.hpp"
#include "tests/reliability/durability/failpoints.hpp"
#include "tests/reliability/durability/hub_clients.hpp"
#include "tests/support/sqlite.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>

namespace plugboard::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kReadySeconds = 2;
constexpr double kUsualStart = 0.3; // of a hub with an empty store; slower: the machine is busy, and so is S1's hub

enum class Moment : std::uint8_t { in_time = 1, at_a_call, at_a_call_of_the_start };

Failpoints::Fault fatal_call(std::mt19937_64& random, std::uint64_t among) {
  constexpr Deed kDeeds[] = {Deed::kill_before, Deed::kill_torn, Deed::kill_after};
  const auto calls = static_cast<std::uint32_t>(Call::write) | static_cast<std::uint32_t>(Call::fsync) |
                     static_cast<std::uint32_t>(Call::fdatasync) | static_cast<std::uint32_t>(Call::truncate) |
                     static_cast<std::uint32_t>(Call::unlink) | static_cast<std::uint32_t>(Call::open);
  return {.calls = calls, .deed = kDeeds[random() % 3], .nth = 1 + random() % among};
}

// In a copy: whoever opens the file itself would recover it in the hub's place.
std::string integrity(const HubProcess& hub) {
  const TempFolder copy;
  for (const char* part : {"plugboard.db", "plugboard.db-wal"}) {
    const auto from = hub.folder() / ("var/" + std::string(part));
    if (std::filesystem::exists(from)) std::filesystem::copy_file(from, copy / part);
  }
  if (!std::filesystem::exists(copy / "plugboard.db")) return "ok"; // killed before it made one
  return run_sqlite(copy / "plugboard.db", "PRAGMA integrity_check")[0][0];
}

// Of contexts, in all records that the hub has.
std::set<std::string> on_record(const HubProcess& hub) {
  std::set<std::string> contexts;
  auto folder = audit::look_into_folder(hub.folder() / "var/audit");
  if (!folder) return contexts;
  const auto names = audit::list_segments(**folder);
  for (const auto& name : *names) {
    audit::Lines lines(**folder, name, 0, *(*folder)->size(name));
    for (auto line = lines.next(); line && *line; line = lines.next())
      if ((*line)->find("\"kind\":\"disclosure\"") != std::string_view::npos)
        contexts.emplace(audit::text_of_member(**line, "context"));
  }
  return contexts;
}

class Kills {
 public:
  explicit Kills(Showing& showing) : showing_(showing), hub_(with_failpoints()) {}

  std::string run(int kills) {
    start(); // once in peace
    for (int i = 0; i < kills; ++i) {
      one_life(i % 2 == 0 ? Moment::in_time : i % 10 == 9 ? Moment::at_a_call_of_the_start : Moment::at_a_call);
      showing_.holds(integrity(hub_) == "ok", "after kill " + std::to_string(i + 1) + ": " + integrity(hub_));
      showing_.count("kills");
      start();
      compare(200);
      compare_disclosures();
    }
    compare(0);
    const auto control = start_of_a_new_hub();
    showing_.holds(slowest_ < kReadySeconds * std::max(1.0, control / kUsualStart),
                   "ready after " + std::to_string(slowest_) + " s; a new hub " + std::to_string(control) + " s");
    showing_.count("acknowledged", static_cast<std::int64_t>(ledger_.acknowledged()));
    showing_.count("slowest start, ms", static_cast<std::int64_t>(slowest_ * 1000));
    showing_.holds(ledger_.foreign() == 0, "a customer's id changed");
    return std::to_string(kills) + " kills (" + std::to_string(showing_.counted("at a system call")) +
           " at a system call), " + std::to_string(ledger_.acknowledged()) + " acknowledged (" +
           std::to_string(showing_.counted("disclosures")) + " disclosures, each on record), " +
           std::to_string(ledger_.lost()) + " lost, " + std::to_string(ledger_.risen()) +
           " risen, ready after at most " + std::to_string(static_cast<int>(slowest_ * 1000)) +
           " ms (a new hub: " + std::to_string(static_cast<int>(control * 1000)) + ")";
  }

 private:
  HubConfig with_failpoints() const {
    auto config = durable_hub();
    for (const auto& [name, value] : failpoints_.environment()) config.environment[name] = value;
    return config;
  }

  void start() {
    failpoints_.disarm();
    const auto begun = Clock::now();
    if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.raw_log());
    slowest_ = std::max(slowest_, std::chrono::duration<double>(Clock::now() - begun).count());
  }

  double start_of_a_new_hub() {
    HubProcess fresh(durable_hub());
    const auto begun = Clock::now();
    fresh.start();
    return std::chrono::duration<double>(Clock::now() - begun).count();
  }

  void one_life(Moment moment) {
    auto& random = showing_.random;
    if (moment == Moment::at_a_call_of_the_start) {
      hub_.kill();
      failpoints_.arm(fatal_call(random, 60));
      if (!hub_.start()) return count_call(); // as it should; else it needs fewer calls: its life goes on
    } else if (moment == Moment::at_a_call) {
      failpoints_.arm(fatal_call(random, 400));
    }
    MixedWriters writers(hub_.port(), hub_.admin_socket(), ledger_, random());
    if (moment == Moment::in_time) {
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 400'000));
      hub_.kill();
    } else if (hub_.process().wait(std::chrono::seconds(10))) {
      count_call();
    } else {
      showing_.fail("no call killed the hub");
      hub_.kill();
    }
  }

  void count_call() {
    showing_.count("at a system call");
    showing_.holds(failpoints_.hits() == 1, "the hub ended by itself: " + hub_.raw_log());
  }

  // Nobody was shown what is not on record, and the chain holds over all kills.
  void compare_disclosures() {
    const auto contexts = on_record(hub_);
    for (const auto& context : ledger_.take_disclosed()) {
      showing_.count("disclosures");
      showing_.holds(contexts.contains(context), "a context that was shown is not on record");
    }
    const auto folder = audit::look_into_folder(hub_.folder() / "var/audit");
    const auto verified = audit::verify_folder(**folder, {});
    showing_.holds(verified && verified->fault.empty(),
                   "the audit trail does not hold: " + (verified ? verified->fault : verified.error().message));
  }

  void compare(std::size_t sample) {
    auto connection = Connection::tcp(hub_.port());
    if (!connection) throw std::runtime_error("no connection after a restart");
    ledger_.compare(asked_over(*connection), sample, showing_);
  }

  Showing& showing_;
  Failpoints failpoints_;
  HubProcess hub_;
  Ledger ledger_;
  double slowest_ = 0;
};

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  using namespace plugboard::test;
  return show_promise(argc, argv, "S1", [](Showing& showing) { return Kills(showing).run(showing.full ? 1000 : 60); });
}
