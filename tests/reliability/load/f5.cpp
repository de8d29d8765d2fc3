// F5: more is asked than the hub can answer, at a rate of its own. What it can do is measured before, between and
// after, by as many agents as keep it busy, since the machine is not the same at all times.
#include "tests/bench/process_figures.hpp"
#include "tests/reliability/load/offered.hpp"
#include "tests/reliability/load/stage.hpp"
#include "tests/reliability/load/watched.hpp"
#include "tests/reliability/promise.hpp"

#include <array>
#include <csignal>
#include <cstdio>
#include <future>
#include <thread>

namespace plugboard::test {
namespace {

using std::chrono::seconds;

constexpr int kDeadlineMs = 1000;
constexpr std::array<std::size_t, 2> kBusy{14, 40}; // requests at once that keep the hub busy

std::string text(double value, int digits = 0) {
  char bytes[32];
  std::snprintf(bytes, sizeof bytes, "%.*f", digits, value);
  return bytes;
}

struct Scene {
  Showing& showing;
  Stage& stage;
  std::vector<std::string> requests;
  std::int64_t resident_kb = 0; // while as much is asked as it can answer
  double capacity = 0;          // contexts a second, as it was last measured

  Offer asking(double rate, bench::Nanoseconds time) const {
    return {.port = stage.hub().port(), .rate = rate, .time = time, .requests = requests, .seed = showing.seed};
  }

