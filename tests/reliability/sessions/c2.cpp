// C2: each login, step-up and hand-off gives a new token; the old one is dead at once, and who presents it again ends
// the session. Shown by random walks against a model, and by step-ups at the same time.
#include "tests/reliability/sessions/walk.hpp"

#include <future>
#include <set>

namespace plugboard::test {
namespace {

constexpr int kWalks = 10'000, kSteps = 24, kRaces = 300;

void walk_all(Showing& showing, Random& random) {
  Stage stage(random, 40);
  const int walks = showing.full ? 10 * kWalks : kWalks;
  for (int number = 0; number < walks; ++number) {
    Walk(stage, showing, showing.random(), number).run(kSteps);
    stage.alarms.clear();
    if (number % 100 == 99) stage.restart();
    if (showing.failures().size() > 10) return;
  }
  showing.count("walks", walks);
}

// Both sides of a rotation at one time: one token comes of it, and it does not live to be used.
void race(Showing& showing, Random& random) {
  Stage stage(random);
  auto& sessions = stage.sessions();
  std::set<std::string> tokens;
  for (int i = 0; i < kRaces; ++i) {
    const auto begun = stage.log_in(stage.proof("ada", Assurance::aal1), "desk").value();
    const std::string old = text_of(begun.token);
    const auto hashes = sessions.hashes_of(old);
    std::vector<std::promise<Result<Created>>> told(2);
    for (auto& one : told)
      sessions.step_up(hashes, "desk", stage.proof("ada", Assurance::aal2), {},
                       [&one](Result<Created> created) { one.set_value(std::move(created)); });
    int won = 0;
    std::string young;
    for (auto& one : told) {
      const auto created = one.get_future().get();
      won += created ? 1 : 0;
      if (created) young = text_of(created->token);
    }
    showing.holds(won == 1, std::to_string(won) + " of two step-ups at one time won");
    showing.holds(!stage.find(young, "desk") && !stage.find(old, "desk"), "a family outlived its alarm");
    showing.holds(!stage.alarms.empty() && stage.alarms.back().kind == Alarm::Kind::reused_token,
                  "nobody was told that an old token came back");
    showing.holds(tokens.insert(old).second && tokens.insert(young).second, "a token was given twice");
    stage.alarms.clear();
  }
  showing.count("races", kRaces);
}

// What there was before the login is nothing after it: nobody can choose a session's token or id for another.
void fixate(Showing& showing, Random& random) {
  Stage stage(random);
  const auto planted = stage.begin_login().value();
  const auto begun = stage.log_in(stage.proof("ada", Assurance::aal1), "desk").value();
  for (const std::string& before : {planted, "pbs_" + planted.substr(4), begun.access->session.id})
    showing.holds(!stage.find(before, "desk"), "what was known before the login opens the session");
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "C2", [](plugboard::test::Showing& showing) {
    plugboard::SeededRandom random(showing.random());
    plugboard::test::walk_all(showing, random);
    plugboard::test::race(showing, random);
    plugboard::test::fixate(showing, random);
    return std::to_string(showing.counted("walks")) + " walks of " + std::to_string(plugboard::test::kSteps) +
           " steps, " + std::to_string(showing.counted("step-ups")) + " step-ups, " +
           std::to_string(showing.counted("hand-offs")) + " hand-offs, " +
           std::to_string(showing.counted("families ended")) + " families ended, " +
           std::to_string(showing.counted("races")) + " races";
  });
}
