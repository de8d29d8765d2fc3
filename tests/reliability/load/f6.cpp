// F6: one client asks for twenty times its share; the others do not notice. Theirs is asked the same before and after,
// while that one asks for no more than its share. Held against each other are the middle ones of many short rounds'
// p99, so that a moment in which the machine stood still counts for neither.
#include "tests/reliability/load/capacity.hpp"
#include "tests/reliability/promise.hpp"

#include <algorithm>
#include <cstdio>
#include <future>

namespace plugboard::test {
namespace {

using std::chrono::seconds;

constexpr int kClients = 5;
constexpr std::size_t kBusy = 100; // requests at once that keep the hub busy

struct Both {
  Seen others, one;
};

class Scene {
 public:
  Scene(Showing& showing, Stage& stage) : showing_(showing), stage_(stage) {
    one_ = stage.contexts(0);
    for (int client = 1; client < kClients; ++client) {
      const auto more = stage.contexts(client);
      others_.insert(others_.end(), more.begin(), more.end());
    }
    std::shuffle(others_.begin(), others_.end(), showing.random);
  }

  double share() {
    Capacity capacity(showing_, stage_, others_);
    capacity.find(kBusy, seconds(1));
    return capacity.a_second() / kClients;
  }

  // rates: contexts a second.
  Both ask(double others, double one, std::chrono::milliseconds time) {
    Offer theirs{.port = stage_.hub().port(), .rate = others, .time = time, .requests = others_};
    Offer its{.port = stage_.hub().port(), .rate = one, .time = time, .requests = one_};
    theirs.seed = showing_.seed;
    its.seed = showing_.seed + 1;
    auto greedy = std::async(std::launch::async, [&] { return offer(its); });
    auto seen = offer(theirs);
    return {std::move(seen), greedy.get()};
  }

 private:
  Showing& showing_;
  Stage& stage_;
  std::vector<std::string> one_, others_;
};

double middle_of(std::vector<double>& figures) {
  const auto middle = figures.begin() + static_cast<std::ptrdiff_t>(figures.size() / 2);
  std::nth_element(figures.begin(), middle, figures.end());
  return *middle;
}

std::string show(Showing& showing) {
  // So many that the hub has more to do than those who ask it and answer it, who have one core together.
  Stage stage({.systems = 40, .delay_us = 50'000, .clients = kClients, .hub_threads = 1});
  const OnCores rest(OnCores::Which::others);
  Scene scene(showing, stage);
  const auto share = scene.share();
  Both calm, greedy;
  std::vector<double> calm_p99, greedy_p99;
  constexpr std::chrono::milliseconds kRound{1500};
  const int rounds = showing.full ? 41 : 11;
  for (int i = 0; i < rounds; ++i) { // in turns, so that what the machine does hits both
    auto one = scene.ask(2 * share, share, kRound), other = scene.ask(2 * share, 20 * share, kRound);
    calm_p99.push_back(milliseconds(one.others.good, 99));
    greedy_p99.push_back(milliseconds(other.others.good, 99));
    calm.others.add(one.others);
    calm.one.add(one.one);
    greedy.others.add(other.others);
    greedy.one.add(other.one);
  }
  const auto before = middle_of(calm_p99), meanwhile = middle_of(greedy_p99);
  const auto refused = greedy.others.refused.all.size();
  const auto part = static_cast<double>(greedy.one.refused.all.size()) / static_cast<double>(greedy.one.answered());
  showing.holds(greedy.others.wrong + greedy.others.partial == 0,
                "others: wrong or incomplete: " + greedy.others.first_wrong);
  showing.holds(refused == 0, std::to_string(refused) + " of the others' " + std::to_string(greedy.others.answered()) +
                                  " requests are refused");
  char seen[256];
  std::snprintf(seen, sizeof seen,
                "share %.0f/s; one client at 20 x: the others' p50 %.1f ms, p99 %.1f ms instead of %.1f and %.1f, 0 of "
                "%zu refused; of its own %.0f %%",
                share, milliseconds(greedy.others.good, 50), meanwhile, milliseconds(calm.others.good, 50), before,
                greedy.others.answered(), 100 * part);
  showing.holds(meanwhile <= 1.1 * before, seen);
  showing.holds(part > 0.5, "the greedy client is not held to its share");
  stage.hub().stop();
  return seen;
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "F6", plugboard::test::show);
}
