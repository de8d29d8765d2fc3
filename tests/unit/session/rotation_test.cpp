// Step-up: a new proof, a new token, and the end of whoever still has the old one.
#include "tests/unit/session/session_fixture.hpp"

#include <gmock/gmock.h>

namespace plugboard::session {
namespace {

class RotationTest : public SessionFixture {
 protected:
  Created log_in(Assurance assurance = Assurance::aal1) {
    Proved proved = proof(clock);
    proved.assurance = assurance;
    return create(*sessions, proved, Holder("desk", "chat")).value();
  }

  Proved stronger(std::string subject = "4711") {
    Proved proved = proof(clock, std::move(subject));
    proved.authenticated_at = clock.wall();
    return proved;
  }

  Assurance assurance_of(std::string_view token, std::string_view client = "desk") {
    const auto found = find(*sessions, token, "default", client);
    return found ? (*found)->session.assurance_at(clock.wall()) : Assurance::none;
  }
};

TEST_F(RotationTest, GivesTheSameSessionUnderANewTokenWithTheNewProof) {
  const Created before = log_in();
  clock.advance(1min);
  const auto after = step_up(*sessions, before.token.reveal(), stronger());
  ASSERT_TRUE(after) << to_string(after.error());
  EXPECT_EQ(after->access->session.id, before.access->session.id);
  EXPECT_EQ(after->access->session.expires_at, before.access->session.expires_at);
  EXPECT_EQ(after->access->token.client, "desk");
  EXPECT_EQ(after->access->token.channel, "chat");
  EXPECT_NE(after->token.reveal(), before.token.reveal());
  EXPECT_EQ(assurance_of(after->token.reveal()), Assurance::aal2);
  EXPECT_EQ(after->access->session.proved_at(Assurance::aal2, clock.wall()), clock.wall());
  restart();
  EXPECT_EQ(assurance_of(after->token.reveal()), Assurance::aal2);
}

TEST_F(RotationTest, LetsAStepUpEndBeforeTheSession) {
  const auto after = step_up(*sessions, log_in().token.reveal(), stronger());
  const std::string token(after->token.reveal());
  clock.advance(15min - 1ns);
  EXPECT_EQ(assurance_of(token), Assurance::aal2);
  clock.advance(1ns);
  EXPECT_EQ(assurance_of(token), Assurance::aal1);
  clock.jump_wall(-5min); // lived through by the clock that does not jump
  EXPECT_EQ(assurance_of(token), Assurance::aal1);
  limits.kept_in_memory = 1;
  restart();
  EXPECT_EQ(assurance_of(token), Assurance::aal2) << "of a run before there is the wall clock alone";
}

TEST_F(RotationTest, KeepsToTheSteadyClockWhenMemoryHasForgottenIt) {
  limits.kept_in_memory = 1;
  restart();
  clock.jump_wall(-24h);
  const auto after = step_up(*sessions, log_in().token.reveal(), stronger());
  const std::string token(after->token.reveal());
  log_in(); // pushes it out
  clock.jump_wall(24h * 30);
  clock.jump_wall(-24h * 30);
  clock.advance(10min);
  clock.jump_wall(-1h);
  EXPECT_EQ(assurance_of(token), Assurance::aal2);
  log_in();
  log_in();
  tend();
  clock.advance(5min);
  EXPECT_EQ(assurance_of(token), Assurance::aal1);
}

TEST_F(RotationTest, EndsTheSessionForBothWhenTheOldTokenIsPresentedAgain) {
  for (const bool from_memory : {true, false}) {
    const Created before = log_in();
    const auto after = step_up(*sessions, before.token.reveal(), stronger());
    ASSERT_TRUE(after);
    if (!from_memory) restart();
    alarms.clear();
    EXPECT_TRUE(is_not_found(find(*sessions, before.token.reveal())));
    ASSERT_EQ(alarms.size(), 1U);
    EXPECT_EQ(alarms[0].kind, Alarm::Kind::reused_token);
    EXPECT_EQ(alarms[0].session, before.access->session.id);
    EXPECT_FALSE(sessions->alive(*after->access));
    EXPECT_TRUE(is_not_found(find(*sessions, after->token.reveal())));
    restart();
    EXPECT_TRUE(is_not_found(find(*sessions, after->token.reveal())));
  }
}

TEST_F(RotationTest, LetsOneOfTwoStepUpsWinAndEndsTheSession) {
  const Created before = log_in();
  std::promise<Result<Created>> first, second;
  const auto hashes = sessions->hashes_of(before.token.reveal());
  sessions->step_up(hashes, "desk", stronger(), {}, [&](Result<Created> told) { first.set_value(std::move(told)); });
  sessions->step_up(hashes, "desk", stronger(), {}, [&](Result<Created> told) { second.set_value(std::move(told)); });
  const auto won = first.get_future().get();
  ASSERT_TRUE(won);
  EXPECT_TRUE(is_not_found(second.get_future().get()));
  EXPECT_TRUE(is_not_found(find(*sessions, won->token.reveal())));
  EXPECT_EQ(metrics.text().find("plugboard_session_alarms_total{kind=\"reused_token\"} 1\n") != std::string::npos, true)
      << metrics.text();
}

TEST_F(RotationTest, TakesNoOtherCustomersProof) {
  const Created before = log_in();
  const auto other = step_up(*sessions, before.token.reveal(), stronger("4712"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Code::conflict);
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_EQ(alarms[0].kind, Alarm::Kind::other_customer);
  EXPECT_EQ(assurance_of(before.token.reveal()), Assurance::aal1) << "the session goes on as it was";
}

TEST_F(RotationTest, TakesAnotherIssuersProofOfAnIdentifierThatTheSessionHasVerified) {
  Proved code = stronger("leonekohler@surfeu.de");
  code.issuer = "otp.example";
  code.identifiers = {{"email", "leonekohler@surfeu.de", true, "otp"}};
  const Created before = log_in();
  EXPECT_TRUE(step_up(*sessions, before.token.reveal(), code));
  EXPECT_EQ(count("SELECT count(*) FROM customers"), 1) << "it is no customer of its own";
  Proved unverified = code, not_verified_here = code, none = code;
  unverified.identifiers[0].verified = false;
  not_verified_here.identifiers = {{"phone", "+49711\"2842222", true, "otp"}};
  none.identifiers.clear();
  for (const Proved& wrong : {unverified, not_verified_here, none}) {
    const auto refused = step_up(*sessions, log_in().token.reveal(), wrong);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::conflict);
  }
}

TEST_F(RotationTest, StepsUpNoTokenOfAnotherClientAndNoDeadOne) {
  const Created before = log_in();
  EXPECT_TRUE(is_not_found(step_up(*sessions, before.token.reveal(), stronger(), "bot")));
  Proved elsewhere = stronger();
  elsewhere.tenant = "north";
  EXPECT_TRUE(is_not_found(step_up(*sessions, before.token.reveal(), elsewhere)));
  EXPECT_TRUE(revoke(*sessions, before.token.reveal()));
  EXPECT_TRUE(is_not_found(step_up(*sessions, before.token.reveal(), stronger())));
  const Created idle = log_in();
  clock.advance(30min);
  EXPECT_TRUE(is_not_found(step_up(*sessions, idle.token.reveal(), stronger())));
}

TEST_F(RotationTest, RefusesAProofThatIsOver) {
  Proved late = stronger();
  late.expires_at = clock.wall();
  const Created before = log_in();
  EXPECT_EQ(step_up(*sessions, before.token.reveal(), late).error().code, Code::unauthenticated);
  EXPECT_TRUE(find(*sessions, before.token.reveal()));
}

TEST_F(RotationTest, KeepsSessionsWithinWhatNistAllowsTheirAssurance) {
  limits.absolute = 24h * 365;
  limits.idle = 24h * 365;
  restart();
  const auto at = [&](Assurance assurance) { return log_in(assurance).access->session; };
  EXPECT_EQ(at(Assurance::aal3).expires_at, clock.wall() + 12h);
  EXPECT_EQ(at(Assurance::aal3).idle_limit, 15min);
  EXPECT_EQ(at(Assurance::aal2).expires_at, clock.wall() + 24h);
  EXPECT_EQ(at(Assurance::aal2).idle_limit, 1h);
  EXPECT_EQ(at(Assurance::aal1).expires_at, clock.wall() + 24h * 30);
}

TEST_F(RotationTest, BoundsTheProofsOfASession) {
  Created now = log_in();
  for (int i = 0; i < 20; ++i) now = step_up(*sessions, now.token.reveal(), stronger()).value();
  EXPECT_EQ(now.access->session.authentications.size(), 8U);
  EXPECT_EQ(now.access->session.authentications.front().assurance, Assurance::aal1) << "the login";
}

} // namespace
} // namespace plugboard::session
