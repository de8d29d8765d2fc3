// Sections that are computed from others, through catalog, plan and gather.
#include "core/context/gather.hpp"
#include "tests/unit/context/graph.hpp"

#include <gmock/gmock.h>

namespace plugboard::context {
namespace {

using connector::Outcome;
using connector::Reason;
using connector::Status;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using testing::from;
using testing::Graph;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::named;
using testing::spec;

const Identifier kEmail{"email", "leo@example.com", true, "login"};
const WallTime kThen{std::chrono::hours(1000)};

// risk.score of crm.contact, ledger.payments and, if it comes, desk.tickets.
struct Shop : Graph {
  Shop() {
    connector("risk", {from("score", {"contact", "payments", "tickets?"})});
    connector("crm", {spec("contact", {{"email"}})});
    connector("ledger", {spec("payments", {{"phone"}})});
    connector("desk", {spec("tickets", {{"email"}})});
    connector("book", {spec("phone", {{"email"}}, {"phone"})});
    declarations[0].from = {{"contact", "crm.contact"}, {"payments", "ledger.payments"}, {"tickets", "desk.tickets"}};
  }
};

TEST(DerivedCatalogTest, KnowsWhatEachIsComputedFrom) {
  Shop shop;
  const auto catalog = shop.build({"email"});
  ASSERT_TRUE(catalog) << shop.faults.at(0).message;
  const auto& score = catalog->sections()[0];
  EXPECT_TRUE(score.is_derived);
  ASSERT_EQ(score.inputs.size(), 3U);
  EXPECT_EQ(score.inputs[0].name, "contact");
  EXPECT_EQ(score.inputs[0].section, 1U);
  EXPECT_FALSE(score.inputs[0].optional);
  EXPECT_TRUE(score.inputs[2].optional);
  EXPECT_FALSE(catalog->sections()[1].is_derived);
}

TEST(DerivedCatalogTest, AsksForNoLessAssuranceThanForAnyInputOverHoweverManySections) {
  Shop shop;
  shop.declarations[3].assurance = Assurance::aal2; // of the optional one
  shop.connector("sum", {from("up", {"score"})});
  shop.declarations.back().from = {{"score", "risk.score"}};
  shop.declarations.back().assurance = Assurance::asserted;
  const auto catalog = shop.build({"email"});
  ASSERT_TRUE(catalog);
  EXPECT_EQ(catalog->sections()[0].assurance, Assurance::aal2);
  EXPECT_EQ(catalog->sections()[*catalog->find("sum.up")].assurance, Assurance::aal2);
  EXPECT_EQ(catalog->sections()[1].assurance, Assurance::none);
}

TEST(DerivedCatalogTest, AnOptionalInputMayBeNobodys) {
  Shop shop;
  shop.declarations[0].from.erase("tickets");
  const auto catalog = shop.build({"email"});
  ASSERT_TRUE(catalog);
  EXPECT_EQ(catalog->sections()[0].inputs.size(), 2U);
}

std::string only_fault(Graph& graph) {
  EXPECT_FALSE(graph.build({"email"}));
  EXPECT_EQ(graph.faults.size(), 1U);
  return graph.faults.empty() ? "" : graph.faults[0].pointer + ": " + graph.faults[0].message;
}

TEST(DerivedCatalogTest, SaysWhichRequiredInputIsNotSaid) {
  Shop shop;
  shop.declarations[0].from.erase("contact");
  const auto fault = only_fault(shop);
  EXPECT_THAT(fault, HasSubstr(R"(/connectors/risk/from: risk.score is computed from "contact")"));
  EXPECT_THAT(fault, HasSubstr("of that shape there are: crm.contact"));
}

TEST(DerivedCatalogTest, SaysWhichSectionThereIsNot) {
  Shop shop;
  shop.declarations[0].from["contact"] = "crm.contcat";
  EXPECT_THAT(only_fault(shop), HasSubstr(R"(/connectors/risk/from/contact: there is no section "crm.contcat")"));
}

TEST(DerivedCatalogTest, SaysWhichSectionIsOfAnotherShape) {
  Shop shop;
  shop.declarations[1].sections[0].shape = "contact/v1";
  EXPECT_THAT(only_fault(shop), HasSubstr("/connectors/risk/from/contact: crm.contact is of shape contact/v1, and "
                                          "record/v1 is wanted"));
}

TEST(DerivedCatalogTest, SaysWhichInputNobodyAsksFor) {
  Shop shop;
  shop.declarations[0].from["orders"] = "crm.contact";
  EXPECT_THAT(only_fault(shop), HasSubstr(R"(/connectors/risk/from/orders: is no input that its plugin asks for; )"
                                          R"(those are "contact", "payments", "tickets")"));
  Graph plain;
  plain.connector("crm", {spec("contact", {{"email"}})});
  plain.declarations[0].from["contact"] = "crm.contact";
  EXPECT_THAT(only_fault(plain), HasSubstr("computes no section from others"));
}

TEST(DerivedCatalogTest, SpellsOutACycle) {
  Graph graph;
  graph.connector("a", {from("one", {"x"})});
  graph.connector("b", {from("two", {"x?"})});
  graph.connector("c", {from("three", {"x"})}); // behind it, not in it
  graph.declarations[0].from["x"] = "b.two";
  graph.declarations[1].from["x"] = "a.one";
  graph.declarations[2].from["x"] = "a.one";
  EXPECT_FALSE(graph.build({"email"}));
  ASSERT_EQ(graph.faults.size(), 2U);
  EXPECT_EQ(graph.faults[0].pointer, "/connectors/a/from");
  EXPECT_THAT(graph.faults[0].message,
              HasSubstr("a cycle: a.one is computed from b.two, which is computed from a.one"));
  EXPECT_EQ(graph.faults[1].pointer, "/connectors/b/from");
}

TEST(DerivedCatalogTest, OneThatIsComputedFromItselfIsACycleToo) {
  Graph graph;
  graph.connector("a", {from("one", {"x"})});
  graph.declarations[0].from["x"] = "a.one";
  EXPECT_THAT(only_fault(graph), HasSubstr("a cycle: a.one is computed from a.one;"));
}

TEST(DerivedCatalogTest, AnInputThatCanNeverStartIsThatSectionsFaultAlone) {
  Shop shop;
  shop.declarations[4].sections[0].yields.clear();
  EXPECT_THAT(only_fault(shop), HasSubstr("ledger.payments needs phone"));
}

TEST(DerivedCatalogTest, WhatCouldNotBeReadMayBeTheInput) {
  Shop shop;
  shop.declarations[0].from["contact"] = "lost.contact";
  EXPECT_TRUE(Catalog::build(shop.declarations, {"email"}, shop.faults, false));
  EXPECT_THAT(shop.faults, IsEmpty());
}

// One fan-out, by name, with its own time.
class Driven {
 public:
  explicit Driven(Graph& graph, const std::vector<std::string>& asked, Assurance proved = Assurance::aal1)
      : catalog_(graph.build(graph.types)), plan_(make_plan(*catalog_, named(*catalog_, asked), {kEmail}, proved)),
        gather_(catalog_, plan_, {kEmail}, Instant(milliseconds(1000))) {
    happen([this](auto& actions) { gather_.begin(now_, actions); });
  }

