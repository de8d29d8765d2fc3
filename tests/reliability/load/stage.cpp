#include "tests/reliability/load/stage.hpp"

#include "tests/bench/load.hpp"

#include <sched.h>

#include <sstream>
#include <stdexcept>

namespace plugboard::test {
namespace {

std::vector<int> allowed() {
  cpu_set_t set;
  CPU_ZERO(&set);
  ::sched_getaffinity(0, sizeof set, &set);
  std::vector<int> cores;
  for (int core = 0; core < CPU_SETSIZE; ++core)
    if (CPU_ISSET(core, &set)) cores.push_back(core);
  return cores;
}

void allow(const std::vector<int>& cores) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const auto core : cores) CPU_SET(core, &set);
  ::sched_setaffinity(0, sizeof set, &set);
}

} // namespace

OnCores::OnCores(Which which) : before_(allowed()) {
  if (before_.size() < 2) return;
  if (which == Which::last)
    allow({before_.back()});
  else
    allow({before_.begin(), before_.end() - 1});
}

OnCores::~OnCores() {
  allow(before_);
}

Stage::Stage(const StageWish& wish) : wish_(wish), systems_(start_systems(wish)), hub_(config()) {
  const OnCores own(OnCores::Which::last);
  if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.raw_log());
}

std::unique_ptr<Process> Stage::start_systems(const StageWish& wish) {
  const OnCores others(OnCores::Which::others);
  auto systems = std::make_unique<Process>(std::vector<std::string>{
      PLUGBOARD_BENCH_SYSTEMS, "--count", std::to_string(wish.systems), "--delay-us", std::to_string(wish.delay_us)});
  if (!eventually([&] { return systems->out().ends_with('\n'); })) throw std::runtime_error("the systems do not start");
  return systems;
}

std::string Stage::key_of(int client) {
  return "agent-" + std::to_string(client) + "-key-0123456789abcdef";
}

HubConfig Stage::config() const {
  HubConfig config;
  config.threads = wish_.hub_threads;
  config.more = R"("overload": {},)"; // as users have it
  config.clients = "[";
  for (int client = 0; client < wish_.clients; ++client) {
    const auto variable = "AGENT_" + std::to_string(client);
    config.environment[variable] = key_of(client);
    config.clients += (client > 0 ? "," : "") + std::string(R"({"id": "agent)") + std::to_string(client) +
                      R"(", "channel": "chat", "key": {"env": ")" + variable +
                      R"("}, "sections": ["*"], "purpose": "support",
                      "scopes": ["session:create", "session:read", "context:read"]})";
  }
  config.clients += "]";
  std::istringstream ports(systems_->out());
  int port = 0;
  for (int system = 0; ports >> port; ++system) {
    const auto name = "s" + std::to_string(system);
    config.add(name, rest_connector(port, R"({"orders": {"shape": "orders/v1", "needs": [["customer_id"]],
      "echo": {"/customer_id": "customer_id"}, "url": "/)" +
                                              name + R"(/orders?customer={customer_id}", "mapping": "identity"}})"));
  }
  return config;
}

std::vector<std::string> Stage::contexts(int client, const std::string& more) {
  constexpr int kActors = 64; // for each: more than are ever asked at once
  std::vector<std::string> sessions, requests;
  for (int i = 0; i < wish_.customers; ++i) {
    const auto id = std::to_string(1000 + i);
    sessions.push_back(hub_.session({.subject = "u-" + id, .customer_id = id}, key_of(client)));
  }
  for (int actor = 0; actor < kActors; ++actor)
    for (const auto& session : sessions)
      requests.push_back(
          bench::post("/v1/context", key_of(client),
                      R"({"session": ")" + session + R"(", "actor": "a)" + std::to_string(actor) + "\"" + more + "}"));
  return requests;
}

std::vector<std::string> Stage::sessions(int count) {
  std::vector<std::string> made;
  for (int i = 0; i < count; ++i) made.push_back(hub_.session({.subject = "v-" + std::to_string(i)}, key_of(0)));
  return made;
}

} // namespace plugboard::test
