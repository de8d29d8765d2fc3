// S10: a hub at 60 % of its capacity, which is measured first, while one percent of everything goes wrong, and whether
// it is at the end as it was at the beginning. Systems fail, hang, reset, answer late, malformed, oversized or about
// another customer; seventeen plugins misbehave; clients leave, send garbage, ask with revoked and expired sessions.
// Every five seconds the workers are killed and the configuration is reloaded, in turn one that makes all connectors
// anew and changes the client's key, and one that must be refused; the audit trail goes on from file to file.
//
// Every answer is held against what may be said: no section shows another customer's data, no revoked session is
// served, no living one is unknown, no offered section is denied, nothing is a 500. At rest, after a third of the time
// and at the end, the heap in use (heap_level.cpp) must be the same but for half a megabyte, or one an hour: under load
// it follows the connections that are open. What is resident is judged by its trend over the last two thirds, by least
// squares over samples of five seconds, less twice its standard error. p95 in the end, not p99, for one percent goes
// wrong by waiting, is held against that of the beginning and against what a fixed piece of work took meanwhile, as
// others may load the machine. Left alone, the hub must hold no more descriptors and threads than when it started.
//
// --minutes N: how long, instead of three minutes, or two hours with --long. It takes some minutes longer than that.
#include "tests/reliability/promise.hpp"
#include "tests/reliability/soak/control.hpp"
#include "tests/reliability/soak/customers.hpp"
#include "tests/reliability/soak/flatness.hpp"
#include "tests/reliability/soak/workers.hpp"
#include "tests/support/hub_process.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace plugboard::bench {
namespace {

constexpr int kSystems = 8;
constexpr double kPartOfCapacity = 0.6;
constexpr std::chrono::seconds kBetweenSamples{5};
constexpr int kLooks = 5;
constexpr std::chrono::seconds kUntilIdleLinesAreClosed{45}; // http::ClientLimits::idle_time, and some
// The heap is compared at rest, after a third of the time and at the end: under load it follows the connections that
// are open. In ten minutes the graves of the revoked, which stay for five, still fill; later only an hour's growth
// counts.
constexpr double kMostHeapKb = 512, kMostHeapKbAnHour = 1024;
// What is resident is judged by its trend, less twice its standard error, over the last two thirds: that may come to so
// much, or to 1 MB an hour. The allocator settles, in steps of some hundred kilobytes, for as long as rare, large
// answers come.
constexpr double kMostResidentKb = 1024, kMostResidentKbAnHour = 1024;
constexpr std::chrono::seconds kRest{65}; // a session's life, an idle connection's, and a tending
constexpr double kMostSlowdown = 1.5,
                 kMostSlowdownLong = 1.1; // the last sixth's p95 over the first's, where the machine is as fast
constexpr int kStored = 4000;             // customers from the beginning: more than SQLite's page cache holds

// All that misbehave without taking their process with them or keeping a call for ever.
constexpr const char* kBadPlugins[] = {
    "another_customer", "call_throws",   "completes_late",   "completes_twice", "deep_json",  "drops_call",
    "duplicate_keys",   "hangs_in_call", "huge_reply",       "invalid_utf8",    "not_json",   "null_data",
    "null_reply",       "short_reply",   "undeclared_yield", "unknown_status",  "wrong_shape"};

std::string name_of(int system) {
  return (system < 10 ? "s0" : "s") + std::to_string(system);
}

// One folder for the plugins that are shipped and the bad ones.
void gather_plugins(const std::string& into, const std::string& shipped) {
  namespace fs = std::filesystem;
  for (const auto& plugin : fs::directory_iterator(shipped))
    fs::create_directory_symlink(plugin.path(), fs::path(into) / plugin.path().filename());
  for (const std::string name : kBadPlugins) {
    const auto folder = fs::path(into) / name / "1.0.0";
    fs::create_directories(folder);
    fs::create_symlink(fs::path(PLUGBOARD_BAD_PLUGINS) / (name + ".so"), folder / (name + ".so"));
  }
}

test::HubConfig config_of(const std::vector<int>& ports, const std::string& plugins, int timeout_ms) {
  test::HubConfig config;
  config.plugins_dir = plugins;
  config.more = R"("audit": {"segment_mb": 1},)";
  for (int i = 0; i < kSystems; ++i) {
    const auto target = "/" + name_of(i + 1) + "/orders?customer={customer_id}";
    auto connector = test::rest_connector(ports[static_cast<std::size_t>(i)],
                                          R"({"orders": {"shape": "orders/v1", "needs": [["customer_id"]],
                                              "echo": {"/customer_id": "customer_id"}, "url": ")" +
                                              target + R"(", "mapping": "identity"}})",
                                          "\"timeout_ms\": " + std::to_string(timeout_ms) + ", ");
    const std::string in_process = "in_process";
    if (i == kSystems - 1) connector.replace(connector.find(in_process), in_process.size(), "worker");
    config.add(name_of(i + 1), connector);
  }
  for (const std::string name : kBadPlugins)
    config.add(name, R"({"plugin": ")" + name + R"(", "isolation": "in_process", "timeout_ms": )" +
                         std::to_string(timeout_ms - 100) + "}");
  return config;
}