  void arrives(const std::string& section, Outcome outcome) {
    happen([&](auto& actions) { gather_.arrived(*catalog_->find(section), std::move(outcome), now_, actions); });
  }

  void arrives(const std::string& section, Status status = Status::ok, std::vector<Identifier> yields = {}) {
    Outcome outcome;
    outcome.status = status;
    outcome.yields = std::move(yields);
    if (status == Status::error) outcome.reason = Reason::unreachable;
    if (status == Status::ok) outcome.data = R"({"of":")" + section + "\"}";
    outcome.fetched_at = kThen;
    arrives(section, std::move(outcome));
  }

  void contact_comes_stale() {
    Outcome old;
    old.status = Status::stale;
    old.reason = Reason::unreachable;
    old.data = "{}";
    old.fetched_at = kThen - std::chrono::seconds(30);
    old.course.age = std::chrono::seconds(30);
    arrives("crm.contact", std::move(old));
  }

  void phone_is_known() { arrives("book.phone", Status::ok, {{"phone", "+4670", true, "book"}}); }

  void timer_at(milliseconds at) {
    now_ = Instant(at);
    happen([this](auto& actions) { gather_.timer(now_, actions); });
  }

  std::string inputs_of(const std::string& section) const {
    std::string said;
    for (const auto& input : started_with.at(section))
      said += input.name + "=" + std::string(input.data.view()) + (input.stale ? " stale" : "") + ";";
    return said;
  }

  SectionResult result(const std::string& section) {
    if (results_.empty()) results_ = gather_.take_results();
    for (const auto& result : results_)
      if (result.section == catalog_->find(section)) return result;
    return {};
  }

  std::vector<std::string> planned() const {
    std::vector<std::string> names;
    for (auto section : plan_.sections) names.push_back(catalog_->sections()[section].name);
    return names;
  }

  std::vector<std::string> started, cancelled;
  std::map<std::string, std::vector<connector::Input>> started_with;
  int finishes = 0;

