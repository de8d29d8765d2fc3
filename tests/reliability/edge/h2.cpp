// H2: thousands of slow clients (Debian's slowhttptest) keep nobody waiting. The same is asked of a second hub that
// nobody attacks, at the same times: what that one needs longer is the machine's doing.
#include "tests/reliability/edge/answers.hpp"
#include "tests/reliability/edge/probes.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/support/hub_process.hpp"

#include <unistd.h>

#include <algorithm>
#include <future>
#include <thread>

namespace plugboard::test {

namespace {

constexpr const char* kTool = "/usr/bin/slowhttptest";
constexpr Milliseconds kPromised{100};
constexpr std::chrono::seconds kCutBy{10}, kWatched{14};
constexpr int kOwnSlow = 5; // clients of our own in each attack, whose end is timed

struct Attack {
  std::string name;
  std::vector<std::string> words;
  std::optional<Slowness> own;
};

std::vector<Attack> attacks() {
  return {
      {"-H", {"-H", "-i", "1"}, Slowness::head},
      {"-B", {"-B", "-i", "1", "-s", "4096"}, Slowness::body},
      {"-R", {"-R", "-a", "5", "-b", "2000"}, std::nullopt},
      {"-X", {"-X", "-w", "10", "-y", "20", "-n", "2", "-z", "8", "-k", "3"}, Slowness::reading},
  };
}

void start(HubProcess& hub) {
  if (!hub.start()) throw std::runtime_error("the hub does not start: " + hub.raw_log());
}

struct Health {
  Milliseconds slowest{0}, slowest_unattacked{0};
  int asked = 0, unanswered = 0;
};

// Both in turns, so that what the machine does hits both.
Health watch(const HubProcess& attacked, const HubProcess& control, std::chrono::seconds time) {
  Health health;
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
    const auto took = time_health(attacked.port());
    ++health.asked;
    if (took.count() < 0) ++health.unanswered;
    health.slowest = std::max(health.slowest, took);
    health.slowest_unattacked = std::max(health.slowest_unattacked, time_health(control.port()));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return health;
}

void suffer(Showing& showing, HubProcess& hub, HubProcess& control, const Attack& attack, Health& worst) {
  std::vector<std::string> command{kTool,
                                   "-c",
                                   "4000",
                                   "-r",
                                   "2000",
                                   "-l",
                                   std::to_string(kWatched.count() - 2),
                                   "-u",
                                   "http://127.0.0.1:" + std::to_string(hub.port()) + "/openapi.json",
                                   "-v",
                                   "0"};
  command.insert(command.end(), attack.words.begin(), attack.words.end());
  const Process tool(command);
  std::vector<std::future<std::chrono::milliseconds>> own;
  for (int i = 0; attack.own && i < kOwnSlow; ++i)
    own.push_back(std::async(std::launch::async, [&] { return time_until_cut(hub.port(), *attack.own, kWatched); }));
  const auto health = watch(hub, control, kWatched);
  for (auto& one : own) {
    const auto cut = one.get();
    const auto slack = std::chrono::duration_cast<std::chrono::milliseconds>(health.slowest_unattacked);
    showing.holds(cut <= kCutBy + slack,
                  attack.name + ": a slow client was cut after " + std::to_string(cut.count()) + " ms");
    showing.count("own slow clients cut");
  }
  showing.count("health checks", health.asked);
  showing.holds(health.unanswered == 0, attack.name + ": " + std::to_string(health.unanswered) + " of " +
                                            std::to_string(health.asked) + " health checks unanswered");
  showing.holds(health.slowest <= kPromised + health.slowest_unattacked,
                attack.name + ": a health check took " + std::to_string(health.slowest.count()) +
                    " ms, on a hub at rest " + std::to_string(health.slowest_unattacked.count()) + " ms");
  worst.slowest = std::max(worst.slowest, health.slowest);
  worst.slowest_unattacked = std::max(worst.slowest_unattacked, health.slowest_unattacked);
}

// As one address, and then as many, take all there is: others come in all the same.
void show_caps(Showing& showing) {
  HubConfig config;
  config.agents = R"(, "limits": {"connections": 300, "connections_per_address": 100})";
  HubProcess hub{config};
  start(hub);
  std::vector<Connection> begun, idle;
  for (int i = 0; i < 150; ++i) {
    auto one = Connection::tcp(hub.port());
    one->send("GET");
    begun.push_back(std::move(*one));
  }
  const auto refused = [&](const std::string& reason) {
    return hub.admin("/metrics").body.find("plugboard_http_rejected_total{reason=\"" + reason + "\"} 50") !=
           std::string::npos;
  };
  showing.holds(eventually([&] { return refused("address"); }), "150 from one address: not 50 of them turned away");
  showing.holds(time_health(hub.port(), "127.0.0.2").count() >= 0, "another address is not let in");
  begun.clear();
  for (int address = 1; address <= 3; ++address)
    for (int i = 0; i < 100; ++i) {
      auto one = Connection::tcp(hub.port(), "127.0.0." + std::to_string(address));
      if (one) idle.push_back(std::move(*one));
    }
  for (int i = 0; i < 100; ++i)
    showing.holds(time_health(hub.port(), "127.0.0.9").count() >= 0, "idle connections give no room");
  showing.holds(hub.admin("/metrics").body.find("rejected_total{reason=\"idle\"}") != std::string::npos,
                "no idle connection was closed for a newcomer");
  hub.stop();
}

std::string show(Showing& showing) {
  if (::access(kTool, X_OK) != 0)
    throw std::runtime_error(std::string(kTool) + " is not there; .ci/install reliability installs it");
  show_caps(showing);
  HubProcess hub{HubConfig()}, control{HubConfig()};
  start(hub);
  start(control);
  Health worst;
  for (const auto& attack : attacks()) suffer(showing, hub, control, attack, worst);
  hub.stop();
  return "4 attacks of 4,000 connections, " + std::to_string(showing.counted("health checks")) +
         " health checks answered, the slowest in " + std::to_string(std::lround(worst.slowest.count())) +
         " ms (hub at rest: " + std::to_string(std::lround(worst.slowest_unattacked.count())) + " ms), " +
         std::to_string(showing.counted("own slow clients cut")) + " timed slow clients cut";
}

} // namespace

} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "H2", plugboard::test::show);
}
