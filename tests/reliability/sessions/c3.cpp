// C3: revocations by session, subject, tenant, client, channel, key and before a time: any one suffices, in whichever
// order they come; whatever is ended stays so, at once, with the work that is under way for it.
#include "tests/reliability/promise.hpp"
#include "tests/reliability/sessions/live.hpp"
#include "tests/reliability/sessions/stage.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace plugboard::test {
namespace {

using namespace std::chrono_literals;

constexpr int kDimensions = 7, kUses = 1000, kSomeOrders = 50;
constexpr std::size_t kAllOrdersUpTo = 5; // of more, some, but for the long run

struct Scene { // of one order of one combination
  std::string tenant;
  Created one, other; // the other shares nothing but the hub's key and its age
};

Revocation by(int dimension, const Scene& scene, WallTime now) {
  Revocation revocation;
  revocation.tenant = scene.tenant;
  const auto& access = *scene.one.access;
  if (dimension == 0) revocation.session = access.session.id;
  if (dimension == 1) {
    revocation.issuer = access.session.issuer();
    revocation.subject = access.session.authentications.front().subject;
  }
  if (dimension == 3) revocation.client = access.token.client;
  if (dimension == 4) revocation.channel = access.token.channel;
  if (dimension == 5) {
    revocation.tenant = "*";
    revocation.key_id = access.token.key_id;
  }
  if (dimension == 6) {
    revocation.tenant = "*";
    revocation.before = now;
  }
  return revocation; // 2: the tenant alone
}

bool spares_the_other(int dimension) {
  return dimension < 5;
}

void show_order(Showing& showing, Stage& stage, const std::vector<int>& order, int number) {
  const std::string tenant = "t" + std::to_string(number);
  Scene scene{tenant, stage.log_in(stage.proof("ada", Assurance::aal2, tenant), Holder("desk", "chat")).value(),
              stage.log_in(stage.proof("bob", Assurance::aal2, tenant + "-2"), Holder("bot", "web")).value()};
  stage.clock.advance(1s);
  int told = 0;
  const auto watch = stage.sessions().watch(scene.one.access, {}, [&] { ++told; });
  bool spared = true;
  showing.holds(stage.lives(scene.one), "a session was dead before it was revoked");
  for (const int dimension : order) {
    showing.holds(stage.end(by(dimension, scene, stage.clock.wall())).has_value(), "a revocation was refused");
    spared = spared && spares_the_other(dimension);
    showing.holds(!stage.lives(scene.one), "a session outlived dimension " + std::to_string(dimension));
    showing.holds(stage.lives(scene.other) == spared, "a revocation ended what it does not name, or not what it does");
  }
  showing.holds(told == (order.empty() ? 0 : 1), "work under way was not told once");
  if (number % 500 == 0) {
    stage.restart();
    showing.holds(stage.lives(scene.one) == order.empty(), "a restart revived the revoked");
  }
  const auto later = stage.log_in(stage.proof("ada", Assurance::aal2, tenant), Holder("desk", "chat"));
  showing.holds(later && stage.lives(*later), "what begins after a revocation was ended by it");
  showing.count("orders");
}

void show_matrix(Showing& showing, Random& random) {
  Stage stage(random, 200);
  int number = 0;
  for (int combination = 0; combination < 1 << kDimensions; ++combination) {
    std::vector<int> order;
    for (int dimension = 0; dimension < kDimensions; ++dimension)
      if ((combination >> dimension & 1) != 0) order.push_back(dimension);
    if (order.size() > kAllOrdersUpTo && !showing.full) {
      for (int i = 0; i < kSomeOrders; ++i) {
        std::shuffle(order.begin(), order.end(), showing.random);
        show_order(showing, stage, order, number++);
      }
    } else {
      do show_order(showing, stage, order, number++);
      while (std::next_permutation(order.begin(), order.end()));
    }
    if (showing.failures().size() > 10) return;
    showing.count("combinations");
    stage.clock.advance(10min);
    stage.tend();
  }
}

void show_uses(Showing& showing, Random& random) {
  Stage stage(random);
  const auto one = stage.log_in(stage.proof("ada", Assurance::aal2), "desk").value();
  const auto code = stage.hand_off(text_of(one.token), "desk", "voice").value();
  const auto voice = stage.redeem(code, "voice").value();
  showing.holds(stage.revoke(text_of(one.token), "desk").has_value(), "a session was not revoked");
  for (int i = 0; i < kUses; ++i) {
    showing.holds(!stage.find(text_of(one.token), "desk") && !stage.find(text_of(voice.token), "voice"),
                  "a revoked session was used");
    if (i % 250 == 0) stage.restart();
    if (i % 100 == 0) stage.tend();
  }
  showing.count("uses", 2 * kUses);
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "C3", [](plugboard::test::Showing& showing) {
    plugboard::SeededRandom random(showing.random());
    plugboard::test::show_matrix(showing, random);
    plugboard::test::show_uses(showing, random);
    const std::string live = plugboard::test::show_live(showing);
    return std::to_string(showing.counted("combinations")) + " combinations of 7 dimensions in " +
           std::to_string(showing.counted("orders")) + " orders, " + std::to_string(showing.counted("uses")) +
           " uses of the revoked, 0 taken; " + live;
  });
}
