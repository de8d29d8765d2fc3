// D1: no byte of one customer's is ever given to another, however calls are cut off, however the network spoils
// answers, whatever crashes, and while configurations change. All that leaves the hub is looked at, also its log.
#include "tests/reliability/chaos/chaos_hub.hpp"
#include "tests/reliability/chaos/fault_proxy.hpp"
#include "tests/reliability/chaos/hub_figures.hpp"
#include "tests/reliability/chaos/marked_agents.hpp"
#include "tests/reliability/chaos/marked_systems.hpp"

#include <unistd.h>

#include <csignal>

namespace plugboard::test {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kSystems = 3;
constexpr const char* kNames[kSystems] = {"crm", "orders", "tickets"};
constexpr const char* kChaos = "chaos";
constexpr std::size_t kAtOnce = 48;
constexpr seconds kBetweenReloads{5}, kBetweenCrashes{7};

// One system says nothing that it was not asked for: the hub uses the connections of no other for long.
constexpr int kSpeaksWhenAsked = 2;

FaultPlan plan_of(int system, std::uint64_t seed) {
  FaultPlan plan;
  plan.seed = seed;
  plan.an_answer = {{Fault::latency, .02},     {Fault::jitter, .03}, {Fault::drop, .005},    {Fault::reset, .01},
                    {Fault::half_close, .005}, {Fault::drip, .002},  {Fault::truncate, .01}, {Fault::corrupt, .01},
                    {Fault::duplicate, .03},   {Fault::extra, .05}};
  plan.a_connection = {{Fault::latency, .02}, {Fault::extra, .02}};
  plan.drip = milliseconds(1);
  if (system != kSpeaksWhenAsked) return plan;
  for (auto* chances : {&plan.an_answer, &plan.a_connection})
    for (const auto fault : {Fault::duplicate, Fault::extra}) chances->erase(fault);
  return plan;
}

class Leaks {
 public:
  Leaks(Showing& showing, Isolation isolation, std::uint64_t contexts)
      : showing_(showing), isolation_(isolation), markers_(showing.random()),
        agents_(markers_, {{kNames, kNames + kSystems}, kChaos, contexts, 0.3, 0.3, showing.random()}, showing),
        systems_(markers_, {kSystems, showing.random(), milliseconds(30), milliseconds(90),
                            [this](int system, std::string_view call) { return agents_.owner(system, call); }}),
        proxies_(make_proxies()), hub_(config(400)) {}

  void run() {
    if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.raw_log());
    bench::Loop loop;
    bench::Load load(loop, {hub_.port(), kAtOnce, 0, showing_.random()}, agents_);
    auto reload_at = bench::now() + kBetweenReloads, crash_at = bench::now() + kBetweenCrashes;
    for (int reloads = 1; !agents_.done() && hub_.runs();) {
      load.run(milliseconds(100));
      if (bench::now() >= reload_at) reload(++reloads), reload_at += kBetweenReloads;
      if (isolation_ == Isolation::worker && bench::now() >= crash_at) {
        agents_.crash_next();
        showing_.count("crashes");
        crash_at += kBetweenCrashes;
      }
    }
    look_at_the_rest();
  }

 private:
  std::vector<std::unique_ptr<FaultProxy>> make_proxies() {
    std::vector<std::unique_ptr<FaultProxy>> made;
    for (int i = 0; i < kSystems; ++i) made.push_back(std::make_unique<FaultProxy>(systems_.port(i), plan(i)));
    return made;
  }

  FaultPlan plan(int system) {
    auto plan = plan_of(system, showing_.random());
    plan.reused = [this](const FaultPlan::Reuse& reuse) { agents_.reused(reuse); };
    plan.waited = [this] { return waited_to_run(hub_.process().pid()) + waited_to_run(::getpid()); };
    return plan;
  }

  HubConfig config(int timeout_ms) {
    HubConfig config;
    config.plugins_dir = plugins_.path();
    const auto timeout = "\"timeout_ms\": " + std::to_string(timeout_ms) + ", ";
    for (int i = 0; i < kSystems; ++i) {
      // Only one of them is told by the hub that the record is another customer's: the others rely on the connection.
      const std::string_view echo = i == 0 ? R"("echo": {"/customer": "customer_id"}, )" : "";
      const auto section = R"({"record": {"shape": "record/v1", "needs": [["customer_id"]], )" + std::string(echo) +
                           R"("url": "/record?customer={customer_id}&call={params.call}", "mapping": "identity"}})";
      config.add(kNames[i],
                 isolated(rest_connector(proxies_[static_cast<std::size_t>(i)]->port(), section, timeout), isolation_));
    }
    return config.add(kChaos, chaos_connector(isolation_, "{}", timeout));
  }

  void reload(int turn) {
    hub_.folder().write("plugboard.json", config(400 + turn % 2).text());
    hub_.process().send(SIGHUP);
    showing_.count("reloads");
  }

  void look_at_the_rest() {
    showing_.holds(hub_.runs(), "the hub ended: " + hub_.raw_log());
    if (!hub_.runs()) return;
    for (const char* path : {"/metrics", "/admin/v1/connectors"})
      agents_.look_at_what_all_see(path, hub_.admin(path).body);
    showing_.holds(hub_.stop() == 0, "the hub did not end well");
    agents_.look_at_what_all_see("the log", hub_.raw_log());
    showing_.holds(hub_.log_faults().empty(), hub_.log_faults());
    showing_.holds(!hub_.events("hub.reloaded").empty(), "no reload was served");
    for (const auto& fault : systems_.faults()) showing_.fail(fault);
    agents_.judge();
    showing_.count("markers", static_cast<std::int64_t>(markers_.minted()));
    for (const auto& proxy : proxies_)
      for (const auto& [fault, times] : proxy->faults()) {
        showing_.count("faults", static_cast<std::int64_t>(times));
        showing_.count("faults: " + std::string(name_of(fault)), static_cast<std::int64_t>(times));
      }
  }

  Showing& showing_;
  const Isolation isolation_;
  const ChaosPlugins plugins_;
  Markers markers_;
  MarkedAgents agents_;
  MarkedSystems systems_;
  std::vector<std::unique_ptr<FaultProxy>> proxies_;
  HubProcess hub_;
};

std::string number(const Showing& showing, const std::string& what) {
  return std::to_string(showing.counted(what)) + " " + what;
}

std::string show(Showing& showing) {
  const std::uint64_t contexts = showing.full ? 1'000'000 : 100'000;
  const auto why_not = why_no_workers();
  const bool workers = why_not.empty();
  Leaks(showing, Isolation::in_process, workers ? contexts / 2 : contexts).run();
  if (workers) Leaks(showing, Isolation::worker, contexts / 2).run();
  if (!workers) showing.skip(why_not);
  showing.holds(showing.counted("sections with their marker") > static_cast<std::int64_t>(contexts),
                "hardly a section came back with its marker");
  showing.holds(showing.counted("answers that crossed a request") * 100 < showing.counted("faults: extra"),
                "extra answers were taken for answers to requests that came later");
  return number(showing, "contexts") + " (" + number(showing, "left by the client") + ", " +
         number(showing, "with too little time") + "), " + number(showing, "faults") + " on the network, " +
         number(showing, "crashes") + ", " + number(showing, "reloads") + ", " + number(showing, "own markers") +
         " seen, " + number(showing, "foreign markers");
}

} // namespace

} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "D1", plugboard::test::show);
}