  // The best of few agents and of more: few may not keep it busy, more may be a crowd.
  double measure(std::chrono::milliseconds time) {
    capacity = 0;
    for (const auto at_once : kBusy) {
      auto busy = asking(0, time / kBusy.size());
      busy.connections = at_once;
      const auto seen = offer(busy);
      showing.holds(seen.wrong == 0, "while the capacity is measured: " + seen.first_wrong);
      capacity = std::max(capacity, seen.goodput());
    }
    return capacity;
  }
};

// Five times what it can do, in two halves, each between two measurements of what it can do.
std::string overload(Scene& scene, seconds half) {
  Seen all;
  double could = 0;
  Watched watched(scene.stage.hub(), Stage::key_of(0), scene.stage.sessions(600));
  auto before = scene.measure(seconds(3));
  offer(scene.asking(0.9 * before, seconds(2))); // over as many connections as later
  scene.resident_kb = bench::holdings({scene.stage.hub().process().pid()}).resident_kb;
  for (int i = 0; i < 2; ++i) {
    all.add(offer(scene.asking(5 * before, half)));
    const auto after = scene.measure(seconds(2));
    could += (before + after) / 4;
    before = after;
  }
  auto watching = watched.stop();
  auto& showing = scene.showing;
  const auto share = all.goodput() / could;
  const auto accepted = milliseconds(all.good, 99), refused = milliseconds(all.refused, 99);
  const auto slack = milliseconds(all.own, 99); // of those who ask
  const auto health = milliseconds(watching.health, 99), admin = milliseconds(watching.admin, 99),
             revoke = milliseconds(watching.revoke, 99);
  const auto grown = static_cast<double>(watching.most_resident_kb) / static_cast<double>(scene.resident_kb);
  showing.holds(all.wrong == 0, "at 5 X: " + std::to_string(all.wrong) + " wrong answers: " + all.first_wrong);
  showing.holds(share >= 0.9, "at 5 X it answers " + text(100 * share) + " % of what it can");
  showing.holds(accepted <= kDeadlineMs + slack, "at 5 X p99 of what is accepted is " + text(accepted) + " ms");
  showing.holds(refused <= 50 + slack, "at 5 X p99 of what is refused is " + text(refused) + " ms");
  showing.holds(all.partial <= all.good.all.size() / 100,
                "at 5 X " + std::to_string(all.partial) + " of " + std::to_string(all.answered()) + " are incomplete");
  showing.holds(!all.refused.all.empty(), "at 5 X nothing was refused");
  showing.holds(watching.failed == 0, "at 5 X: " + watching.first_failure);
  showing.holds(health <= 100, "at 5 X p99 of health is " + text(health) + " ms");
  showing.holds(admin <= 100, "at 5 X p99 of the admin's page is " + text(admin) + " ms");
  showing.holds(revoke <= 100, "at 5 X p99 of a revocation is " + text(revoke) + " ms");
  showing.holds(grown <= 1.3, "at 5 X it takes " + text(grown, 2) + " times the memory");
  return "X " + text(could) + "/s; at 5 X " + text(100 * share) + " % of it, p99 accepted " + text(accepted, 1) +
         " ms, refused " + text(refused, 1) + " ms (of it the asking itself " + text(slack, 1) + " ms), health " +
         text(health, 1) + " ms, admin " + text(admin, 1) + " ms, revoke " + text(revoke, 1) + " ms, memory × " +
         text(grown, 2);
}

// Ten times, then as much as it can do again.
std::string flood(Scene& scene, seconds time) {
  const auto before = scene.capacity;
  const auto seen = offer(scene.asking(10 * before, time));
  scene.showing.holds(scene.stage.hub().runs(), "at 10 X the hub ended");
  scene.showing.holds(seen.wrong == 0, "at 10 X: " + seen.first_wrong);
  std::this_thread::sleep_for(seconds(1));
  const auto after = scene.measure(seconds(2));
  scene.showing.holds(after >= 0.95 * before || scene.measure(seconds(2)) >= 0.95 * before,
                      "after 10 X it answers " + text(after) + "/s instead of " + text(before) + "/s");
  return "at 10 X " + text(100 * seen.goodput() / before) + " %";
}

// Bulk work beyond what it can do, beside what people wait for.
std::string bulk(Scene& scene, seconds time) {
  auto heavy = scene.asking(3 * scene.capacity, time), light = scene.asking(0.4 * scene.capacity, time);
  heavy.requests = scene.stage.contexts(0, R"(, "criticality": "bulk")");
  heavy.seed += 1;
  auto bulk = std::async(std::launch::async, [&] { return offer(heavy); });
  auto people = offer(light);
  auto rest = bulk.get();
  const auto refused = static_cast<double>(people.refused.all.size()) / static_cast<double>(people.answered());
  scene.showing.holds(refused <= 0.01,
                      "beside bulk work " + text(100 * refused, 1) + " % of what people wait for is refused");
  scene.showing.holds(rest.refused.all.size() > rest.answered() / 2, "bulk work is not refused first");
  return "beside bulk work " + text(100 * refused, 2) + " % of interactive refused, p99 " +
         text(milliseconds(people.good, 99), 1) + " ms";
}

// All systems stand still, while agents ask again at once what they did not get.
std::string brown_out(Scene& scene, seconds time) {
  const auto before = scene.capacity;
  auto impatient = scene.asking(0.7 * before, time + seconds(3));
  impatient.retries = 2;
  impatient.requests = scene.stage.contexts(0, R"(, "deadline_ms": 300)");
  auto asked = std::async(std::launch::async, [&] { return offer(impatient); });
  std::this_thread::sleep_for(seconds(1));
  scene.stage.systems().send(SIGSTOP);
  std::this_thread::sleep_for(time);
  scene.stage.systems().send(SIGCONT);
  const auto seen = asked.get();
  scene.showing.holds(seen.wrong == 0, "in a brown-out: " + seen.first_wrong);
  scene.showing.holds(seen.partial > 0, "the systems stood still, and nobody noticed");
  const auto after = scene.measure(seconds(2));
  scene.showing.holds(after >= 0.95 * before || scene.measure(seconds(2)) >= 0.95 * before,
                      "after a brown-out it answers " + text(after) + "/s instead of " + text(before) + "/s");
  return "after a brown-out " + text(100 * after / before) + " %";
}

std::string show(Showing& showing) {
  Stage stage({.systems = 40, .delay_us = 5'000});
  const OnCores others(OnCores::Which::others);
  Scene scene{showing, stage, stage.contexts()};
  offer({.port = stage.hub().port(),
         .time = seconds(1),
         .connections = kBusy.front(),
         .requests = scene.requests}); // warms it
  auto seen = overload(scene, seconds(showing.full ? 60 : 8));
  seen += "; " + flood(scene, seconds(showing.full ? 20 : 3));
  seen += "; " + bulk(scene, seconds(showing.full ? 20 : 4));
  seen += "; " + brown_out(scene, seconds(showing.full ? 10 : 3));
  stage.hub().stop();
  return seen;
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "F5", plugboard::test::show);
}
