#include "core/connector/examine.hpp"

#include <plugboard/shapes.hpp>

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

class ExamineTest : public ::testing::Test {
 protected:
  ExamineTest() : contact(json::Shape::compile(shape_json("contact/v1")).value()) {
    section.echo = {{"/customer_id", "customer_id"}};
    section.yields = {"customer_id", "crm.rep"};
    reply.status = PLUGBOARD_OK;
    reply.data = R"({"customer_id":"42"})";
  }

  Outcome examine() { return examine_lookup(reply, {"crm", section, contact, asked, rules}, reader, why); }

  std::string ended(std::int32_t status) {
    reply.status = status;
    const Outcome outcome = examine();
    return std::string(name_of(outcome.status)) + "/" + std::string(name_of(outcome.reason));
  }

  std::string ended_with(std::string data, bool verbatim = false) {
    reply.data = std::move(data);
    reply.verbatim = verbatim;
    return ended(PLUGBOARD_OK);
  }

  SectionSpec section;
  json::Shape contact;
  std::vector<Identifier> asked{{"customer_id", "42", true, "login"}};
  IdentifierRules rules{{"guest-*"}};
  json::Reader reader;
  Reply reply;
  std::string why;
};

TEST_F(ExamineTest, AGoodAnswerPassesAsItIs) {
  reply.data = R"({"customer_id" : "42", "name" : "Ada"})";
  const Outcome outcome = examine();
  EXPECT_EQ(outcome.status, Status::ok);
  EXPECT_EQ(outcome.reason, Reason::none);
  EXPECT_EQ(outcome.data, R"({"customer_id" : "42", "name" : "Ada"})") << "the bytes as they came";
}

TEST_F(ExamineTest, WhatTheShapeDoesNotKnowIsCutOut) {
  reply.data = R"({"customer_id":"42","password_hash":"x"})";
  EXPECT_EQ(examine().data, R"({"customer_id":"42"})");
}

TEST_F(ExamineTest, EachStatusHasTheContractsWords) {
  EXPECT_EQ(ended(PLUGBOARD_NOT_FOUND), "not_found/none");
  EXPECT_EQ(ended(PLUGBOARD_AMBIGUOUS), "ambiguous/none");
  EXPECT_EQ(ended(PLUGBOARD_TIMEOUT), "timeout/connector_timeout");
  EXPECT_EQ(ended(PLUGBOARD_CANCELLED), "timeout/connector_timeout");
  EXPECT_EQ(ended(PLUGBOARD_UPSTREAM_REFUSED), "error/upstream_refused");
  EXPECT_EQ(ended(PLUGBOARD_UPSTREAM_UNAUTHORIZED), "error/upstream_unauthorized");
  EXPECT_EQ(ended(PLUGBOARD_UPSTREAM_RATE_LIMITED), "error/upstream_rate_limited");
  EXPECT_EQ(ended(PLUGBOARD_UPSTREAM_FAILED), "error/upstream_failed");
  EXPECT_EQ(ended(PLUGBOARD_UPSTREAM_MALFORMED), "error/upstream_malformed");
  EXPECT_EQ(ended(PLUGBOARD_UNREACHABLE), "error/unreachable");
  EXPECT_EQ(ended(PLUGBOARD_EGRESS_DENIED), "error/egress_denied");
  EXPECT_EQ(ended(PLUGBOARD_TOO_LARGE), "invalid/too_large");
  EXPECT_EQ(ended(PLUGBOARD_BUSY), "unavailable/overloaded");
  EXPECT_EQ(ended(PLUGBOARD_FAILED), "error/plugin_failed");
  EXPECT_EQ(ended(PLUGBOARD_INTERNAL), "error/plugin_failed");
  EXPECT_EQ(ended(PLUGBOARD_UNSUPPORTED), "error/plugin_failed");
  EXPECT_EQ(ended(PLUGBOARD_ABANDONED), "invalid/plugin_protocol");
  EXPECT_EQ(ended(PLUGBOARD_REJECTED), "invalid/plugin_protocol");
  EXPECT_EQ(ended(0), "invalid/plugin_protocol");
  EXPECT_EQ(ended(4711), "invalid/plugin_protocol");
}

TEST_F(ExamineTest, SaysWhenToTryAgain) {
  reply.status = PLUGBOARD_UPSTREAM_RATE_LIMITED;
  reply.retry_after = std::chrono::seconds(30);
  EXPECT_EQ(examine().retry_after, std::chrono::seconds(30));
}

TEST_F(ExamineTest, WhatIsNoStrictJsonIsThePluginsFault) {
  for (const char* data : {"", "<html>", "{\"customer_id\":\"42\"", "{\"a\":1,\"a\":2}", "{\"a\":\"\xff\"}", "[]", "7",
                           "{\"a\":\"\\ud800\"}", "{} {}", "null"})
    EXPECT_EQ(ended_with(data), "invalid/plugin_protocol") << data;
}

TEST_F(ExamineTest, UnlessItsBytesAreAnUpstreamsOwn) {
  EXPECT_EQ(ended_with("<html>", true), "error/upstream_malformed");
  EXPECT_EQ(ended_with("[]", true), "error/upstream_malformed");
  EXPECT_EQ(ended_with("{\"a\":1,\"a\":2}", true), "error/upstream_malformed");
  EXPECT_EQ(ended_with("{}", true), "invalid/shape");
}

