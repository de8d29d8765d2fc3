// What is kept and what is shared, on two homes of one thread by a fake clock.
#include "core/context/answers.hpp"
#include "tests/unit/context/answering.hpp"

#include <gmock/gmock.h>

namespace plugboard::context {
namespace {

using connector::AnsweredBy;
using connector::Outcome;
using connector::Reason;
using connector::Status;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::answered_with;
using testing::Answering;
using testing::failed_with;
using testing::Person;

class AnswersTest : public ::testing::Test, protected Answering {};

TEST_F(AnswersTest, GivesAKeptAnswerUntilItsTimeIsOver) {
  rules.fresh = seconds(30);
  auto first = person(), second = person(), third = person();
  ask(first);
  land(answered_with("one"));
  clock.advance(seconds(30));
  ask(second);
  ASSERT_EQ(second->answers.size(), 1u);
  EXPECT_EQ(second->answers[0].data, "one");
  EXPECT_EQ(second->answers[0].course.by, AnsweredBy::cache);
  EXPECT_EQ(second->answers[0].course.age, seconds(30));
  clock.advance(milliseconds(1));
  ask(third);
  EXPECT_EQ(third->answers.size(), 0u);
  EXPECT_EQ(system->asked.size(), 2u);
}

TEST_F(AnswersTest, GivesWhatItYieldedWithIt) {
  rules.fresh = seconds(30);
  auto outcome = answered_with("one");
  outcome.yields = {{"customer_id", "42", true, "crm"}};
  auto first = person(), second = person();
  ask(first);
  land(outcome);
  ask(second);
  EXPECT_EQ(second->answers.at(0).yields, outcome.yields);
}

TEST_F(AnswersTest, KeepsNoFailureAndNothingWithoutATime) {
  for (const bool keeps : {true, false}) {
    rules.fresh = keeps ? seconds(30) : seconds(0);
    const auto before = system->asked.size();
    auto first = person(), second = person();
    ask(first);
    land(keeps ? failed_with(Status::error, Reason::upstream_failed) : answered_with("one"));
    ask(second);
    EXPECT_EQ(system->asked.size(), before + 2);
    land(failed_with(Status::ambiguous, Reason::none));
  }
  EXPECT_EQ(answers->figures().entries, 0u);
}

TEST_F(AnswersTest, KeepsItBrieflyThatTheSystemDoesNotKnowACustomer) {
  rules.fresh = seconds(30);
  rules.not_found = seconds(2);
  auto first = person(), second = person(), third = person();
  ask(first);
  land(failed_with(Status::not_found, Reason::none));
  clock.advance(seconds(2));
  ask(second);
  EXPECT_EQ(second->answers.at(0).status, Status::not_found);
  clock.advance(milliseconds(1));
  ask(third);
  EXPECT_EQ(third->answers.size(), 0u);
}

TEST_F(AnswersTest, HonoursTheAgeThatTheAskerTakes) {
  rules.fresh = seconds(30);
  auto first = person(), second = person(), third = person(), fourth = person();
  ask(first);
  land(answered_with("one"));
  clock.advance(seconds(10));
  ask(second, seconds(10));
  EXPECT_EQ(second->answers.size(), 1u);
  ask(third, seconds(9));
  EXPECT_EQ(third->answers.size(), 0u);
  land(answered_with("two"));
  ask(fourth, seconds(0));
  EXPECT_EQ(fourth->answers.size(), 0u);
  land(answered_with("three"));
  auto fifth = person();
  ask(fifth);
  EXPECT_EQ(fifth->answers.at(0).data, "three") << "what was asked afresh serves the others";
}

TEST_F(AnswersTest, RevalidatesInTheBackgroundOnce) {
  rules.fresh = seconds(10);
  rules.revalidate = seconds(10);
  auto first = person(), second = person(), third = person(), fourth = person();
  ask(first);
  land(answered_with("one"));
  clock.advance(seconds(15));
  ask(second);
  ask(third);
  EXPECT_EQ(second->answers.at(0).data, "one");
  EXPECT_EQ(third->answers.at(0).data, "one");
  EXPECT_EQ(system->asked.size(), 2u) << "one for both";
  land(answered_with("two"));
  ask(fourth);
  EXPECT_EQ(fourth->answers.at(0).data, "two");
  EXPECT_EQ(second->answers.size(), 1u) << "who has an answer gets no second one";
}

TEST_F(AnswersTest, OffersAnOlderAnswerWhereAskingFails) {
  rules.fresh = seconds(10);
  rules.if_error = seconds(20);
  auto first = person(), second = person();
  ask(first);
  land(answered_with("one"));
  clock.advance(seconds(15));
  ask(second);
  ASSERT_TRUE(second->found.fallback);
  const auto stale =
      stale_instead(*second->found.fallback, failed_with(Status::error, Reason::unreachable), clock.now());
  EXPECT_EQ(stale.status, Status::stale);
  EXPECT_EQ(stale.reason, Reason::unreachable);
  EXPECT_EQ(stale.data, "one");
  EXPECT_EQ(stale.course.age, seconds(15));
  EXPECT_EQ(second->found.fallback_until, clock.now() + seconds(15));
}

TEST(FreshnessTest, TellsNothingOlderWhereTheSystemSaidThatItIsAnother) {
  EXPECT_TRUE(may_be_stale_for(failed_with(Status::timeout, Reason::deadline)));
  EXPECT_TRUE(may_be_stale_for(failed_with(Status::unavailable, Reason::breaker_open)));
  EXPECT_FALSE(may_be_stale_for(failed_with(Status::invalid, Reason::wrong_customer)));
  EXPECT_FALSE(may_be_stale_for(failed_with(Status::error, Reason::egress_denied)));
  EXPECT_FALSE(may_be_stale_for(failed_with(Status::unavailable, Reason::plugin_revoked)));
  EXPECT_FALSE(may_be_stale_for(failed_with(Status::not_found, Reason::none)));
  EXPECT_FALSE(may_be_stale_for(failed_with(Status::skipped, Reason::identifier_unknown)));
}

TEST_F(AnswersTest, ForgetsWhatTheSystemTookBack) {
  rules.fresh = seconds(30);
  rules.if_error = seconds(30);
  for (const auto status : {Status::ambiguous, Status::not_found}) {
    rules.not_found = seconds(0);
    auto first = person(), second = person(), third = person();
    ask(first);
    land(answered_with("one"));
    ask(second, seconds(0));
    land(failed_with(status, Reason::none));
    ask(third);
    EXPECT_EQ(third->answers.size(), 0u);
    land(failed_with(status, Reason::none));
  }
}

TEST_F(AnswersTest, KeepsNoEarlierAnswerInTheLatersPlace) {
  rules.fresh = seconds(30);
  auto first = person(), second = person(), third = person();
  ask(first);
  clock.advance(seconds(1));
  ask(second, seconds(0));
  system->land(2, answered_with("later"));
  system->land(1, answered_with("earlier"));
  ask(third);
  EXPECT_EQ(third->answers.at(0).data, "later");
}

TEST_F(AnswersTest, AsksOnceForAllWhoAskTheSame) {
  auto first = person(), second = person(), elsewhere = person(home_b);
  for (const auto& one : {first, second, elsewhere}) ask(one);
  EXPECT_EQ(system->asked.size(), 1u);
  land(answered_with("one"));
  EXPECT_EQ(first->answers.size(), 1u);
  EXPECT_EQ(second->answers.size(), 1u);
  EXPECT_EQ(elsewhere->answers.size(), 0u) << "told on its own thread";
  io_b.poll();
  EXPECT_EQ(elsewhere->answers.at(0).data, "one");
  EXPECT_EQ(first->answers[0].course.by, AnsweredBy::call);
  EXPECT_EQ(elsewhere->answers[0].course.by, AnsweredBy::shared_call);
  EXPECT_EQ(answers->figures().flights, 0u);
}

TEST_F(AnswersTest, LetsNobodyJoinWhatBeganTooEarlyForHim) {
  auto first = person(), second = person(), third = person();
  ask(first);
  clock.advance(seconds(2));
  ask(second, seconds(1));
  EXPECT_EQ(system->asked.size(), 2u);
  ask(third, seconds(0));
  EXPECT_FALSE(third->found.flight) << "nobody else's business";
}

TEST_F(AnswersTest, LetsACallGoOnWhenWhoeverBeganItLeaves) {
  auto first = person(), second = person(home_b);
  ask(first);
  ask(second);
  leave(first);
  EXPECT_THAT(system->cancelled, ::testing::IsEmpty());
  land(answered_with("one"));
  io_b.poll();
  EXPECT_EQ(first->answers.size(), 0u);
  EXPECT_EQ(second->answers.size(), 1u);
}

TEST_F(AnswersTest, CancelsTheCallWhenNobodyWaitsAnyMore) {
  auto first = person(), second = person(home_b), third = person();
  ask(first);
  ask(second);
  leave(first);
  leave(second);
  EXPECT_THAT(system->cancelled, ::testing::IsEmpty()) << "that is for the thread it runs on";
  io_a.poll();
  EXPECT_THAT(system->cancelled, ::testing::ElementsAre(1));
  ask(third);
  EXPECT_EQ(system->asked.size(), 2u);
}

TEST_F(AnswersTest, TellsAllOfAFailureAndAsksNobodyAgain) {
  std::vector<std::shared_ptr<Person>> people;
  for (int i = 0; i < 20; ++i) ask(people.emplace_back(person(i % 2 == 0 ? home_a : home_b)));
  land(failed_with(Status::error, Reason::upstream_failed));
  io_b.poll();
  EXPECT_EQ(system->asked.size(), 1u);
  for (const auto& one : people) EXPECT_EQ(one->answers.at(0).reason, Reason::upstream_failed);
}

TEST_F(AnswersTest, MakesOneNewCallForThoseWhoHaveMoreTimeThanTheFirst) {
  auto first = person(), second = person(home_b), third = person();
  first->until = in(seconds(1));
  second->until = in(seconds(5));
  third->until = in(seconds(3));
  for (const auto& one : {first, second, third}) ask(one);
  EXPECT_EQ(system->deadlines.at(0).at(), first->until.at());
  clock.advance(seconds(1));
  land(failed_with(Status::timeout, Reason::deadline));
  EXPECT_EQ(first->answers.at(0).status, Status::timeout);
  EXPECT_EQ(third->answers.size(), 0u);
  EXPECT_EQ(system->asked.size(), 1u);
  io_b.poll();
  ASSERT_EQ(system->asked.size(), 2u);
  EXPECT_EQ(system->deadlines.at(1).at(), second->until.at());
  clock.advance(seconds(4));
  land(failed_with(Status::timeout, Reason::deadline));
  io_a.poll();
  EXPECT_EQ(system->asked.size(), 2u) << "at most one";
  EXPECT_EQ(second->answers.at(0).status, Status::timeout);
  EXPECT_EQ(third->answers.at(0).status, Status::timeout);
}

TEST_F(AnswersTest, TakesASystemsOwnTimeoutForAFailure) {
  auto first = person(), second = person();
  first->until = in(seconds(5));
  second->until = in(seconds(10));
  ask(first);
  ask(second);
  clock.advance(seconds(1));
  land(failed_with(Status::timeout, Reason::connector_timeout));
  EXPECT_EQ(second->answers.at(0).status, Status::timeout);
  EXPECT_EQ(system->asked.size(), 1u);
}

TEST_F(AnswersTest, PurgesByCustomerConnectorAndSectionWhatIsKeptAndWhatIsComing) {
  rules.fresh = seconds(30);
  auto ada = person(), leo = person();
  leo->request.customer = "cus_leo";
  leo->request.known[0].value = "leo@example.com";
  ask(ada);
  land(answered_with("ada"));
  ask(leo);
  land(answered_with("leo"));
  EXPECT_EQ(answers->purge({"other", "cus_ada", "", ""}), 0u);
  EXPECT_EQ(answers->purge({"default", "", "crm", "orders"}), 0u);
  EXPECT_EQ(answers->purge({"default", "cus_ada", "", ""}), 1u);
  EXPECT_EQ(answers->figures().entries, 1u);
  EXPECT_EQ(answers->purge({"*", "", "crm", "contact"}), 1u);
  auto coming = person(), later = person(), last = person();
  ask(coming);
  answers->purge({"default", "cus_ada", "", ""});
  ask(later);
  EXPECT_EQ(system->asked.size(), 4u) << "what was asked before the purge serves nobody who asks after it";
  system->land(3, answered_with("before"));
  EXPECT_EQ(coming->answers.at(0).data, "before");
  EXPECT_EQ(answers->figures().entries, 0u);
  system->land(4, answered_with("after"));
  ask(last);
  EXPECT_EQ(last->answers.at(0).data, "after");
}

TEST_F(AnswersTest, PurgesWhatACustomerSharedWithAnother) {
  rules.fresh = seconds(30);
  auto ada = person(), twin = person();
  twin->request.customer = "cus_twin";
  ask(ada);
  land(answered_with("one"));
  ask(twin);
  EXPECT_EQ(answers->purge({"default", "cus_twin", "", ""}), 1u);
}

TEST_F(AnswersTest, DropsWhatNoConfigurationHasAnyMore) {
  rules.fresh = seconds(30);
  const auto old = source();
  answers->keep_only({old});
  auto first = person(), second = person();
  ask(first);
  land(answered_with("one"));
  fingerprint = "as configured now";
  const auto changed = source();
  answers->keep_only({changed});
  EXPECT_EQ(answers->figures().entries, 0u);
  ask(second, std::nullopt, old);
  land(answered_with("one"));
  EXPECT_EQ(answers->figures().entries, 0u) << "a request of before, that is still under way, keeps nothing";
}

TEST_F(AnswersTest, DropsWhatIsTooOldForAnybody) {
  rules.fresh = seconds(10);
  rules.if_error = seconds(20);
  auto first = person();
  ask(first);
  land(answered_with("one"));
  clock.advance(seconds(30) - milliseconds(1));
  answers->tend(clock.now());
  EXPECT_EQ(answers->figures().entries, 1u);
  clock.advance(milliseconds(1));
  answers->tend(clock.now());
  EXPECT_EQ(answers->figures().entries, 0u);
  EXPECT_EQ(answers->figures().bytes, 0u);
}

} // namespace
} // namespace plugboard::context
