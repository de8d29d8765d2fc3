// C5: no token says more than what was proved for it: moving channel raises nothing, a step-up ends by itself, and a
// token presented on another channel is refused and on record. Shown for every sequence of moves up to a length.
#include "tests/reliability/promise.hpp"
#include "tests/reliability/sessions/stage.hpp"

#include <algorithm>
#include <array>

namespace plugboard::test {
namespace {

using namespace std::chrono_literals;

constexpr int kMoves = 6, kLength = 5;
constexpr std::array<const char*, 3> kClients{"chat", "voice", "bot"};

struct Channel { // one client's token, and what was proved for it
  std::string token;
  Assurance login = Assurance::none, stepped = Assurance::none;
  Instant stepped_until{};
};

class Sequence {
 public:
  Sequence(Stage& stage, Showing& showing) : stage_(stage), showing_(showing) {
    channels_[0].token = text_of(stage.log_in(stage.proof("ada", Assurance::aal1), kClients[0])->token);
    channels_[0].login = Assurance::aal1;
  }

  void make(int move) {
    if (move < 2) return hand_off(move, move + 1);
    if (move == 2) return hand_off(2, 0);
    if (move == 3) return step_up(0, Assurance::aal2);
    if (move == 4) return step_up(1, Assurance::aal3);
    stage_.clock.advance(5min); // so that the longest sequence stays within the idle limit
  }

  void judge() {
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      const Channel& channel = channels_[i];
      if (channel.token.empty()) continue;
      const auto found = stage_.find(channel.token, kClients[i]);
      if (!showing_.holds(found.has_value(), "a live token was refused")) continue;
      const auto& session = (*found)->session;
      const auto now = stage_.clock.wall();
      showing_.holds(session.assurance_at(now) == proved(channel),
                     "a token says more, or less, than was proved for it");
      for (const auto& proof : session.authentications)
        showing_.holds(proof.assurance <= Assurance::aal3 && proof.expires_at <= session.expires_at,
                       "a proof outlives its session");
      showing_.count("tokens judged");
      present_elsewhere(i);
    }
  }

 private:
  Assurance proved(const Channel& channel) const {
    const bool stepped = stage_.clock.now() < channel.stepped_until;
    return stepped ? std::max(channel.login, channel.stepped) : channel.login;
  }

  void hand_off(std::size_t from, std::size_t to) {
    if (channels_[from].token.empty()) return;
    const auto code = stage_.hand_off(channels_[from].token, kClients[from], kClients[to]);
    if (!showing_.holds(code.has_value(), "a hand-off was refused")) return;
    const auto there = stage_.redeem(*code, kClients[to]);
    if (!showing_.holds(there.has_value(), "a code was refused")) return;
    channels_[to] = channels_[from]; // what is proved is what was proved, here as there
    channels_[to].token = text_of(there->token);
  }

  void step_up(std::size_t at, Assurance assurance) {
    Channel& channel = channels_[at];
    if (channel.token.empty()) return;
    const auto created = stage_.step_up(channel.token, kClients[at], stage_.proof("ada", assurance));
    if (!showing_.holds(created.has_value(), "a step-up was refused")) return;
    // Of two step-ups that count, the higher; this one is the later to end, so it is enough to remember when it is the
    // higher, too.
    const bool higher = stage_.clock.now() >= channel.stepped_until || assurance >= channel.stepped;
    if (!higher) return keep_both(channel, text_of(created->token));
    channel = {text_of(created->token), channel.login, assurance, stage_.clock.now() + stage_.limits.step_up};
  }

  // A lower step-up after a higher one: when the higher ends, what is left would need a longer memory than this model
  // has; so the sequence goes on without that channel.
  void keep_both(Channel& channel, const std::string&) { channel = Channel{}; }

  void present_elsewhere(std::size_t at) {
    for (std::size_t other = 0; other < kClients.size(); ++other) {
      if (other == at) continue;
      stage_.alarms.clear();
      showing_.holds(!stage_.find(channels_[at].token, kClients[other]), "a token was taken on another channel");
      const bool told = stage_.alarms.size() == 1 && stage_.alarms[0].kind == Alarm::Kind::foreign_token &&
                        stage_.alarms[0].client == kClients[at] && stage_.alarms[0].presented_by == kClients[other];
      showing_.holds(told, "nobody was told of a token on another channel");
    }
  }

  Stage& stage_;
  Showing& showing_;
  std::array<Channel, 3> channels_;
};

void show_all(Showing& showing, Random& random) {
  Stage stage(random, 50);
  int all = 1;
  for (int i = 0; i < kLength; ++i) all *= kMoves;
  for (int number = 0; number < all && showing.failures().size() < 10; ++number) {
    Sequence sequence(stage, showing);
    for (int left = number, i = 0; i < kLength; ++i, left /= kMoves) sequence.make(left % kMoves);
    sequence.judge();
    if (number % 500 == 0) stage.tend();
  }
  showing.count("sequences", all);
  showing.holds(stage.log_text().find("session.foreign_token") != std::string::npos, "the log does not say so");
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "C5", [](plugboard::test::Showing& showing) {
    plugboard::SeededRandom random(showing.random());
    plugboard::test::show_all(showing, random);
    return "all " + std::to_string(showing.counted("sequences")) + " sequences of " +
           std::to_string(plugboard::test::kLength) + " moves, " + std::to_string(showing.counted("tokens judged")) +
           " tokens judged, each on three channels";
  });
}
