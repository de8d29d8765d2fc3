#include "core/context/plan.hpp"
#include "tests/unit/context/graph.hpp"

#include <gmock/gmock.h>

namespace plugboard::context {
namespace {

using ::testing::ElementsAre;
using testing::Graph;
using testing::named;
using testing::spec;

const Identifier kEmail{"email", "leo@example.com", true, "login"};

TEST(PlanTest, RunsWhatIsAskedInDeclaredOrder) {
  Graph graph;
  graph.connector("a", {spec("one", {{"email"}}), spec("two", {{"email"}}), spec("three", {{"email"}})});
  auto catalog = graph.build({"email"});
  auto plan = make_plan(*catalog, named(*catalog, {"a.three", "a.one"}), {kEmail}, Assurance::aal1);
  EXPECT_THAT(plan.sections, ElementsAre(0, 2));
  EXPECT_THAT(plan.asked, ElementsAre(true, true));
}

TEST(PlanTest, AddsTheSectionsThatYieldWhatIsLacking) {
  Graph graph;
  graph.connector("a", {spec("first", {{"email"}}, {"a.x"})});
  graph.connector("b", {spec("middle", {{"a.x"}}, {"b.y"})});
  graph.connector("c", {spec("last", {{"b.y"}})});
  auto catalog = graph.build({"email"});
  auto plan = make_plan(*catalog, named(*catalog, {"c.last"}), {kEmail}, Assurance::aal1);
  EXPECT_THAT(plan.sections, ElementsAre(0, 1, 2));
  EXPECT_THAT(plan.asked, ElementsAre(false, false, true));
}

TEST(PlanTest, AsksNobodyForWhatTheSessionBrings) {
  Graph graph;
  graph.connector("a", {spec("first", {{"email"}}, {"customer_id"})});
  graph.connector("b", {spec("orders", {{"customer_id"}})});
  auto catalog = graph.build({"email", "customer_id"});
  auto plan = make_plan(*catalog, named(*catalog, {"b.orders"}), {kEmail, {"customer_id", "17", false, "login"}},
                        Assurance::aal1);
  EXPECT_THAT(plan.sections, ElementsAre(1));
}

TEST(PlanTest, AsksAYielderWhenOnlyAnUnverifiedValueIsThereAndAVerifiedOneIsNeeded) {
  Graph graph;
  graph.connector("a", {spec("first", {{"email"}}, {"customer_id"})});
  graph.connector("b", {spec("orders", {{"customer_id!"}})});
  auto catalog = graph.build({"email", "customer_id"});
  auto plan = make_plan(*catalog, named(*catalog, {"b.orders"}), {kEmail, {"customer_id", "17", false, "login"}},
                        Assurance::aal1);
  EXPECT_THAT(plan.sections, ElementsAre(0, 1));
}

TEST(PlanTest, TakesTheFirstDeclaredYielderThatCanStart) {
  Graph graph;
  graph.connector("a", {spec("by_phone", {{"phone"}}, {"customer_id"})});
  graph.connector("b", {spec("by_email", {{"email"}}, {"customer_id"})});
  graph.connector("c", {spec("also", {{"email"}}, {"customer_id"})});
  graph.connector("d", {spec("orders", {{"customer_id"}})});
  auto catalog = graph.build({"email", "phone"});
  auto plan = make_plan(*catalog, named(*catalog, {"d.orders"}), {kEmail}, Assurance::aal1);
  EXPECT_THAT(plan.sections, ElementsAre(1, 3));
}

TEST(PlanTest, KeepsASectionThatCannotStartSoThatItCanBeReported) {
  Graph graph;
  graph.connector("a", {spec("by_phone", {{"phone"}})});
  auto catalog = graph.build({"phone"});
  auto plan = make_plan(*catalog, named(*catalog, {"a.by_phone"}), {kEmail}, Assurance::aal1);
  EXPECT_THAT(plan.sections, ElementsAre(0));
}

TEST(PlanTest, NeverRunsASectionForWhatItYieldsBelowItsConnectorsAssurance) {
  Graph graph;
  graph.connector("vault", {spec("person", {{"email"}}, {"customer_id"})});
  graph.declarations.back().assurance = Assurance::aal2;
  graph.connector("shop", {spec("orders", {{"customer_id"}})});
  auto catalog = graph.build({"email"});
  auto weak = make_plan(*catalog, named(*catalog, {"shop.orders"}), {kEmail}, Assurance::aal1);
  EXPECT_THAT(weak.sections, ElementsAre(1)) << "it will say what it lacks";
  auto strong = make_plan(*catalog, named(*catalog, {"shop.orders"}), {kEmail}, Assurance::aal2);
  EXPECT_THAT(strong.sections, ElementsAre(0, 1));
}

TEST(PlanTest, ALaterYielderTakesThePlaceOfOneThatTheSessionIsTooWeakFor) {
  Graph graph;
  graph.connector("vault", {spec("person", {{"email"}}, {"customer_id"})});
  graph.declarations.back().assurance = Assurance::aal3;
  graph.connector("crm", {spec("contact", {{"email"}}, {"customer_id"})});
  graph.connector("shop", {spec("orders", {{"customer_id"}})});
  auto catalog = graph.build({"email"});
  auto plan = make_plan(*catalog, named(*catalog, {"shop.orders"}), {kEmail}, Assurance::aal2);
  EXPECT_THAT(plan.sections, ElementsAre(1, 2));
}

TEST(PlanTest, AChainOfYieldersEndsWhereTheSessionIsTooWeak) {
  Graph graph;
  graph.connector("a", {spec("first", {{"email"}}, {"a.x"})});
  graph.connector("b", {spec("middle", {{"a.x"}}, {"b.y"})});
  graph.declarations.back().assurance = Assurance::aal2;
  graph.connector("c", {spec("last", {{"b.y"}})});
  auto catalog = graph.build({"email"});
  auto plan = make_plan(*catalog, named(*catalog, {"c.last"}), {kEmail}, Assurance::aal1);
  EXPECT_THAT(plan.sections, ElementsAre(2)) << "nobody is asked for what leads nowhere";
}

} // namespace
} // namespace plugboard::context