struct Wish {
  double minutes;
  std::uint64_t seed;
  bool full;
};

class Soak {
 public:
  Soak(const Wish& wish, test::Showing& showing)
      : showing_(showing), wish_(wish), systems_({PLUGBOARD_BENCH_SYSTEMS, "--count", std::to_string(kSystems),
                                                  "--chaos", "1", "--seed", std::to_string(wish.seed)}),
        ports_(read_ports()), hub_(config(300)), customers_(plan()) {}

  std::string run() {
    if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.raw_log());
    const auto at_first = look();
    fill_store();
    const double capacity = measure_capacity();
    std::fprintf(stderr, "capacity %.0f/s, %lld kB, heap %lld kB; soaking for %.1f minutes at %.0f/s, seed %llu\n",
                 capacity, static_cast<long long>(look().resident_kb), static_cast<long long>(heap_kb()), wish_.minutes,
                 kPartOfCapacity * capacity, static_cast<unsigned long long>(wish_.seed));
    soak(kPartOfCapacity * capacity, wish_.minutes / 3);
    const auto warm = samples_.size();
    const auto heap_before = heap_at_rest();
    soak(kPartOfCapacity * capacity, wish_.minutes * 2 / 3);
    judge_flatness({samples_.begin() + static_cast<std::ptrdiff_t>(warm), samples_.end()});
    if (hub_.runs()) judge_heap(heap_before, heap_at_rest());
    judge_end(at_first);
    return report(capacity);
  }

 private:
  std::vector<int> read_ports() {
    if (!test::eventually([this] { return systems_.out().ends_with('\n') || systems_.ended(); }))
      throw std::runtime_error("bench_systems does not start");
    std::istringstream text(systems_.out());
    std::vector<int> ports;
    for (int port = 0; text >> port;) ports.push_back(port);
    return ports;
  }

  // The key that clients come with is the client's own, or the one before.
  test::HubConfig config(int timeout_ms, bool new_key = false) {
    if (std::filesystem::is_empty(plugins_.path())) gather_plugins(plugins_.path(), test::HubConfig().plugins_dir);
    auto config = config_of(ports_, plugins_.path(), timeout_ms);
    config.environment["OTHER_KEY"] = "another-key-0123456789abcdef";
    const std::string key = R"("key": {"env": "DESK_KEY"})";
    config.clients.replace(config.clients.find(key), key.size(),
                           new_key ? R"("key": {"env": "OTHER_KEY"}, "previous_key": {"env": "DESK_KEY"})"
                                   : key + R"(, "previous_key": {"env": "OTHER_KEY"})");
    config.environment["LD_PRELOAD"] = PLUGBOARD_HEAP_LEVEL_LIBRARY;
    config.environment["PLUGBOARD_HEAP_LEVEL"] = figures_ / "heap";
    return config;
  }

  SoakPlan plan() const {
    SoakPlan plan;
    for (int i = 1; i <= kSystems; ++i) plan.sections.push_back(name_of(i) + ".orders");
    for (const std::string name : kBadPlugins) plan.bad_sections.push_back(name + ".contact");
    plan.key = test::kDesk;
    plan.seed = wish_.seed;
    return plan;
  }

  Holdings look() { return holdings({hub_.process().pid()}); }

  std::int64_t heap_kb() const {
    std::int64_t bytes = 0;
    std::ifstream(figures_ / "heap") >> bytes;
    return bytes / 1024;
  }

  // SQLite holds more of a file in memory as it grows, up to its cache's size: that would look like a leak. Their
  // sessions are over long before anything is compared.
  void fill_store() {
    auto connection = test::Connection::tcp(hub_.port());
    if (!connection) throw std::runtime_error("the hub takes no connection");
    for (int i = 0; i < kStored; ++i) {
      const auto subject = "stored-" + std::to_string(i);
      const auto token = test::token_of(
          {.subject = subject, .email = subject + "@shop.example", .customer_id = subject, .lifetime = 20});
      const auto body = R"({"connector": "login", "credential": {"token": ")" + token + "\"}}";
      const auto answer = connection->ask({.path = "/v1/sessions", .key = test::kDesk, .body = body});
      if (answer.status != 201) throw std::runtime_error("the store can't be filled: " + answer.body);
    }
  }

  double measure_capacity() {
    Load load(loop_, {hub_.port(), 32, 0, wish_.seed}, customers_);
    load.run(std::chrono::seconds(2)); // sessions, pools
    static_cast<void>(customers_.take_latencies());
    constexpr double kSeconds = 6;
    load.run(std::chrono::seconds(6));
    return static_cast<double>(customers_.take_latencies().all.size()) / kSeconds;
  }

  void soak(double rate, double minutes) {
    Load load(loop_, {hub_.port(), 64, rate, wish_.seed + 1}, customers_);
    const auto end = now() + Nanoseconds(static_cast<std::int64_t>(minutes * 60e9));
    for (int turn = 1; now() < end && hub_.runs(); ++turn) {
      Sample least;
      for (int i = 0; i < kLooks; ++i) { // the least of some: an answer of 64 MiB passes through in a moment
        load.run(kBetweenSamples / kLooks);
        const Sample sample{0, look(), heap_kb()};
        if (i == 0 || sample.holdings.resident_kb < least.holdings.resident_kb) least.holdings = sample.holdings;
        if (i == 0 || sample.heap_kb < least.heap_kb) least.heap_kb = sample.heap_kb;
      }
      const auto since = least.seconds = std::chrono::duration<double>(now() - begun_).count();
      samples_.push_back(least);
      controls_.push_back(control_.take());
      latencies_.push_back(customers_.take_latencies());
      reload(turn);
      if (turn % 6 == 0)
        std::fprintf(stderr, "%4.0f s: %lld kB, heap %lld kB, %lld descriptors, %lld threads, p99 %.0f ms\n", since,
                     static_cast<long long>(samples_.back().holdings.resident_kb),
                     static_cast<long long>(samples_.back().heap_kb),
                     static_cast<long long>(samples_.back().holdings.descriptors),
                     static_cast<long long>(samples_.back().holdings.threads),
                     latencies_.back().microseconds(99) / 1000);
    }
  }

  // In turn: a configuration that makes all of its connectors anew, and one that must be refused.
  void reload(int turn) {
    const bool good = turn % 2 == 0;
    hub_.folder().write("plugboard.json",
                        good ? config(300 + turn % 4, turn % 4 == 0).text() : "{\"agents\": nonsense");
    hub_.process().send(SIGHUP);
    ++(good ? good_reloads_ : bad_reloads_);
    killed_ += kill_workers(hub_.process().pid());
  }

  std::int64_t heap_at_rest() {
    std::this_thread::sleep_for(kRest);
    static_cast<void>(control_.take());
    const auto heap = heap_kb();
    std::fprintf(stderr, "at rest: %lld kB, heap %lld kB\n", static_cast<long long>(look().resident_kb),
                 static_cast<long long>(heap));
    return heap;
  }

  void judge_heap(std::int64_t before, std::int64_t after) {
    heap_growth_kb_ = after - before;
    if (before == 0 || after == 0) return fail("the hub's heap was not measured");
    if (static_cast<double>(heap_growth_kb_) > std::max(kMostHeapKb, kMostHeapKbAnHour * wish_.minutes / 60))
      fail("the heap at rest grew from " + std::to_string(before) + " to " + std::to_string(after) + " kB");
  }

  void judge_flatness(const std::vector<Sample>& warm) {
    if (warm.size() < 6) return fail("too short to tell anything");
    resident_ = trend(warm, resident_of);
    const double hours = wish_.minutes * 2 / 3 / 60;
    if (resident_.at_least() * hours > std::max(kMostResidentKb, kMostResidentKbAnHour * hours))
      fail("what is resident grows");
    const auto half = static_cast<std::ptrdiff_t>(warm.size() / 2);
    // The least of each half: those of connectors that a reload replaced end a moment later.
    const auto was = least({warm.begin(), warm.begin() + half}, threads_of),
               is = least({warm.begin() + half, warm.end()}, threads_of);
    if (is > was) fail("threads were " + std::to_string(was) + " and are " + std::to_string(is));
    judge_speed();
  }

  // By p95, as one percent of all goes wrong, much of it by waiting. On a machine that others load, the hub's answers
  // may take as much longer as a fixed piece of work does.
  void judge_speed() {
    const auto sixth = samples_.size() / 6 + 1, end = samples_.size();
    first_p95_ = p95_of(latencies_, 0, sixth);
    last_p95_ = p95_of(latencies_, end - sixth, end);
    machine_slowed_ = p95_of(controls_, end - sixth, end) / std::max(p95_of(controls_, 0, sixth), 1e-3);
    if (last_p95_ > (wish_.full ? kMostSlowdownLong : kMostSlowdown) * first_p95_ * std::max(1.0, machine_slowed_))
      fail("answers take longer at the end than in the beginning");
  }

  static double p95_of(const std::vector<Latencies>& each, std::size_t from, std::size_t to) {
    Latencies all;
    for (auto i = from; i < to; ++i) all.all.insert(all.all.end(), each[i].all.begin(), each[i].all.end());
    return all.microseconds(95) / 1000;
  }

  // Left alone, it lets go of all that it opened for the load.
  void judge_end(const Holdings& at_first) {
    const auto level = [&] {
      const auto held = look();
      return held.descriptors <= at_first.descriptors && held.threads <= at_first.threads;
    };
    test::eventually(level, kUntilIdleLinesAreClosed);
    const auto held = look();
    const auto heap_left = heap_kb();
    if (held.descriptors == 0)
      fail("descriptors can't be counted: run this as the hub's own user may look, or as root");
    if (!level())
      fail("left alone it holds " + std::to_string(held.descriptors) + " descriptors and " +
           std::to_string(held.threads) + " threads; at first " + std::to_string(at_first.descriptors) + " and " +
           std::to_string(at_first.threads));
    if (const int code = hub_.stop(); code != 0) fail("the hub ended with " + std::to_string(code));
    const auto log = hub_.raw_log();
    const auto reloaded = times(log, "\"event\":\"hub.reloaded\""),
               refused = times(log, "\"event\":\"hub.reload_refused\"");
    if (reloaded == 0 || reloaded > good_reloads_) fail(std::to_string(reloaded) + " reloads served");
    if (refused == 0 || refused > bad_reloads_) fail(std::to_string(refused) + " reloads refused");
    if (times(log, "\"event\":\"io.exception\"") > 0) fail("an exception reached the root of a thread");
    for (const auto& what : customers_.faults()) fail(what);
    if (count("requests without an answer") * 10'000 > count("contexts complete") + count("contexts partial"))
      fail(std::to_string(count("requests without an answer")) + " requests had no answer");
    std::fprintf(stderr,
                 "left alone: %lld kB, heap %lld kB, %lld descriptors, %lld threads; %zu reloads served, %zu refused\n",
                 static_cast<long long>(held.resident_kb), static_cast<long long>(heap_left),
                 static_cast<long long>(held.descriptors), static_cast<long long>(held.threads), reloaded, refused);
  }

  std::uint64_t count(const std::string& what) const {
    const auto found = customers_.counts().find(what);
    return found == customers_.counts().end() ? 0 : found->second;
  }

  std::string report(double capacity) {
    for (const auto& [what, number] : customers_.counts()) showing_.count(what, static_cast<std::int64_t>(number));
    const auto contexts = count("contexts complete") + count("contexts partial");
    char text[400];
    std::snprintf(text, sizeof text,
                  "%.1f min at %.0f/s: %llu contexts, %zu faults, %d workers killed, after warm-up the heap at rest "
                  "%+lld kB, resident %+.0f±%.0f kB/h, p95 %.1f then %.1f ms (the machine's own ×%.2f)",
                  wish_.minutes, kPartOfCapacity * capacity, static_cast<unsigned long long>(contexts),
                  customers_.faults().size(), killed_, static_cast<long long>(heap_growth_kb_), resident_.kb_an_hour,
                  resident_.uncertainty, first_p95_, last_p95_, machine_slowed_);
    return text;
  }

  void fail(const std::string& why) { showing_.fail(why); }

  test::Showing& showing_;
  const Wish wish_;
  test::TempFolder plugins_, figures_;
  test::Process systems_;
  const std::vector<int> ports_;
  test::HubProcess hub_;
  Customers customers_;
  Loop loop_;
  std::vector<Sample> samples_;
  std::vector<Latencies> latencies_, controls_; // of each sample's time
  Control control_;
  int killed_ = 0;
  std::size_t good_reloads_ = 0, bad_reloads_ = 0;
  const Nanoseconds begun_ = now();
  std::int64_t heap_growth_kb_ = 0;
  Trend resident_;
  double first_p95_ = 0, last_p95_ = 0, machine_slowed_ = 0;
};

// Takes --minutes N out of the words, which are the promise's own.
double minutes_in(int& argc, char** argv) {
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::strcmp(argv[i], "--minutes") != 0) continue;
    const double minutes = std::atof(argv[i + 1]);
    for (int j = i; j + 2 <= argc; ++j) argv[j] = argv[j + 2];
    argc -= 2;
    return minutes;
  }
  return 0;
}

} // namespace
} // namespace plugboard::bench

int main(int argc, char** argv) {
  using namespace plugboard;
  const double minutes = bench::minutes_in(argc, argv);
  return test::show_promise(argc, argv, "S10", [minutes](test::Showing& showing) {
    const double usual = showing.full ? 120 : 3;
    return bench::Soak({minutes > 0 ? minutes : usual, showing.seed, showing.full}, showing).run();
  });
}
