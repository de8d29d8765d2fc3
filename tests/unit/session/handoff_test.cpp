// One session on two channels: what the second gets, and what it never gets.
#include "tests/unit/session/session_fixture.hpp"

namespace plugboard::session {
namespace {

class HandoffTest : public SessionFixture {
 protected:
  Created log_in() {
    Proved proved = proof(clock);
    proved.assurance = Assurance::aal1;
    return create(*sessions, proved, Holder("desk", "chat")).value();
  }

  std::string code_from(const Created& from, const std::string& to = "voice") {
    return std::string(hand_off(*sessions, from.token.reveal(), to).value().code.reveal());
  }

  const Holder voice{"voice", "phone"};
};

TEST_F(HandoffTest, GivesTheOtherClientATokenOfItsOwnForTheSameSession) {
  const Created desk = log_in();
  const auto code = hand_off(*sessions, desk.token.reveal(), "voice");
  ASSERT_TRUE(code) << to_string(code.error());
  EXPECT_TRUE(is_token("pbh_", code->code.reveal()));
  EXPECT_EQ(code->expires_at, clock.wall() + 60s);
  const auto there = redeem(*sessions, code->code.reveal(), voice);
  ASSERT_TRUE(there) << to_string(there.error());
  EXPECT_EQ(there->access->session.id, desk.access->session.id);
  EXPECT_EQ(there->access->session.expires_at, desk.access->session.expires_at);
  EXPECT_EQ(there->access->token.client, "voice");
  EXPECT_EQ(there->access->token.channel, "phone");
  EXPECT_TRUE(find(*sessions, desk.token.reveal())) << "the first client's lives on";
  for (int round = 0; round < 2; ++round) {
    EXPECT_TRUE(find(*sessions, there->token.reveal(), "default", "voice"));
    EXPECT_TRUE(is_not_found(find(*sessions, there->token.reveal(), "default", "desk")));
    EXPECT_TRUE(is_not_found(find(*sessions, desk.token.reveal(), "default", "voice")));
    restart();
  }
}

TEST_F(HandoffTest, IsRedeemedOnce) {
  const std::string code = code_from(log_in());
  EXPECT_TRUE(redeem(*sessions, code, voice));
  EXPECT_TRUE(is_not_found(redeem(*sessions, code, voice)));
}

TEST_F(HandoffTest, IsForOneClientAlone) {
  const std::string code = code_from(log_in());
  EXPECT_TRUE(is_not_found(redeem(*sessions, code, "bot")));
  EXPECT_TRUE(is_not_found(redeem(*sessions, code, voice, "north")));
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_EQ(alarms[0].kind, Alarm::Kind::foreign_token);
  EXPECT_EQ(alarms[0].presented_by, "bot");
  EXPECT_TRUE(redeem(*sessions, code, voice)) << "the stranger takes nothing from the rightful client";
}

TEST_F(HandoffTest, IsNoToken) {
  const std::string code = code_from(log_in());
  EXPECT_TRUE(is_not_found(find(*sessions, code, "default", "voice")));
  EXPECT_TRUE(is_not_found(find(*sessions, "pbs_" + code.substr(4), "default", "voice")));
  EXPECT_TRUE(is_not_found(redeem(*sessions, log_in().token.reveal(), "desk")));
}

TEST_F(HandoffTest, LastsAMinuteByEitherClock) {
  const std::string in_time = code_from(log_in());
  clock.advance(60s - 1ns);
  EXPECT_TRUE(redeem(*sessions, in_time, voice));
  const std::string late = code_from(log_in());
  clock.advance(60s);
  EXPECT_TRUE(is_not_found(redeem(*sessions, late, voice)));
  const std::string back = code_from(log_in());
  clock.advance(60s);
  clock.jump_wall(-59s);
  EXPECT_TRUE(is_not_found(redeem(*sessions, back, voice)));
  const std::string forth = code_from(log_in());
  clock.jump_wall(1h);
  EXPECT_TRUE(is_not_found(redeem(*sessions, forth, voice)));
}

TEST_F(HandoffTest, OutlivesARestart) {
  const std::string code = code_from(log_in());
  restart();
  clock.advance(59s);
  EXPECT_TRUE(redeem(*sessions, code, voice));
}

TEST_F(HandoffTest, GoesWithTheFirstPurgeWhenNobodyRedeemsIt) {
  code_from(log_in());
  EXPECT_EQ(count("SELECT count(*) FROM session_tokens"), 2);
  clock.advance(61s);
  tend();
  EXPECT_EQ(count("SELECT count(*) FROM session_tokens"), 1);
}

TEST_F(HandoffTest, HandsOverWhatIsProvedAndNothingThatComesLater) {
  const Created desk = log_in();
  const auto early = redeem(*sessions, code_from(desk), voice);
  Proved stronger = proof(clock);
  const auto stepped = step_up(*sessions, desk.token.reveal(), stronger);
  ASSERT_TRUE(stepped);
  const auto of = [&](const Result<Created>& one, const char* client) {
    return (*find(*sessions, one->token.reveal(), "default", client))->session.assurance_at(clock.wall());
  };
  EXPECT_EQ(of(early, "voice"), Assurance::aal1);
  const auto late = redeem(*sessions, code_from(*stepped), Holder("voice"));
  EXPECT_EQ(of(late, "voice"), Assurance::aal2);
  clock.advance(15min);
  EXPECT_EQ(of(late, "voice"), Assurance::aal1) << "it ends there as it ends here";
  EXPECT_EQ(of(stepped, "desk"), Assurance::aal1);
}

TEST_F(HandoffTest, DiesWithTheSessionOnEveryChannel) {
  const Created desk = log_in();
  const auto there = redeem(*sessions, code_from(desk), voice);
  const std::string open = code_from(desk);
  EXPECT_TRUE(revoke(*sessions, there->token.reveal(), "default", "voice"));
  EXPECT_TRUE(is_not_found(find(*sessions, desk.token.reveal())));
  EXPECT_TRUE(is_not_found(redeem(*sessions, open, voice)));
  restart();
  EXPECT_TRUE(is_not_found(find(*sessions, desk.token.reveal())));
}

TEST_F(HandoffTest, IdlesAsOneSessionOnAllItsChannels) {
  const Created desk = log_in();
  const auto there = redeem(*sessions, code_from(desk), voice);
  for (int i = 0; i < 4; ++i) {
    clock.advance(20min);
    ASSERT_TRUE(find(*sessions, there->token.reveal(), "default", "voice")) << i;
  }
  EXPECT_TRUE(find(*sessions, desk.token.reveal())) << "used a moment ago, though on another channel";
  clock.advance(30min);
  EXPECT_TRUE(is_not_found(find(*sessions, desk.token.reveal())));
  EXPECT_TRUE(is_not_found(find(*sessions, there->token.reveal(), "default", "voice")));
}

TEST_F(HandoffTest, VouchesOnlyForWhatAClientSaid) {
  const auto session = create(*sessions, asserted("default", "phone", "+46700", clock.wall()), voice)->access->session;
  EXPECT_EQ(session.assurance_at(clock.wall()), Assurance::asserted);
  EXPECT_EQ(session.issuer(), "asserted:phone");
  ASSERT_EQ(session.identifiers.size(), 1U);
  EXPECT_EQ(session.identifiers[0], (Identifier{"phone", "+46700", false, "asserted"}));
}

} // namespace
} // namespace plugboard::session