 private:
  template <class Event>
  void happen(Event&& event) {
    std::vector<Action> actions;
    event(actions);
    for (const auto& action : actions) {
      const auto& name = catalog_->sections()[action.section].name;
      if (action.kind == Action::Kind::start) started.push_back(name), started_with[name] = action.inputs;
      if (action.kind == Action::Kind::cancel) cancelled.push_back(name);
      if (action.kind == Action::Kind::finish) ++finishes;
    }
  }

  std::shared_ptr<const Catalog> catalog_;
  Plan plan_;
  Gather gather_;
  Instant now_{};
  std::vector<SectionResult> results_;
};

TEST(DerivedPlanTest, RunsItsInputsAndWhatTheyNeedUnasked) {
  Shop shop;
  Driven fan_out(shop, {"risk.score"});
  EXPECT_THAT(fan_out.planned(),
              ElementsAre("risk.score", "crm.contact", "ledger.payments", "desk.tickets", "book.phone"));
  fan_out.timer_at(milliseconds(1000));
  EXPECT_FALSE(fan_out.result("crm.contact").asked);
}

TEST(DerivedPlanTest, RunsNoInputForWhatCannotBeComputed) {
  Shop shop;
  shop.declarations[2].assurance = Assurance::aal2; // the catalog's word, whatever the caller of the plan proved
  Driven fan_out(shop, {"risk.score"}, Assurance::aal1);
  EXPECT_THAT(fan_out.planned(), ElementsAre("risk.score"));
  EXPECT_THAT(fan_out.started, IsEmpty());
  EXPECT_EQ(fan_out.finishes, 1);
  EXPECT_EQ(fan_out.result("risk.score").outcome.reason, Reason::input_missing);
  EXPECT_EQ(fan_out.result("risk.score").outcome.detail, "payments") << "the others could be had";
}

class DerivedGatherTest : public ::testing::Test {
 protected:
  Shop shop;
  Driven fan_out{shop, {"risk.score"}};
};

TEST_F(DerivedGatherTest, StartsWhenTheLastInputHasItsOutcome) {
  EXPECT_THAT(fan_out.started, ElementsAre("crm.contact", "desk.tickets", "book.phone"));
  fan_out.arrives("crm.contact");
  fan_out.phone_is_known();
  fan_out.arrives("ledger.payments");
  EXPECT_THAT(fan_out.started, ElementsAre("crm.contact", "desk.tickets", "book.phone", "ledger.payments"));
  fan_out.arrives("desk.tickets");
  EXPECT_EQ(fan_out.started.back(), "risk.score");
  EXPECT_EQ(fan_out.inputs_of("risk.score"),
            R"(contact={"of":"crm.contact"};payments={"of":"ledger.payments"};tickets={"of":"desk.tickets"};)");
  EXPECT_EQ(fan_out.finishes, 0);
  fan_out.arrives("risk.score");
  EXPECT_EQ(fan_out.finishes, 1);
  EXPECT_EQ(fan_out.result("risk.score").outcome.status, Status::ok);
  EXPECT_EQ(fan_out.result("risk.score").outcome.course.age, Duration::zero());
}

TEST_F(DerivedGatherTest, IsComputedWithoutAnOptionalInputThatDidNotCome) {
  fan_out.arrives("crm.contact");
  fan_out.phone_is_known();
  fan_out.arrives("ledger.payments");
  fan_out.arrives("desk.tickets", Status::error);
  EXPECT_EQ(fan_out.inputs_of("risk.score"), R"(contact={"of":"crm.contact"};payments={"of":"ledger.payments"};)");
}

TEST_F(DerivedGatherTest, IsSkippedAtOnceWhenARequiredInputDidNotCome) {
  for (const auto status :
       {Status::not_found, Status::timeout, Status::error, Status::unavailable, Status::invalid, Status::ambiguous}) {
    Driven other(shop, {"risk.score"});
    other.arrives("crm.contact", status);
    EXPECT_EQ(other.finishes, 1) << name_of(status) << ": nobody need wait for the others";
    EXPECT_THAT(other.cancelled, ElementsAre("desk.tickets", "book.phone"));
    const auto score = other.result("risk.score");
    EXPECT_EQ(score.outcome.status, Status::skipped);
    EXPECT_EQ(score.outcome.reason, Reason::input_missing);
    EXPECT_EQ(score.outcome.detail, "contact") << "the plugin's word: who asks may not know of that section";
    EXPECT_FALSE(score.called);
  }
}

TEST_F(DerivedGatherTest, IsSkippedWhenAnInputIs) {
  fan_out.arrives("crm.contact");
  fan_out.arrives("book.phone"); // and it has no phone, so that the ledger can't be asked
  EXPECT_EQ(fan_out.finishes, 1);
  EXPECT_EQ(fan_out.result("risk.score").outcome.detail, "payments");
}

TEST_F(DerivedGatherTest, TimesOutWithItsInputs) {
  fan_out.arrives("crm.contact");
  fan_out.timer_at(milliseconds(1000));
  EXPECT_EQ(fan_out.finishes, 1);
  EXPECT_EQ(fan_out.result("risk.score").outcome.status, Status::timeout);
  EXPECT_EQ(fan_out.result("risk.score").outcome.reason, Reason::deadline);
}

TEST_F(DerivedGatherTest, IsAsOldAndAsStaleAsTheOldestInput) {
  fan_out.contact_comes_stale();
  fan_out.phone_is_known();
  fan_out.arrives("ledger.payments");
  fan_out.arrives("desk.tickets");
  EXPECT_THAT(fan_out.inputs_of("risk.score"), HasSubstr("contact={} stale;"));
  fan_out.arrives("risk.score");
  const auto outcome = fan_out.result("risk.score").outcome;
  EXPECT_EQ(outcome.status, Status::stale);
  EXPECT_EQ(outcome.reason, Reason::unreachable);
  EXPECT_EQ(outcome.course.age, std::chrono::seconds(30));
  EXPECT_EQ(outcome.fetched_at, kThen - std::chrono::seconds(30));
}

TEST_F(DerivedGatherTest, AFailureIsNotDatedByInputs) {
  fan_out.contact_comes_stale();
  fan_out.phone_is_known();
  fan_out.arrives("ledger.payments");
  fan_out.arrives("desk.tickets");
  fan_out.arrives("risk.score", Status::error);
  EXPECT_EQ(fan_out.result("risk.score").outcome.status, Status::error);
  EXPECT_EQ(fan_out.result("risk.score").outcome.course.age, Duration::zero());
}

TEST(DerivedChainTest, OneMayBeComputedFromAnother) {
  Graph graph;
  graph.connector("top", {from("sum", {"score"})});
  graph.connector("risk", {from("score", {"contact"})});
  graph.connector("crm", {spec("contact", {{"email"}})});
  graph.declarations[0].from["score"] = "risk.score";
  graph.declarations[1].from["contact"] = "crm.contact";
  Driven fan_out(graph, {"top.sum"});
  EXPECT_THAT(fan_out.started, ElementsAre("crm.contact"));
  fan_out.contact_comes_stale();
  fan_out.arrives("risk.score");
  EXPECT_EQ(fan_out.started.back(), "top.sum");
  EXPECT_EQ(fan_out.inputs_of("top.sum"), R"(score={"of":"risk.score"} stale;)");

  Driven without(graph, {"top.sum"});
  without.arrives("crm.contact", Status::error);
  EXPECT_EQ(without.finishes, 1);
  EXPECT_EQ(without.result("top.sum").outcome.detail, "score");
}

TEST(DerivedNeedsTest, SaysThatItLacksAnIdentifierWhereThatIsWhyNoInputWasAskedFor) {
  Graph graph;
  graph.connector("risk", {from("score", {"contact"})});
  graph.connector("crm", {spec("contact", {{"email"}})});
  graph.connector("book", {spec("phone", {{"customer_id"}}, {"phone"})}); // of which the session brings none
  graph.declarations[0].sections[0].needs = {{{"phone", false}}};
  graph.declarations[0].from["contact"] = "crm.contact";
  graph.types.push_back("customer_id");
  Driven fan_out(graph, {"risk.score", "book.phone"});
  EXPECT_THAT(fan_out.started, IsEmpty());
  EXPECT_EQ(fan_out.finishes, 1);
  EXPECT_EQ(fan_out.result("risk.score").outcome.reason, Reason::identifier_unknown);
  EXPECT_EQ(fan_out.result("risk.score").outcome.detail, "phone");
}

TEST(DerivedNeedsTest, WaitsForItsIdentifiersBesidesItsInputs) {
  Graph graph;
  graph.connector("crm", {spec("contact", {{"email"}})});
  graph.connector("book", {spec("phone", {{"email"}}, {"phone"})});
  graph.connector("risk", {from("score", {"contact"})});
  graph.declarations[2].sections[0].needs = {{{"phone", false}}};
  graph.declarations[2].from["contact"] = "crm.contact";
  Driven fan_out(graph, {"risk.score"});
  fan_out.arrives("crm.contact");
  EXPECT_THAT(fan_out.started, ElementsAre("crm.contact", "book.phone"));
  fan_out.phone_is_known();
  EXPECT_EQ(fan_out.started.back(), "risk.score");

  Driven without(graph, {"risk.score"});
  without.arrives("book.phone");
  EXPECT_EQ(without.finishes, 1);
  EXPECT_EQ(without.result("risk.score").outcome.reason, Reason::identifier_unknown);
}

} // namespace
} // namespace plugboard::context
