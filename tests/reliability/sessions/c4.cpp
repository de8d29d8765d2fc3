// C4: idle and absolute limits are exact, whatever the wall clock does: it can end a session, it never prolongs one;
// what is over is purged.
#include "tests/reliability/promise.hpp"
#include "tests/reliability/sessions/stage.hpp"

#include <algorithm>
#include <array>

namespace plugboard::test {
namespace {

using namespace std::chrono_literals;

constexpr int kWalks = 400, kRestarted = 60, kSteps = 60;
constexpr WallTime kStart{std::chrono::seconds(1'767'225'600)};
constexpr Duration kFar = 24h * 365 * 40;

struct Followed {
  std::string token;
  WallTime expires_at; // by the wall clock
  Instant ends, used;  // by the one that does not jump
  bool over = false;   // was seen to be, or the wall clock stood past its end
};

class Clockwork {
 public:
  Clockwork(Stage& stage, Showing& showing, bool restarts) : stage_(stage), showing_(showing), restarts_(restarts) {}

  void run() {
    for (int i = 0; i < kSteps; ++i) step(showing_.random() % 100);
    if (all_.empty()) return;
    to_the_edge(all_.back());
  }

 private:
  void step(std::uint64_t kind) {
    if (all_.empty() || kind < 10) return log_in();
    if (kind < 50) return look(all_[showing_.random() % all_.size()]);
    if (kind < 60) return to_the_edge(all_[showing_.random() % all_.size()]);
    if (kind < 80) return advance(Duration(1s) * static_cast<std::int64_t>(showing_.random() % 1200));
    if (kind < 92 && !restarts_) return jump();
    if (kind < 94 && restarts_) return stage_.restart();
    stage_.tend();
  }

  void note_ends() {
    for (Followed& one : all_) one.over |= stage_.clock.wall() >= one.expires_at;
  }

  void advance(Duration by) {
    stage_.clock.advance(by);
    note_ends();
  }

  void jump() { // a day, ten years, or what NTP would do
    constexpr std::array<Duration, 4> kJumps{24h, 24h * 3652, 500ms, 90s};
    const Duration by = kJumps[showing_.random() % kJumps.size()];
    const WallTime now = stage_.clock.wall(); // kept within a century, far from where its numbers end
    const bool forward = now < kStart - kFar || (now < kStart + kFar && showing_.random() % 2 == 0);
    stage_.clock.jump_wall(forward ? by : -by);
    showing_.count("jumps");
    note_ends();
  }

  void log_in() {
    const auto created = stage_.log_in(stage_.proof("ada", Assurance::aal1), "desk").value();
    all_.push_back({text_of(created.token), created.access->session.expires_at,
                    stage_.clock.now() + stage_.limits.absolute, stage_.clock.now()});
  }

  Instant edge_of(const Followed& one) const { return std::min(one.ends, one.used + stage_.limits.idle); }

  void look(Followed& one) {
    const bool found = stage_.find(one.token, "desk").has_value();
    const bool in_time = stage_.clock.now() < edge_of(one);
    showing_.holds(!found || in_time, "a session was used after its limit");
    showing_.holds(found || !in_time || one.over, "a session ended before its limit");
    if (found) one.used = stage_.clock.now();
    one.over |= !found;
    showing_.count("looks");
  }

  // A nanosecond before it, and at it: both within the second that is promised.
  void to_the_edge(Followed& one) {
    if (one.over || edge_of(one) <= stage_.clock.now()) return;
    const bool until_its_end = edge_of(one) == one.ends;
    advance(edge_of(one) - stage_.clock.now() - 1ns);
    if (!until_its_end && showing_.random() % 2 == 0) return look(one); // a use, and it begins to count anew
    const bool was_over = one.over;
    advance(1ns);
    showing_.holds(!stage_.find(one.token, "desk"), "a session was used at its limit");
    showing_.count(was_over ? "ended by the wall clock" : "edges");
    one.over = true;
  }

  Stage& stage_;
  Showing& showing_;
  const bool restarts_;
  std::vector<Followed> all_;
};

void show_purge(Showing& showing, Stage& stage) {
  stage.clock.advance(24h);
  for (int i = 0; i < 200 && stage.count("SELECT count(*) FROM sessions") > 0; ++i) {
    stage.clock.advance(61s);
    stage.tend();
  }
  showing.holds(stage.count("SELECT count(*) FROM sessions") == 0, "sessions that are over are still stored");
  showing.holds(stage.count("SELECT count(*) FROM session_tokens") == 0, "tokens that are over are still stored");
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "C4", [](plugboard::test::Showing& showing) {
    using namespace plugboard::test;
    plugboard::SeededRandom random(showing.random());
    for (const bool restarts : {false, true}) {
      Stage stage(random, 3);
      const int walks = restarts ? kRestarted : kWalks; // a start takes a while
      for (int i = 0; i < walks && showing.failures().size() < 10; ++i) Clockwork(stage, showing, restarts).run();
      show_purge(showing, stage);
    }
    return std::to_string(showing.counted("looks")) + " looks, " + std::to_string(showing.counted("edges")) +
           " limits met to the nanosecond, " + std::to_string(showing.counted("jumps")) +
           " jumps of the wall clock, everything purged";
  });
}
