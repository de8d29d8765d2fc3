// Ending all that a dimension covers: at once, for good, and nothing else.
#include "tests/unit/session/session_fixture.hpp"

#include <latch>

namespace plugboard::session {
namespace {

Revocation of(void (*set)(Revocation&)) {
  Revocation revocation;
  revocation.tenant = "default";
  set(revocation);
  return revocation;
}

class RevocationTest : public SessionFixture {
 protected:
  Created log_in(const std::string& subject = "4711", Holder holder = Holder("desk", "chat")) {
    Proved proved = proof(clock, subject);
    proved.upstream_session = "sid-" + subject;
    return create(*sessions, proved, std::move(holder)).value();
  }

  bool lives(const Created& one) {
    const bool found =
        find(*sessions, one.token.reveal(), one.access->session.tenant, one.access->token.client).has_value();
    EXPECT_EQ(found, sessions->alive(*one.access));
    return found;
  }
};

TEST_F(RevocationTest, EndsWhatADimensionCoversAndNothingElse) {
  const auto ends = [&](Revocation revocation, const Created& one) {
    const Created other = log_in("someone else", Holder("bot", "web"));
    EXPECT_TRUE(end(*sessions, std::move(revocation)));
    const bool ended = !lives(one);
    EXPECT_TRUE(lives(other));
    return ended;
  };
  Created one = log_in();
  Revocation by_session = of([](Revocation&) {}), by_customer = by_session;
  by_session.session = one.access->session.id;
  EXPECT_TRUE(ends(by_session, one));
  by_customer.customer = one.access->session.customer;
  EXPECT_TRUE(ends(by_customer, log_in()));
  EXPECT_TRUE(ends(of([](Revocation& r) { r.client = "desk"; }), log_in()));
  EXPECT_TRUE(ends(of([](Revocation& r) { r.channel = "chat"; }), log_in()));
  EXPECT_TRUE(ends(of([](Revocation& r) { r.issuer = "https://shop.example", r.subject = "4711"; }), log_in()));
  EXPECT_TRUE(
      ends(of([](Revocation& r) { r.issuer = "https://shop.example", r.upstream_session = "sid-4711"; }), log_in()));
  EXPECT_FALSE(ends(of([](Revocation& r) { r.client = "desk", r.channel = "phone"; }), log_in())) << "both are asked";
}

TEST_F(RevocationTest, EndsATenantAKeyOrAllOfAllTenants) {
  for (const auto& everything : {of([](Revocation&) {}), of([](Revocation& r) { r.key_id = "k1"; }),
                                 of([](Revocation& r) { r.tenant = "*"; })}) {
    const Created one = log_in(), other = log_in("other", "bot");
    EXPECT_TRUE(end(*sessions, everything));
    EXPECT_FALSE(lives(one));
    EXPECT_FALSE(lives(other));
    restart();
    EXPECT_FALSE(lives(one));
    EXPECT_TRUE(lives(log_in())) << "what begins later lives";
  }
  Revocation north;
  north.tenant = "north";
  const Created here = log_in();
  EXPECT_TRUE(end(*sessions, north));
  EXPECT_TRUE(lives(here));
}

TEST_F(RevocationTest, EndsWhatBeganBeforeATime) {
  const Created old = log_in();
  clock.advance(1min);
  Revocation before = of([](Revocation&) {});
  before.before = clock.wall();
  const Created young = log_in();
  clock.advance(1min);
  EXPECT_TRUE(end(*sessions, before));
  EXPECT_FALSE(lives(old));
  EXPECT_TRUE(lives(young));
  before.before = clock.wall() + 1s;
  EXPECT_EQ(end(*sessions, before).error().code, Code::invalid_argument);
}

TEST_F(RevocationTest, GoesByItsPlaceInTheOrderWhateverTheClockSays) {
  const Created old = log_in();
  clock.jump_wall(-24h * 3650);
  EXPECT_TRUE(end(*sessions, of([](Revocation& r) { r.client = "desk"; })));
  EXPECT_FALSE(lives(old));
  clock.jump_wall(-1h);
  EXPECT_TRUE(lives(log_in()));
}

TEST_F(RevocationTest, EndsATokenWithoutTheSessionsOtherTokens) {
  const Created desk = log_in();
  const auto code = hand_off(*sessions, desk.token.reveal(), "voice");
  const Created voice = redeem(*sessions, code->code.reveal(), Holder("voice", "phone")).value();
  const auto open = hand_off(*sessions, desk.token.reveal(), "voice");
  EXPECT_TRUE(end(*sessions, of([](Revocation& r) { r.client = "desk"; })));
  EXPECT_FALSE(lives(desk));
  EXPECT_TRUE(lives(voice));
  EXPECT_TRUE(is_not_found(redeem(*sessions, open->code.reveal(), Holder("voice"))))
      << "handed out by a token that is dead";
  EXPECT_TRUE(is_not_found(hand_off(*sessions, desk.token.reveal(), "voice")));
  for (int round = 0; round < 2; ++round) { // from memory, then from the store
    EXPECT_TRUE(is_not_found(revoke(*sessions, desk.token.reveal())));
    EXPECT_TRUE(lives(voice)) << "a dead token has no power over the session";
    restart();
  }
  EXPECT_TRUE(is_not_found(step_up(*sessions, desk.token.reveal(), proof(clock))));
}

TEST_F(RevocationTest, EndsACodeForTheClientThatIsEnded) {
  const auto code = hand_off(*sessions, log_in().token.reveal(), "voice");
  EXPECT_TRUE(end(*sessions, of([](Revocation& r) { r.client = "voice"; })));
  EXPECT_TRUE(is_not_found(redeem(*sessions, code->code.reveal(), Holder("voice"))));
}

TEST_F(RevocationTest, HoldsFromTheCallOnThoughTheStoreHasNotHeardOfIt) {
  const Created one = log_in();
  std::latch heard(1);
  database->write(
      [&heard](store::Connection&) -> Result<void> {
        heard.wait();
        return {};
      },
      {}, {});
  bool told = false;
  std::promise<void> done;
  sessions->end(of([](Revocation& r) { r.client = "desk"; }), {}, [&](const Result<void>& ended) {
    told = ended.has_value();
    done.set_value();
  });
  EXPECT_FALSE(sessions->alive(*one.access));
  EXPECT_FALSE(told);
  std::promise<Result<Created>> begun; // stamped now, and written after the revocation
  Proved proved = proof(clock);
  sessions->create(proved, "desk", {}, [&](Result<Created> created) { begun.set_value(std::move(created)); });
  heard.count_down();
  done.get_future().get();
  EXPECT_TRUE(told);
  EXPECT_TRUE(begun.get_future().get()) << "it began after the revocation";
}

TEST_F(RevocationTest, EndsALoginThatIsUnderWay) {
  std::latch heard(1);
  database->write(
      [&heard](store::Connection&) -> Result<void> {
        heard.wait();
        return {};
      },
      {}, {});
  std::promise<Result<Created>> begun;
  sessions->create(proof(clock), "desk", {}, [&](Result<Created> created) { begun.set_value(std::move(created)); });
  sessions->end(of([](Revocation& r) { r.client = "desk"; }), {}, [](const Result<void>&) {});
  heard.count_down();
  const auto created = begun.get_future().get();
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().code, Code::unauthenticated);
}

TEST_F(RevocationTest, IsForgottenWhenNothingSoOldCanLive) {
  log_in();
  EXPECT_TRUE(end(*sessions, of([](Revocation& r) { r.client = "desk"; })));
  clock.advance(2min);
  tend();
  EXPECT_EQ(count("SELECT count(*) FROM revocations WHERE what <> ''"), 1);
  clock.advance(12h);
  for (int i = 0; i < 3; ++i, clock.advance(2min)) tend();
  EXPECT_EQ(count("SELECT count(*) FROM revocations WHERE what <> ''"), 0);
  const Created later = log_in();
  restart(); // its number is not given away again
  EXPECT_TRUE(end(*sessions, of([](Revocation& r) { r.client = "desk"; })));
  EXPECT_FALSE(lives(later));
}

TEST_F(RevocationTest, KeepsOneOfTheSame) {
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(end(*sessions, of([](Revocation& r) { r.client = "desk"; })));
  EXPECT_EQ(count("SELECT count(*) FROM revocations WHERE what <> ''"), 1);
}

TEST_F(RevocationTest, EndsEverythingBeforeARowThatIsDamaged) {
  const Created one = log_in("4711", "bot");
  EXPECT_TRUE(end(*sessions, of([](Revocation& r) { r.client = "desk"; })));
  change("UPDATE revocations SET what = replace(what, 'desk', 'dosk') WHERE what <> ''");
  restart();
  EXPECT_FALSE(lives(one));
  EXPECT_TRUE(lives(log_in()));
}

TEST_F(RevocationTest, TellsWhoWatchesAndNobodyElse) {
  const Created one = log_in(), other = log_in("other", "bot");
  int ended = 0, others = 0, gone = 0;
  const Watch mine = sessions->watch(one.access, {}, [&] { ++ended; });
  const Watch theirs = sessions->watch(other.access, {}, [&] { ++others; });
  sessions->watch(one.access, {}, [&] { ++gone; }).stop();
  EXPECT_TRUE(end(*sessions, of([](Revocation& r) { r.channel = "chat"; })));
  EXPECT_TRUE(end(*sessions, of([](Revocation& r) { r.channel = "chat"; })));
  EXPECT_EQ(ended, 1);
  EXPECT_EQ(others, 0);
  EXPECT_EQ(gone, 0);
  EXPECT_TRUE(revoke(*sessions, other.token.reveal(), "default", "bot"));
  EXPECT_EQ(others, 1);
  int late = 0;
  const Watch dead = sessions->watch(one.access, {}, [&] { ++late; });
  EXPECT_EQ(late, 1) << "it was dead when the watch began";
}

TEST_F(RevocationTest, TellsNobodyWhoWentWhileItWasOnItsWay) {
  const Created one = log_in();
  std::vector<std::function<void()>> posted;
  int ended = 0;
  {
    const Watch watch = sessions->watch(
        one.access, [&](std::function<void()> job) { posted.push_back(std::move(job)); }, [&] { ++ended; });
    EXPECT_TRUE(revoke(*sessions, one.token.reveal()));
    EXPECT_EQ(posted.size(), 1U);
  }
  for (const auto& job : posted) job();
  EXPECT_EQ(ended, 0);
}

TEST_F(RevocationTest, RefusesWhatNamesNothingItCouldMean) {
  for (const auto& wrong : {Revocation{}, of([](Revocation& r) { r.issuer = "https://shop.example"; }),
                            of([](Revocation& r) { r.subject = "4711"; })})
    EXPECT_EQ(end(*sessions, wrong).error().code, Code::invalid_argument);
}

TEST_F(RevocationTest, ListsWhatLives) {
  const Created one = log_in();
  const auto code = hand_off(*sessions, one.token.reveal(), "voice");
  const Created voice = redeem(*sessions, code->code.reveal(), Holder("voice", "phone")).value();
  clock.advance(1s); // ids are in the order of their time
  const Created other = log_in("other", "bot");
  clock.advance(1s);
  const Created dead = log_in("dead", "bot");
  EXPECT_TRUE(revoke(*sessions, dead.token.reveal(), "default", "bot"));
  const auto list = [&](ListAsk ask) {
    std::promise<Result<std::vector<Listed>>> told;
    sessions->list(std::move(ask), {}, [&](Result<std::vector<Listed>> all) { told.set_value(std::move(all)); });
    return told.get_future().get().value();
  };
  const auto all = list({"default", "", "", "", "", 100});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].id, one.access->session.id);
  EXPECT_EQ(all[0].customer, one.access->session.customer);
  EXPECT_EQ(all[0].assurance, Assurance::aal2);
  EXPECT_EQ(all[0].clients.size(), 2U);
  EXPECT_EQ(list({"default", "", "", "voice", "", 100}).size(), 1U);
  EXPECT_EQ(list({"default", "", other.access->session.customer, "", "", 100})[0].id, other.access->session.id);
  EXPECT_EQ(list({"default", "", "", "", one.access->session.id, 100})[0].id, other.access->session.id);
  EXPECT_EQ(list({"*", "", "", "", "", 1}).size(), 1U);
  EXPECT_TRUE(list({"north", "", "", "", "", 100}).empty());
  EXPECT_TRUE(end(*sessions, of([](Revocation& r) { r.client = "desk"; })));
  EXPECT_EQ(list({"default", "", "", "", "", 100})[0].clients, std::vector<std::string>{"voice"});
}

} // namespace
} // namespace plugboard::session
