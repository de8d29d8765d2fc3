#include "core/context/gather.hpp"
#include "tests/unit/context/graph.hpp"

#include <gmock/gmock.h>

namespace plugboard::context {
namespace {

using connector::Outcome;
using connector::Reason;
using connector::Status;
using std::chrono::milliseconds;
using testing::all_of;
using ::testing::ElementsAre;
using testing::Graph;
using ::testing::IsEmpty;
using testing::named;
using testing::spec;

const Identifier kEmail{"email", "leo@example.com", true, "login"};

// One fan-out with its own time, driven by hand: what was started, cancelled, finished, by name.
class Driven {
 public:
  Driven(std::shared_ptr<const Catalog> catalog, const std::vector<std::string>& asked, std::vector<Identifier> known)
      : catalog_(std::move(catalog)),
        gather_(catalog_, make_plan(*catalog_, named(*catalog_, asked), known, Assurance::aal1), known,
                Instant(milliseconds(1000))) {
    std::vector<Action> actions;
    gather_.begin(now_, actions);
    take(actions);
  }

  void arrives(const std::string& section, std::vector<Identifier> yields = {}, Status status = Status::ok) {
    Outcome outcome;
    outcome.status = status;
    outcome.yields = std::move(yields);
    if (status == Status::error) outcome.reason = Reason::unreachable;
    arrives(section, std::move(outcome));
  }

  void arrives(const std::string& section, Outcome outcome) {
    std::vector<Action> actions;
    gather_.arrived(*catalog_->find(section), std::move(outcome), now_, actions);
    take(actions);
  }

  void time_is(milliseconds at) { now_ = Instant(at); }

  void timer_at(milliseconds at) {
    now_ = Instant(at);
    std::vector<Action> actions;
    gather_.timer(now_, actions);
    take(actions);
  }

  void cancel() {
    std::vector<Action> actions;
    gather_.cancelled(now_, actions);
    take(actions);
  }

  std::vector<std::string> started, cancelled;
  std::map<std::string, std::vector<Identifier>> asked_with;
  int finishes = 0;
  std::vector<Instant> armed;

  std::map<std::string, Outcome> results() {
    std::map<std::string, Outcome> results;
    for (auto& result : gather_.take_results()) results[name(result.section)] = result.outcome;
    return results;
  }

  const std::vector<Conflict>& conflicts() const { return gather_.conflicts(); }

 private:
  std::string name(std::size_t section) const { return catalog_->sections()[section].name; }

  void take(const std::vector<Action>& actions) {
    for (const auto& action : actions) switch (action.kind) {
      case Action::Kind::start:
        started.push_back(name(action.section));
        asked_with[started.back()] = action.identifiers;
        break;
      case Action::Kind::cancel:
        cancelled.push_back(name(action.section));
        break;
      case Action::Kind::arm:
        armed.push_back(action.at);
        break;
      case Action::Kind::finish:
        ++finishes;
        break;
      }
  }

