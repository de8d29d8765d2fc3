// F5: more is asked than the hub can answer, at a rate of its own. What it can do is measured before, between and
// after, by as many agents as keep it busy, since the machine is not the same at all times. Whether it can again what
// it could is told by a second hub that suffers nothing, with systems of its own, on the same core at the same time:
// what the machine does then hits both.
#include "tests/bench/process_figures.hpp"
#include "tests/reliability/load/capacity.hpp"
#include "tests/reliability/load/watched.hpp"
#include "tests/reliability/promise.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <future>
#include <thread>

namespace plugboard::test {
namespace {

using std::chrono::seconds;

constexpr int kDeadlineMs = 1000;
constexpr std::size_t kBusy = 14; // requests at once that keep the hub busy

std::string text(double value, int digits = 0) {
  char bytes[32];
  std::snprintf(bytes, sizeof bytes, "%.*f", digits, value);
  return bytes;
}

struct Scene {
  Showing& showing;
  Stage &stage, &unharmed;
  Capacity capacity{showing, stage, stage.contexts()};
  Capacity other{showing, unharmed, unharmed.contexts()};
  std::int64_t resident_kb = 0; // while as much is asked as it can answer

  // What it can do, of what the other can.
  double beside_other(std::chrono::milliseconds time) {
    const auto half = capacity.rate() / 2;
    auto others = std::async(std::launch::async, [&] { return other.answers_at(half, time); });
    const auto own = capacity.answers_at(half, time);
    return own / others.get();
  }

  // Within five seconds, with the one that has passed: what it can do of what it could.
  double recovered(double before) {
    double best = 0;
    for (int i = 0; i < 3 && best < 0.95; ++i)
      best = std::max(best, beside_other(std::chrono::milliseconds(1300)) / before);
    return best;
  }
};

constexpr seconds kBeside{3};

// Five times what it can do, in two halves, each between two measurements of what it can do.
std::string overload(Scene& scene, seconds half) {
  Seen all;
  double could = 0, answers = 0; // a second of the time that the hub had its core
  double refusal_us = 0;         // of the processor
  Watched watched(scene.stage.hub(), Stage::key_of(0), scene.stage.sessions(600));
  scene.capacity.find(kBusy, std::chrono::milliseconds(1500)); // over as many connections as later
  scene.capacity.measure(seconds(2));
  auto before = scene.capacity.a_second();
  scene.resident_kb = bench::holdings({scene.stage.hub().process().pid()}).resident_kb;
  for (int i = 0; i < 2; ++i) {
    const auto began = scene.capacity.turns();
    const auto seen = offer(scene.capacity.asking(5 * before, half));
    const auto ended = scene.capacity.turns();
    answers += seen.goodput() / ended.share_since(began) / 2;
    const auto good = static_cast<double>(seen.good.all.size()), away = static_cast<double>(seen.refused.all.size());
    refusal_us += (ended.ran_since(began) - good * scene.capacity.cost()) / std::max(1.0, away) * 1e6 / 2;
    all.add(seen);
    scene.capacity.measure(seconds(2));
    const auto after = scene.capacity.a_second();
    could += (before + after) / 4;
    before = after;
  }
  auto watching = watched.stop();
  auto& showing = scene.showing;
  const auto share = answers / could;
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
         " ms, refused for " + text(refusal_us) + " us of the processor each, in " + text(refused, 1) + " (p50 " +
         text(milliseconds(all.refused, 50), 1) + ") " + " ms (of it the asking itself " + text(slack, 1) +
         " ms), health " + text(health, 1) + " ms, admin " + text(admin, 1) + " ms, revoke " + text(revoke, 1) +
         " ms, memory × " + text(grown, 2);
}

// Ten times, then as much as it can do again.
std::string flood(Scene& scene, seconds time) {
  const auto could = scene.capacity.a_second(), before = scene.beside_other(kBeside);
  const auto seen = offer(scene.capacity.asking(10 * could, time));
  scene.showing.holds(scene.stage.hub().runs(), "at 10 X the hub ended");
  scene.showing.holds(seen.wrong == 0, "at 10 X: " + seen.first_wrong);
  std::this_thread::sleep_for(seconds(1));
  const auto recovered = scene.recovered(before);
  scene.showing.holds(recovered >= 0.95,
                      "five seconds after 10 X it answers " + text(100 * recovered) + " % of what it could");
  return "at 10 X " + text(100 * seen.goodput() / could) + " %, then " + text(100 * recovered) + " %";
}

// Bulk work beyond what it can do, beside what people wait for.
std::string bulk(Scene& scene, seconds time) {
  auto heavy = scene.capacity.asking(3 * scene.capacity.a_second(), time),
       light = scene.capacity.asking(0.4 * scene.capacity.a_second(), time);
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
  const auto before = scene.beside_other(kBeside);
  auto impatient = scene.capacity.asking(0.7 * scene.capacity.a_second(), time + seconds(2));
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
  const auto recovered = scene.recovered(before);
  scene.showing.holds(recovered >= 0.95,
                      "five seconds after a brown-out it answers " + text(100 * recovered) + " % of what it could");
  return "after a brown-out " + text(100 * recovered) + " %";
}

std::string show(Showing& showing) {
  const StageWish wish{.systems = 40, .delay_us = 5'000};
  Stage stage(wish), unharmed(wish);
  const OnCores others(OnCores::Which::others);
  Scene scene{showing, stage, unharmed};
  for (auto* capacity : {&scene.capacity, &scene.other}) {
    auto warming = capacity->asking(0, seconds(1));
    warming.connections = kBusy;
    offer(warming);
  }
  auto seen = overload(scene, seconds(showing.full ? 60 : 8));
  seen += "; " + flood(scene, seconds(showing.full ? 20 : 3));
  seen += "; " + bulk(scene, seconds(showing.full ? 20 : 4));
  seen += "; " + brown_out(scene, seconds(showing.full ? 10 : 3));
  stage.hub().stop();
  unharmed.hub().stop();
  return seen;
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "F5", plugboard::test::show);
}
