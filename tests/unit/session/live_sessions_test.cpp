#include "core/session/live_sessions.hpp"

#include <gtest/gtest.h>

namespace plugboard::session {
namespace {

using namespace std::chrono_literals;

class LiveSessionsTest : public ::testing::Test {
 protected:
  static TokenKey token(const std::string& digest) { return {"default", "desk", digest}; }

  SessionRow row(const std::string& id) {
    SessionRow row;
    row.session.id = id;
    row.session.tenant = "default";
    row.token.client = "desk";
    row.session.created_at = clock.wall();
    row.session.expires_at = clock.wall() + 12h;
    row.session.ends = clock.now() + 12h;
    row.session.idle_limit = 30min;
    row.last_used_at = clock.wall();
    row.run = "this run";
    row.run_used = clock.now();
    row.run_expires = row.session.ends;
    return row;
  }

  AccessPtr access(const std::string& id) { return std::make_shared<Access>(Access{row(id).session, {}}); }

  bool knows(const std::string& digest) { return live.use(token(digest), moment(clock)).access != nullptr; }

  FakeClock clock;
  LiveSessions live{2, 12h, "this run"};
};

TEST_F(LiveSessionsTest, ForgetsTheLeastRecentlyUsed) {
  for (const char* name : {"a", "b"}) live.created(token(name), access(name), clock.now());
  EXPECT_TRUE(live.use(token("a"), moment(clock)).access);
  live.tended(live.touches(), {}, clock.now());
  live.created(token("c"), access("c"), clock.now());
  EXPECT_FALSE(live.use(token("b"), moment(clock)).known); // ask the store
  EXPECT_TRUE(knows("a"));
  EXPECT_TRUE(knows("c"));
}

TEST_F(LiveSessionsTest, KeepsAUseThatTheStoreDoesNotHaveThoughItsSessionHadToGo) {
  live.created(token("a"), access("a"), clock.now());
  clock.advance(1min);
  EXPECT_TRUE(knows("a"));
  for (const char* name : {"b", "c"}) live.created(token(name), access(name), clock.now());
  ASSERT_EQ(live.touches().size(), 1U);
  EXPECT_EQ(live.touches()[0].used, clock.now());
  EXPECT_TRUE(knows("a"));
}

TEST_F(LiveSessionsTest, LetsNoReadUnderWayBringBackTheRevoked) {
  const SessionRow read_before = row("a");
  Burial burial = live.begin_revocation(token("a"), moment(clock));
  EXPECT_FALSE(live.loaded(token("a"), read_before, moment(clock)));
  live.found(burial, read_before, moment(clock));
  EXPECT_TRUE(burial.was_live);
  live.end_revocation(burial, {}, clock.now());
  EXPECT_FALSE(live.loaded(token("a"), read_before, moment(clock)));
  EXPECT_FALSE(live.loaded(token("another of its tokens"), read_before, moment(clock)));
  EXPECT_FALSE(live.alive({read_before.session, {}}, moment(clock)));
  EXPECT_FALSE(knows("a"));
}

TEST_F(LiveSessionsTest, BuriesNobodyForATokenThatWasNone) {
  const Burial burial = live.begin_revocation(token("a"), moment(clock));
  live.end_revocation(burial, fail(Code::not_found, "none"), clock.now());
  EXPECT_TRUE(live.loaded(token("a"), row("a"), moment(clock)));
}

TEST_F(LiveSessionsTest, HoldsDownWhatTheStoreCouldNotRevoke) {
  const SessionRow stored = row("a");
  const Burial burial = live.begin_revocation(token("a"), moment(clock));
  live.end_revocation(burial, fail(Code::io, "disk full"), clock.now());
  clock.advance(20min);
  live.clear_graves(clock.now());
  EXPECT_FALSE(live.loaded(token("a"), stored, moment(clock)));
}

TEST_F(LiveSessionsTest, ForgetsOtherTokensOfTheRevokedBeforeItsGraveIsCleared) {
  const SessionRow stored = row("a");
  ASSERT_TRUE(live.loaded(token("a"), stored, moment(clock)));
  ASSERT_TRUE(live.loaded(token("handed off"), stored, moment(clock)));
  const Burial burial = live.begin_revocation(token("a"), moment(clock));
  live.end_revocation(burial, {}, clock.now());
  clock.advance(6min);
  live.clear_graves(clock.now());
  EXPECT_TRUE(live.alive({stored.session, {}}, moment(clock))) << "the grave should be cleared by now";
  EXPECT_FALSE(live.use(token("handed off"), moment(clock)).known);
}

TEST_F(LiveSessionsTest, JudgesRowsOfARunBeforeByTheWallClock) {
  SessionRow other = row("a");
  other.run = "run before";
  other.run_used = Instant(1h * 24 * 365); // of another steady clock: says nothing here
  other.last_used_at = clock.wall() - 29min;
  EXPECT_TRUE(live.loaded(token("a"), other, moment(clock)));
  other.session.id = "b";
  other.last_used_at = clock.wall() - 30min;
  EXPECT_FALSE(live.loaded(token("b"), other, moment(clock)));
}

TEST_F(LiveSessionsTest, TrustsNoRowThatWasUsedInTheFuture) {
  SessionRow other = row("a");
  other.run = "run before";
  other.last_used_at = clock.wall() + 2h;
  EXPECT_FALSE(live.loaded(token("a"), other, moment(clock)));
  EXPECT_TRUE(live.seen_over().empty()) << "unknown is not over: the clock may be put right";
}

TEST_F(LiveSessionsTest, GivesARowNoMoreLifeThanItWasGiven) {
  SessionRow other = row("a");
  other.run = "run before";
  clock.jump_wall(-20s);
  const AccessPtr access = live.loaded(token("a"), other, moment(clock));
  ASSERT_TRUE(access);
  EXPECT_EQ(access->session.ends, clock.now() + 12h);
}

} // namespace
} // namespace plugboard::session