  std::shared_ptr<const Catalog> catalog_;
  Gather gather_;
  Instant now_{};
};

std::shared_ptr<const Catalog> three_systems() {
  Graph graph;
  graph.connector("crm", {spec("contact", {{"email"}}, {"crm.rep"})});
  graph.connector("ledger", {spec("payments", {{"email"}})});
  graph.connector("staff", {spec("rep", {{"crm.rep"}})});
  return graph.build({"email"});
}

TEST(GatherTest, StartsEverythingThatCanStartAtOnceAndArmsTheDeadline) {
  Driven fan_out(three_systems(), {"crm.contact", "ledger.payments", "staff.rep"}, {kEmail});
  EXPECT_THAT(fan_out.started, ElementsAre("crm.contact", "ledger.payments"));
  EXPECT_THAT(fan_out.armed, ElementsAre(Instant(milliseconds(1000))));
  EXPECT_EQ(fan_out.finishes, 0);
}

TEST(GatherTest, StartsAWaiterTheMomentItsIdentifierIsKnown) {
  Driven fan_out(three_systems(), {"crm.contact", "ledger.payments", "staff.rep"}, {kEmail});
  fan_out.arrives("crm.contact", {{"crm.rep", "5", false, "crm"}});
  EXPECT_THAT(fan_out.started, ElementsAre("crm.contact", "ledger.payments", "staff.rep"));
  ASSERT_EQ(fan_out.asked_with["staff.rep"].size(), 1u);
  EXPECT_EQ(fan_out.asked_with["staff.rep"][0], (Identifier{"crm.rep", "5", false, "crm"}));
  fan_out.arrives("staff.rep");
  fan_out.arrives("ledger.payments");
  EXPECT_EQ(fan_out.finishes, 1);
}

TEST(GatherTest, HandsOverOnlyWhatASectionNeeds) {
  Driven fan_out(three_systems(), {"ledger.payments"}, {kEmail, {"phone", "+4670", true, "login"}});
  EXPECT_THAT(fan_out.asked_with["ledger.payments"], ElementsAre(kEmail));
}

TEST(GatherTest, SkipsAWaiterWhenItsIdentifierDoesNotCome) {
  Driven fan_out(three_systems(), {"crm.contact", "staff.rep"}, {kEmail});
  fan_out.arrives("crm.contact");
  EXPECT_EQ(fan_out.finishes, 1);
  auto results = fan_out.results();
  EXPECT_EQ(results["staff.rep"].status, Status::skipped);
  EXPECT_EQ(results["staff.rep"].reason, Reason::identifier_unknown);
  EXPECT_EQ(results["staff.rep"].detail, "crm.rep");
}

TEST(GatherTest, SkipsAWaiterWhenItsYielderFails) {
  Driven fan_out(three_systems(), {"staff.rep"}, {kEmail});
  EXPECT_THAT(fan_out.started, ElementsAre("crm.contact"));
  fan_out.arrives("crm.contact", {}, Status::error);
  EXPECT_EQ(fan_out.results()["staff.rep"].reason, Reason::identifier_unknown);
}

TEST(GatherTest, TimesOutWhatHasNotArrivedAndCancelsIt) {
  Driven fan_out(three_systems(), {"crm.contact", "ledger.payments", "staff.rep"}, {kEmail});
  fan_out.arrives("ledger.payments");
  fan_out.timer_at(milliseconds(999));
  EXPECT_EQ(fan_out.finishes, 0) << "a timer that fires early is armed again";
  EXPECT_EQ(fan_out.armed.size(), 2u);
  fan_out.timer_at(milliseconds(1000));
  EXPECT_EQ(fan_out.finishes, 1);
  EXPECT_THAT(fan_out.cancelled, ElementsAre("crm.contact"));
  auto results = fan_out.results();
  EXPECT_EQ(results["ledger.payments"].status, Status::ok);
  EXPECT_EQ(results["crm.contact"].status, Status::timeout);
  EXPECT_EQ(results["crm.contact"].reason, Reason::deadline);
  EXPECT_EQ(results["crm.contact"].took, milliseconds(1000));
  EXPECT_EQ(results["staff.rep"].status, Status::timeout) << "it waited for somebody who did not come";
}

TEST(GatherTest, AtTheDeadlineItDoesNotMatterWhichTimerIsFirst) {
  // The connector's own timer stands at the same time as ours: its word must not make a waiter look as if the system
  // had answered and did not know.
  Driven fan_out(three_systems(), {"crm.contact", "ledger.payments", "staff.rep"}, {kEmail});
  fan_out.time_is(milliseconds(1000));
  fan_out.arrives("crm.contact", {}, Status::timeout);
  EXPECT_EQ(fan_out.finishes, 1);
  EXPECT_THAT(fan_out.cancelled, ElementsAre("ledger.payments"));
  auto results = fan_out.results();
  EXPECT_EQ(results["staff.rep"].status, Status::timeout);
  EXPECT_EQ(results["staff.rep"].reason, Reason::deadline);
}

TEST(GatherTest, IgnoresWhatComesLateOrTwice) {
  Driven fan_out(three_systems(), {"crm.contact", "ledger.payments"}, {kEmail});
  fan_out.arrives("crm.contact");
  fan_out.arrives("crm.contact", {}, Status::error);
  fan_out.timer_at(milliseconds(1000));
  fan_out.arrives("ledger.payments");
  EXPECT_EQ(fan_out.finishes, 1);
  auto results = fan_out.results();
  EXPECT_EQ(results["crm.contact"].status, Status::ok);
  EXPECT_EQ(results["ledger.payments"].status, Status::timeout);
}

TEST(GatherTest, CancelsEverythingWhenNobodyWaitsAnyMore) {
  Driven fan_out(three_systems(), {"crm.contact", "ledger.payments", "staff.rep"}, {kEmail});
  fan_out.cancel();
  EXPECT_THAT(fan_out.cancelled, ElementsAre("crm.contact", "ledger.payments"));
  EXPECT_EQ(fan_out.finishes, 1);
}

TEST(GatherTest, FinishesWithoutSectionsThatRunOnlyForOthersOnceThoseAreDone) {
  Graph graph;
  graph.connector("a", {spec("slow", {{"email"}}, {"customer_id"})});
  graph.connector("b", {spec("quick", {{"customer_id!", "email"}})});
  graph.connector("c", {spec("other", {{"customer_id"}})});
  auto catalog = graph.build({"email"});
  Driven fan_out(catalog, {"b.quick", "c.other"}, {kEmail});
  EXPECT_THAT(fan_out.started, ElementsAre("a.slow", "b.quick"));
  fan_out.arrives("b.quick");
  fan_out.arrives("a.slow", {{"customer_id", "1", false, "a"}});
  EXPECT_EQ(fan_out.started.back(), "c.other");
}

// Two systems yield one identifier: the first declared counts, however late it is, and the other's word is reported.
std::shared_ptr<const Catalog> two_yielders() {
  Graph graph;
  graph.connector("first", {spec("a", {{"email"}}, {"customer_id"})});
  graph.connector("second", {spec("b", {{"email"}}, {"customer_id"})});
  graph.connector("shop", {spec("orders", {{"customer_id"}})});
  return graph.build({"email", "customer_id"});
}

TEST(GatherTest, WaitsForTheFirstDeclaredOfTwoYieldersAndReportsADisagreement) {
  Driven fan_out(two_yielders(), {"first.a", "second.b", "shop.orders"}, {kEmail});
  fan_out.arrives("second.b", {{"customer_id", "2", false, "second"}});
  EXPECT_THAT(fan_out.started, ElementsAre("first.a", "second.b"));
  fan_out.arrives("first.a", {{"customer_id", "1", false, "first"}});
  EXPECT_EQ(fan_out.asked_with["shop.orders"].at(0).value, "1");
  fan_out.arrives("shop.orders");
  ASSERT_EQ(fan_out.conflicts().size(), 1u);
  EXPECT_EQ(fan_out.conflicts()[0].kept, "first");
  EXPECT_EQ(fan_out.conflicts()[0].ignored, "second");
}

TEST(GatherTest, FallsBackToTheSecondYielderWhenTheFirstHasNothing) {
  Driven fan_out(two_yielders(), {"first.a", "second.b", "shop.orders"}, {kEmail});
  fan_out.arrives("second.b", {{"customer_id", "2", false, "second"}});
  fan_out.arrives("first.a", {}, Status::not_found);
  EXPECT_EQ(fan_out.asked_with["shop.orders"].at(0).value, "2");
  fan_out.arrives("shop.orders");
  EXPECT_THAT(fan_out.conflicts(), IsEmpty());
}

TEST(GatherTest, TheSessionsWordCountsBeforeAnySystems) {
  Driven fan_out(two_yielders(), {"first.a", "shop.orders"}, {kEmail, {"customer_id", "9", true, "login"}});
  EXPECT_EQ(fan_out.asked_with["shop.orders"].at(0).value, "9");
  fan_out.arrives("first.a", {{"customer_id", "1", true, "first"}});
  fan_out.arrives("shop.orders");
  ASSERT_EQ(fan_out.conflicts().size(), 1u);
  EXPECT_EQ(fan_out.conflicts()[0].kept, "login");
}

std::shared_ptr<const Catalog> needs_verified() {
  Graph graph;
  graph.connector("idp", {spec("check", {{"email"}}, {"customer_id"})});
  graph.connector("bank", {spec("account", {{"customer_id!"}})});
  return graph.build({"email", "customer_id"});
}

TEST(GatherTest, SkipsWhatNeedsAVerifiedIdentifierThatStaysUnverified) {
  Driven fan_out(needs_verified(), {"bank.account"}, {kEmail, {"customer_id", "9", false, "login"}});
  EXPECT_THAT(fan_out.started, ElementsAre("idp.check"));
  fan_out.arrives("idp.check", {{"customer_id", "9", false, "idp"}});
  EXPECT_EQ(fan_out.results()["bank.account"].reason, Reason::identifier_unverified);
}

TEST(GatherTest, ASystemThatSaysTheSameMayVerifyTheSessionsWord) {
  Driven fan_out(needs_verified(), {"bank.account"}, {kEmail, {"customer_id", "9", false, "login"}});
  fan_out.arrives("idp.check", {{"customer_id", "9", true, "idp"}});
  EXPECT_THAT(fan_out.started, ElementsAre("idp.check", "bank.account"));
}

TEST(GatherTest, ASystemThatSaysOtherwiseDoesNotReplaceTheSessionsWord) {
  Driven fan_out(needs_verified(), {"bank.account"}, {kEmail, {"customer_id", "9", false, "login"}});
  fan_out.arrives("idp.check", {{"customer_id", "8", true, "idp"}});
  EXPECT_EQ(fan_out.results()["bank.account"].reason, Reason::identifier_unverified);
  EXPECT_EQ(fan_out.conflicts().size(), 1u);
}

TEST(GatherTest, BreaksAStandstillInFavourOfWhoHasSpoken) {
  // first.a would give customer_id, but itself waits for crm.no, which needs customer_id: second.b's word must do.
  Graph graph;
  graph.connector("first", {spec("a", {{"crm.no"}}, {"customer_id"})});
  graph.connector("second", {spec("b", {{"email"}}, {"customer_id"})});
  graph.connector("crm", {spec("number", {{"customer_id"}}, {"crm.no"})});
  auto catalog = graph.build({"email"});
  ASSERT_TRUE(catalog);
  Driven fan_out(catalog, {"first.a", "second.b", "crm.number"}, {kEmail});
  EXPECT_THAT(fan_out.started, ElementsAre("second.b"));
  fan_out.arrives("second.b", {{"customer_id", "2", false, "second"}});
  EXPECT_EQ(fan_out.started.back(), "crm.number");
  fan_out.arrives("crm.number", {{"crm.no", "x", false, "crm"}});
  EXPECT_EQ(fan_out.started.back(), "first.a");
  fan_out.arrives("first.a", {{"customer_id", "1", false, "first"}});
  EXPECT_EQ(fan_out.finishes, 1);
  EXPECT_EQ(fan_out.conflicts().size(), 1u);
}

TEST(GatherTest, FinishesAtOnceWhenNothingIsAskedOrNothingCanStart) {
  Driven nothing(three_systems(), {}, {kEmail});
  EXPECT_EQ(nothing.finishes, 1);
  Driven hopeless(three_systems(), {"crm.contact", "staff.rep"}, {});
  EXPECT_EQ(hopeless.finishes, 1);
  EXPECT_THAT(hopeless.armed, IsEmpty());
  auto results = hopeless.results();
  EXPECT_EQ(results["crm.contact"].detail, "email");
  EXPECT_EQ(results["staff.rep"].reason, Reason::identifier_unknown);
}

TEST(GatherTest, AnAddressThatASystemWritesWithOtherCapitalsIsNoConflict) {
  Graph graph;
  graph.connector("crm", {spec("contact", {{"phone"}}, {"email"})});
  Driven fan_out(graph.build({"email", "phone"}), {"crm.contact"}, {kEmail, {"phone", "+46701234567", true, "login"}});
  fan_out.arrives("crm.contact", {{"email", "Leo@Example.COM", true, "crm"}});
  EXPECT_THAT(fan_out.conflicts(), IsEmpty());
}

TEST(GatherTest, AnUnverifiedWordOfTheSessionsIsNeverReplacedByAnotherValueNotEvenAVerifiedOne) {
  Graph graph;
  graph.connector("crm", {spec("contact", {{"phone"}}, {"email"})});
  graph.connector("loose", {spec("letters", {{"email"}})});
  graph.connector("strict", {spec("bills", {{"email!"}})});
  const Identifier said{"email", "ada@shop.example", false, "login"};
  Driven fan_out(graph.build({"email", "phone"}), {"crm.contact", "loose.letters", "strict.bills"},
                 {said, {"phone", "+46701234567", true, "login"}});
  fan_out.arrives("crm.contact", {{"email", "eve@shop.example", true, "crm"}});
  fan_out.arrives("loose.letters");
  EXPECT_THAT(fan_out.asked_with["loose.letters"], ElementsAre(said));
  EXPECT_FALSE(fan_out.asked_with.contains("strict.bills"));
  EXPECT_EQ(fan_out.results()["strict.bills"].reason, Reason::identifier_unverified);
  ASSERT_EQ(fan_out.conflicts().size(), 1U);
  EXPECT_EQ(fan_out.conflicts()[0].kept, "login");
  EXPECT_EQ(fan_out.conflicts()[0].ignored, "crm");
}

TEST(GatherTest, ASystemThatNamesSeveralValuesYieldsNoneAndIsReported) {
  Driven fan_out(three_systems(), {"crm.contact", "staff.rep"}, {kEmail});
  Outcome outcome;
  outcome.refused.several = {"crm.rep"};
  fan_out.arrives("crm.contact", std::move(outcome));
  EXPECT_EQ(fan_out.results()["staff.rep"].reason, Reason::identifier_unknown);
  ASSERT_EQ(fan_out.conflicts().size(), 1U);
  EXPECT_EQ(fan_out.conflicts()[0].type, "crm.rep");
  EXPECT_EQ(fan_out.conflicts()[0].kept, "");
  EXPECT_EQ(fan_out.conflicts()[0].ignored, "crm");
}

TEST(GatherTest, AnAmbiguousSystemYieldsNothing) {
  Driven fan_out(three_systems(), {"crm.contact", "staff.rep"}, {kEmail});
  fan_out.arrives("crm.contact", {}, Status::ambiguous);
  auto results = fan_out.results();
  EXPECT_EQ(results["crm.contact"].status, Status::ambiguous);
  EXPECT_EQ(results["staff.rep"].reason, Reason::identifier_unknown);
}

} // namespace
} // namespace plugboard::context
