#include "core/connector/section_spec.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

struct Read {
  std::vector<SectionSpec> specs;
  std::vector<json::Fault> faults;
};

Read read(const char* text) {
  Read result;
  const auto document = json::read_document(text, false);
  result.specs = read_section_specs(document.tree, "/config/sections", "crm", result.faults);
  return result;
}

std::string pointers(const Read& read) {
  std::string all;
  for (const auto& fault : read.faults) all += fault.pointer + " ";
  return all;
}

TEST(SectionSpecTest, ReadsWhatASectionIsComputedFrom) {
  const auto got = read(R"({"score": {"shape": "record/v1", "needs": [["email"]],
    "from": {"contact": {"shape": "contact/v1"}, "tickets": {"shape": "tickets/v1", "optional": true}}}})");
  ASSERT_EQ(pointers(got), "");
  const SectionSpec& spec = got.specs.at(0);
  EXPECT_TRUE(spec.is_derived());
  ASSERT_EQ(spec.from.size(), 2U);
  EXPECT_EQ(spec.from[0].name, "contact");
  EXPECT_EQ(spec.from[0].shape, "contact/v1");
  EXPECT_FALSE(spec.from[0].optional);
  EXPECT_TRUE(spec.from[1].optional);
  EXPECT_EQ(spec.needs.size(), 1U);
}

TEST(SectionSpecTest, RefusesOfADerivedSectionWhatCannotBeEnforced) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("yields": ["email"], "from": {"a": {"shape": "record/v1"}})", "/config/sections/s/yields "},
      {R"("echo": {"/a": "email"}, "from": {"a": {"shape": "record/v1"}})", "/config/sections/s/echo "},
      {R"("from": {})", "/config/sections/s/from "},
      {R"("from": ["a"])", "/config/sections/s/from "},
      {R"("from": {"A": {"shape": "record/v1"}})", "/config/sections/s/from/A "},
      {R"("from": {"a": "record/v1"})", "/config/sections/s/from/a "},
      {R"("from": {"a": {}})", "/config/sections/s/from/a/shape "},
      {R"("from": {"a": {"shape": "record/v1", "optional": 1}})", "/config/sections/s/from/a/optional "},
      {R"("from": {"a": {"shape": "record/v1", "stale": true}})", "/config/sections/s/from/a/stale "},
  };
  for (const auto& [members, pointer] : cases) {
    const auto got = read((std::string(R"({"s": {"shape": "record/v1", )") + members + "}}").c_str());
    EXPECT_EQ(pointers(got), pointer) << members;
    EXPECT_TRUE(got.specs.empty()) << members;
  }
  std::string many;
  for (int i = 0; i < 33; ++i) many += (i ? "," : "") + ("\"i" + std::to_string(i)) + R"(": {"shape": "record/v1"})";
  EXPECT_EQ(pointers(read((R"({"s": {"shape": "record/v1", "from": {)" + many + "}}}").c_str())),
            "/config/sections/s/from ");
}

TEST(SectionSpecTest, AnInputIsOfOneShapeInAllSections) {
  const auto got = read(R"({"a": {"shape": "record/v1", "from": {"x": {"shape": "contact/v1"}}},
                            "b": {"shape": "record/v1", "from": {"x": {"shape": "orders/v1"}}}})");
  EXPECT_EQ(pointers(got), "/config/sections/b/from/x/shape ");
}

TEST(SectionSpecTest, ReadsAllThatASectionSays) {
  const auto got = read(R"({"contact": {"shape": "contact/v1", "description": "Who it is", "query": "SELECT 1",
    "needs": [["email", {"type": "phone", "verified": true}], [".rep"]], "yields": ["customer_id", ".rep"],
    "echo": {"/emails/*/address": "email", "/rep": "other.rep"}}})");
  ASSERT_EQ(pointers(got), "");
  ASSERT_EQ(got.specs.size(), 1U);
  const SectionSpec& spec = got.specs[0];
  EXPECT_EQ(spec.name, "contact");
  EXPECT_EQ(spec.shape, "contact/v1");
  EXPECT_EQ(spec.description, "Who it is");
  ASSERT_EQ(spec.needs.size(), 2U);
  ASSERT_EQ(spec.needs[0].size(), 2U);
  EXPECT_EQ(spec.needs[0][0].type, "email");
  EXPECT_FALSE(spec.needs[0][0].verified);
  EXPECT_EQ(spec.needs[0][1].type, "phone");
  EXPECT_TRUE(spec.needs[0][1].verified);
  EXPECT_EQ(spec.needs[1][0].type, "crm.rep");
  EXPECT_EQ(spec.yields, (std::vector<std::string>{"customer_id", "crm.rep"}));
  ASSERT_EQ(spec.echo.size(), 2U);
  EXPECT_EQ(spec.echo[0].pointer, "/emails/*/address");
  EXPECT_EQ(spec.echo[0].type, "email");
  EXPECT_TRUE(spec.echo[0].ignore_case);
  EXPECT_EQ(spec.echo[1].type, "other.rep");
  EXPECT_FALSE(spec.echo[1].ignore_case);
}

TEST(SectionSpecTest, YieldsMayBeAnObjectWhoseMembersAreTypes) {
  const auto got =
      read(R"({"a": {"shape": "record/v1", "yields": {"customer_id": "/id", ".rep": {"pointer": "/r"}}}})");
  ASSERT_EQ(pointers(got), "");
  EXPECT_EQ(got.specs.at(0).yields, (std::vector<std::string>{"customer_id", "crm.rep"}));
}

TEST(SectionSpecTest, ReportsEachFaultWithItsPointer) {
  const auto got = read(R"({"Bad": {"shape": "x/v1"}, "no_shape": {}, "list": [],
    "needs": {"shape": "x/v1", "needs": ["email", [], ["mail", {"verified": true}, {"type": "email", "verified": 1},
              {"type": "email", "verifed": true}, 7]]},
    "rest": {"shape": "x/v1", "yields": ["email", "email", ".Rep"], "echo": {"email": "email", "/a": "x.y.z"}},
    "fine": {"shape": "x/v1"}})");
  EXPECT_EQ(pointers(got), "/config/sections/Bad /config/sections/no_shape/shape /config/sections/list "
                           "/config/sections/needs/needs/0 /config/sections/needs/needs/1 "
                           "/config/sections/needs/needs/2/0 /config/sections/needs/needs/2/1 "
                           "/config/sections/needs/needs/2/2/verified /config/sections/needs/needs/2/3/verifed "
                           "/config/sections/needs/needs/2/4 "
                           "/config/sections/rest/yields/1 /config/sections/rest/yields/2 "
                           "/config/sections/rest/echo/email /config/sections/rest/echo/~1a ");
  ASSERT_EQ(got.specs.size(), 1U) << "a section with faults is left out";
  EXPECT_EQ(got.specs[0].name, "fine");
}

TEST(SectionSpecTest, AnUnknownBareTypeIsToldWhatThereIs) {
  const auto got = read(R"({"a": {"shape": "x/v1", "needs": [["mail"]]}})");
  ASSERT_EQ(got.faults.size(), 1U);
  EXPECT_NE(got.faults[0].message.find("\"mail\""), std::string::npos);
  EXPECT_NE(got.faults[0].message.find("email"), std::string::npos);
  EXPECT_NE(got.faults[0].message.find("CONNECTOR.NAME"), std::string::npos);
}

TEST(SectionSpecTest, WhatIsNoObjectIsOneFault) {
  EXPECT_EQ(pointers(read("[]")), "/config/sections ");
}

} // namespace
} // namespace plugboard::connector