TEST_F(ExamineTest, TooDeepIsRefused) {
  EXPECT_EQ(ended_with(std::string(100'000, '[')), "invalid/plugin_protocol");
}

TEST_F(ExamineTest, TheShapesFaultIsNamedByItsPointer) {
  reply.data = R"({"customer_id":42})";
  const Outcome outcome = examine();
  EXPECT_EQ(outcome.reason, Reason::shape);
  EXPECT_NE(outcome.detail.find("/customer_id"), std::string::npos);
}

TEST_F(ExamineTest, AnotherCustomersRecordIsRefusedWithoutItsValue) {
  reply.data = R"({"customer_id":"secret-43"})";
  const Outcome outcome = examine();
  EXPECT_EQ(outcome.status, Status::invalid);
  EXPECT_EQ(outcome.reason, Reason::wrong_customer);
  EXPECT_NE(outcome.detail.find("/customer_id"), std::string::npos);
  EXPECT_EQ(outcome.detail.find("secret-43"), std::string::npos);
  EXPECT_EQ(outcome.data, "");
}

TEST_F(ExamineTest, YieldsAreTakenWithTheConnectorAsTheirSource) {
  reply.identifiers = {{"customer_id", "42", true, "forged"}, {".rep", "3", false, ""}};
  const Outcome outcome = examine();
  ASSERT_EQ(outcome.status, Status::ok) << outcome.detail;
  EXPECT_EQ(outcome.yields,
            (std::vector<Identifier>{{"customer_id", "42", true, "crm"}, {"crm.rep", "3", false, "crm"}}));
}

TEST_F(ExamineTest, UndeclaredLongAndGarbledYieldsBreakTheContract) {
  const Identifier wrong[] = {{"email", "a@b.example", false, ""},
                              {"other.rep", "3", false, ""},
                              {"customer_id", std::string(513, 'x'), false, ""},
                              {"customer_id", "\xff", false, ""}};
  for (const Identifier& one : wrong) {
    reply.identifiers = {one};
    EXPECT_EQ(ended(PLUGBOARD_OK), "invalid/plugin_protocol") << one.type;
  }
  reply.identifiers = {{"crm.rep", std::string(512, 'x'), false, ""}};
  EXPECT_EQ(ended(PLUGBOARD_OK), "ok/none");
}

TEST_F(ExamineTest, ValuesThatStandForNobodyAreDropped) {
  reply.identifiers = {{"customer_id", "null", true, ""},      {"customer_id", "-1", true, ""},
                       {"customer_id", "Anonymous", true, ""}, {"customer_id", "undefined", true, ""},
                       {"customer_id", "", true, ""},          {"customer_id", " ", true, ""},
                       {"customer_id", "Guest-7", true, ""},   {"customer_id", "null-1", true, ""}};
  const Outcome outcome = examine();
  ASSERT_EQ(outcome.status, Status::ok);
  ASSERT_EQ(outcome.yields.size(), 1U);
  EXPECT_EQ(outcome.yields[0].value, "null-1");
  EXPECT_EQ(outcome.refused.nobody, 7U);
}

TEST_F(ExamineTest, ValuesAreBroughtIntoTheirTypesFormOrNotTaken) {
  section.yields = {"email", "phone"};
  reply.identifiers = {{"email", " Ada@Shop.example\t", true, ""}, {"phone", "0046 (70) 123-45 67", false, ""}};
  EXPECT_EQ(examine().yields, (std::vector<Identifier>{{"email", "Ada@Shop.example", true, "crm"},
                                                       {"phone", "+46701234567", false, "crm"}}));
  reply.identifiers = {{"email", "ada at shop", true, ""}, {"phone", "070-123 45 67", false, ""}};
  const Outcome outcome = examine();
  EXPECT_EQ(outcome.status, Status::ok) << "a number that is not kept well is no reason to hide the rest";
  EXPECT_TRUE(outcome.yields.empty());
  EXPECT_EQ(outcome.refused.malformed, 2U);
}

TEST_F(ExamineTest, OfSeveralValuesOfOneTypeNoneIsTaken) {
  reply.identifiers = {{"customer_id", "42", true, ""},  {".rep", "3", false, ""},
                       {"customer_id", "43", true, ""},  {"customer_id", "42", true, ""},
                       {"customer_id", "44", false, ""}, {".rep", "3", true, ""}};
  const Outcome outcome = examine();
  EXPECT_EQ(outcome.status, Status::ok);
  EXPECT_EQ(outcome.yields, (std::vector<Identifier>{{"crm.rep", "3", true, "crm"}})) << "said twice is said once";
  EXPECT_EQ(outcome.refused.several, (std::vector<std::string>{"customer_id"}));
}

TEST_F(ExamineTest, OneAddressWrittenTwoWaysIsOneValue) {
  section.yields = {"email"};
  reply.identifiers = {{"email", "Ada@shop.example", true, ""}, {"email", "ada@SHOP.example", false, ""}};
  EXPECT_EQ(examine().yields, (std::vector<Identifier>{{"email", "Ada@shop.example", true, "crm"}}));
}

TEST_F(ExamineTest, RubbishAndTooMuchAreToldApart) {
  reply.garbage = "the reply is null";
  EXPECT_EQ(ended(PLUGBOARD_OK), "invalid/plugin_protocol");
  EXPECT_EQ(why, "the reply is null");
  reply.garbage.clear();
  reply.too_large = true;
  EXPECT_EQ(ended(PLUGBOARD_OK), "invalid/too_large");
}

TEST_F(ExamineTest, ThePluginsMessageIsNotShownToCallers) {
  reply.message = "password for db is hunter2";
  reply.status = PLUGBOARD_FAILED;
  EXPECT_EQ(examine().detail.find("hunter2"), std::string::npos);
}

} // namespace
} // namespace plugboard::connector
