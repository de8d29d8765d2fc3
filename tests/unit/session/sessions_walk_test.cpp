// Random walks from a seed against a model that is too simple to be wrong. A failing seed replays.
#include "tests/unit/session/session_fixture.hpp"

namespace plugboard::session {
namespace {

struct Modelled {
  std::string token, client;
  AccessPtr access;
  Instant ends, used;
  bool dead = false;      // revoked, or seen to be dead
  bool ever_over = false; // by the wall clock, at some moment: then it may have been purged
};

class SessionsWalkTest : public SessionFixture, public ::testing::WithParamInterface<std::uint64_t> {
 protected:
  struct Step {
    bool jumps, restarts;
  };

  void walk(Step kinds) {
    limits.kept_in_memory = 1 + steps.below(6); // most walks forget all the time
    restart();
    for (int i = 0; i < 400; ++i) {
      SCOPED_TRACE("step " + std::to_string(i));
      step(kinds);
      for (Modelled& one : all) one.ever_over |= clock.wall() >= one.access->session.expires_at;
      if (HasFailure()) return;
    }
  }

  void step(Step kinds) {
    const auto kind = steps.below(100);
    if (all.empty() || kind < 15) return add();
    Modelled& one = all[steps.below(all.size())];
    if (kind < 55) return look(one);
    if (kind < 62) return look_as_another(one);
    if (kind < 68) return end(one);
    if (kind < 84) return clock.advance(Duration(1s) * static_cast<std::int64_t>(steps.below(600)));
    if (kind < 92) return tend();
    if (kinds.restarts && kind < 96) return restart();
    if (kinds.jumps) clock.jump_wall(Duration(1min) * (static_cast<std::int64_t>(steps.below(2000)) - 1000));
  }

  void add() {
    Proved proved = proof(clock, std::to_string(steps.below(5)));
    const bool short_proof = steps.below(3) == 0;
    if (short_proof) proved.expires_at = clock.wall() + 40min;
    const std::string client = steps.below(2) == 0 ? "desk" : "bot";
    const auto created = create(*sessions, proved, client);
    ASSERT_TRUE(created);
    const Duration life = short_proof ? Duration(40min) : Duration(12h);
    all.push_back({std::string(created->token.reveal()), client, created->access, clock.now() + life, clock.now()});
  }

  bool should_live(const Modelled& one) const {
    return !one.dead && clock.wall() < one.access->session.expires_at && clock.now() < one.ends &&
           clock.now() - one.used < limits.idle;
  }

  void look(Modelled& one) {
    const auto found = find(*sessions, one.token, "default", one.client);
    if (!should_live(one)) {
      EXPECT_TRUE(is_not_found(found));
    } else if (!one.ever_over) {
      ASSERT_TRUE(found) << to_string(found.error());
    }
    if (found) {
      EXPECT_EQ((*found)->session.id, one.access->session.id);
      EXPECT_EQ((*found)->session.customer, one.access->session.customer);
      EXPECT_TRUE(sessions->alive(**found));
      one.used = clock.now();
    }
    one.dead |= !found;
  }

  void look_as_another(const Modelled& one) {
    EXPECT_TRUE(is_not_found(find(*sessions, one.token, "default", "stranger")));
    EXPECT_TRUE(is_not_found(find(*sessions, one.token, "elsewhere", one.client)));
    EXPECT_TRUE(is_not_found(revoke(*sessions, one.token, "default", "stranger")));
  }

  void end(Modelled& one) {
    const auto revoked = revoke(*sessions, one.token, "default", one.client);
    if (!should_live(one)) {
      EXPECT_TRUE(is_not_found(revoked));
    } else if (!one.ever_over) {
      EXPECT_TRUE(revoked) << to_string(revoked.error());
    }
    one.dead = true;
    EXPECT_FALSE(revoked && sessions->alive(*one.access));
  }

  SeededRandom steps{GetParam()};
  std::vector<Modelled> all;
};

TEST_P(SessionsWalkTest, DoesWhatTheModelDoesOverRestarts) {
  walk({.jumps = false, .restarts = true});
}

TEST_P(SessionsWalkTest, DoesWhatTheModelDoesWhileTheWallClockJumps) {
  walk({.jumps = true, .restarts = false});
}

INSTANTIATE_TEST_SUITE_P(Seeds, SessionsWalkTest, ::testing::Range<std::uint64_t>(1, 9));
INSTANTIATE_TEST_SUITE_P(SeedsThatOnceFailed, SessionsWalkTest, ::testing::Values(121, 138, 474));

} // namespace
} // namespace plugboard::session
