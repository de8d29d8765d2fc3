#include "tests/unit/context/graph.hpp"

#include <gmock/gmock.h>

namespace plugboard::context {
namespace {

using testing::Graph;
using ::testing::HasSubstr;
using testing::spec;

TEST(CatalogTest, KeepsSectionsInDeclaredOrderUnderTheirFullNames) {
  Graph graph;
  graph.connector("crm", {spec("contact", {{"email"}}), spec("notes", {{"email"}})});
  graph.connector("bank", {spec("account", {{"email"}})});
  auto catalog = graph.build({"email"});
  ASSERT_TRUE(catalog);
  ASSERT_EQ(catalog->sections().size(), 3u);
  EXPECT_EQ(catalog->sections()[2].name, "bank.account");
  EXPECT_EQ(catalog->find("crm.notes"), 1u);
  EXPECT_FALSE(catalog->find("crm.nothing"));
}

TEST(CatalogTest, AcceptsAChainOfYields) {
  Graph graph;
  graph.connector("c", {spec("last", {{"b.y"}})});
  graph.connector("b", {spec("middle", {{"a.x"}}, {"b.y"})});
  graph.connector("a", {spec("first", {{"email"}}, {"a.x"})});
  EXPECT_TRUE(graph.build({"email"}));
  EXPECT_TRUE(graph.faults.empty());
}

TEST(CatalogTest, RefusesANeedThatNobodyYieldsWithTheSectionsName) {
  Graph graph;
  graph.connector("crm", {spec("contact", {{"email"}})});
  graph.connector("ledger", {spec("payments", {{"customer_id"}})});
  EXPECT_FALSE(graph.build({"email"}));
  ASSERT_EQ(graph.faults.size(), 1u);
  EXPECT_EQ(graph.faults[0].pointer, "/connectors/ledger/config/sections/payments/needs");
  EXPECT_THAT(graph.faults[0].message, HasSubstr("ledger.payments needs customer_id"));
  EXPECT_THAT(graph.faults[0].message, HasSubstr("no section yields"));
}

TEST(CatalogTest, SpellsOutACycle) {
  Graph graph;
  graph.connector("a", {spec("one", {{"b.x"}}, {"a.x"})});
  graph.connector("b", {spec("two", {{"a.x"}}, {"b.x"})});
  EXPECT_FALSE(graph.build({"email"}));
  ASSERT_EQ(graph.faults.size(), 2u); // both are named, each with its own place
  EXPECT_THAT(graph.faults[0].message,
              HasSubstr("a cycle: a.one needs b.x, which only b.two yields; b.two needs a.x, which only a.one yields"));
}

TEST(CatalogTest, FollowsTheChainToWhereItEnds) {
  Graph graph;
  graph.connector("a", {spec("one", {{"b.x"}})});
  graph.connector("b", {spec("two", {{"phone"}}, {"b.x"})});
  EXPECT_FALSE(graph.build({"email"}));
  EXPECT_THAT(graph.faults[0].message,
              HasSubstr("a.one needs b.x, which only b.two yields; b.two needs phone, which no"));
}

TEST(CatalogTest, AcceptsACycleThatASessionCanBreak) {
  Graph graph;
  graph.connector("a", {spec("one", {{"b.x", "email"}}, {"a.x"})});
  graph.connector("b", {spec("two", {{"a.x"}}, {"b.x"})});
  EXPECT_TRUE(graph.build({"email"}));
}

TEST(CatalogTest, AnyOfAGroupWillDoButAMisspeltDottedTypeIsRefused) {
  Graph graph;
  graph.connector("crm", {spec("contact", {{"email", "phone"}})});
  EXPECT_TRUE(graph.build({"email"})) << "phone may come with another session";
  Graph slip;
  slip.connector("crm", {spec("contact", {{"email", "cmr.id"}})});
  EXPECT_FALSE(slip.build({"email"}));
  EXPECT_THAT(slip.faults.at(0).message, HasSubstr("cmr.id"));
}

TEST(CatalogTest, OfAConfigurationThatCouldNotBeReadWholeOnlyCyclesAreFaults) {
  Graph graph;
  graph.connector("a", {spec("one", {{"b.x"}}, {"a.x"}), spec("lost", {{"unread.x"}})});
  graph.connector("b", {spec("two", {{"a.x"}}, {"b.x"})});
  EXPECT_FALSE(Catalog::build(graph.declarations, {}, graph.faults, false));
  ASSERT_EQ(graph.faults.size(), 2u);
  for (const auto& fault : graph.faults) EXPECT_THAT(fault.message, HasSubstr("a cycle"));
}

TEST(CatalogTest, EveryGroupMustBeMet) {
  Graph graph;
  graph.connector("crm", {spec("contact", {{"email"}, {"customer_id"}})});
  EXPECT_FALSE(graph.build({"email"}));
}

} // namespace
} // namespace plugboard::context
