// What a plugin may answer when it is asked for all that its system holds about a customer, or to erase it.
#include "core/connector/examine.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

class SubjectTest : public ::testing::Test {
 protected:
  Subject examine(Right right, std::string data, std::int32_t status = PLUGBOARD_OK) {
    reply.status = status;
    reply.data = std::move(data);
    return examine_subject(reply, right, reader, why);
  }

  Reason reason_of(Right right, std::string data, std::int32_t status = PLUGBOARD_OK) {
    const Subject answer = examine(right, std::move(data), status);
    return answer ? Reason::none : answer.error().outcome.reason;
  }

  json::Reader reader;
  Reply reply;
  std::string why;
};

TEST_F(SubjectTest, AnExportIsAnyStrictObjectAsItCame) {
  const std::string data = R"({ "orders": [1, {"a": null}], "name": "Ada" })";
  ASSERT_TRUE(examine(Right::export_data, data)) << why;
  EXPECT_EQ(examine(Right::export_data, data)->data, data);
  EXPECT_TRUE(examine(Right::export_data, "{}"));
  for (const char* wrong : {"", "[]", "7", "{", R"({"a":1,"a":2})", "{} {}"})
    EXPECT_EQ(reason_of(Right::export_data, wrong), Reason::plugin_protocol) << wrong;
  reply.verbatim = true;
  EXPECT_EQ(reason_of(Right::export_data, "<html>"), Reason::upstream_malformed) << "it said that it never read it";
}

TEST_F(SubjectTest, AnErasureSaysHowManyAreGoneAndWhatStaysAndWhy) {
  const Subject erased =
      examine(Right::erase, R"({"erased":12,"kept":[{"what":"invoices","why":"tax law"},{"what":"b","why":"c"}]})");
  ASSERT_TRUE(erased) << why;
  EXPECT_EQ(erased->erased, 12U);
  ASSERT_EQ(erased->kept.size(), 2U);
  EXPECT_EQ(erased->kept[0].what, "invoices");
  EXPECT_EQ(erased->kept[0].why, "tax law");
  EXPECT_TRUE(examine(Right::erase, R"({"erased":0})"));
  const std::string long_words = R"({"erased":1,"kept":[{"what":")" + std::string(513, 'x') + R"(","why":"y"}]})";
  for (const std::string& wrong :
       {std::string("{}"), std::string(R"({"erased":-1})"), std::string(R"({"erased":"all"})"),
        std::string(R"({"erased":1,"more":1})"), std::string(R"({"erased":1,"kept":{}})"),
        std::string(R"({"erased":1,"kept":["invoices"]})"), std::string(R"({"erased":1,"kept":[{"what":"a"}]})"),
        std::string(R"({"erased":1,"kept":[{"what":"a","why":""}]})"),
        std::string(R"({"erased":1,"kept":[{"what":"a","why":"b","who":"c"}]})"), long_words})
    EXPECT_EQ(reason_of(Right::erase, wrong), Reason::plugin_protocol) << wrong.substr(0, 80);
}

TEST_F(SubjectTest, WhoIsNotKnownIsNoFailure) {
  const Subject nobody = examine(Right::erase, "", PLUGBOARD_NOT_FOUND);
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().outcome.status, Status::not_found);
  EXPECT_EQ(nobody.error().outcome.reason, Reason::none);
}

TEST_F(SubjectTest, NeitherProvesAnythingNorGivesIdentifiers) {
  EXPECT_EQ(reason_of(Right::export_data, "{}", PLUGBOARD_CONTINUE), Reason::plugin_protocol);
  EXPECT_EQ(reason_of(Right::export_data, "", PLUGBOARD_REJECTED), Reason::plugin_protocol);
  EXPECT_EQ(reason_of(Right::erase, "", PLUGBOARD_UNSUPPORTED), Reason::plugin_failed);
  reply.identifiers = {{"email", "a@b.example", true, ""}};
  EXPECT_EQ(reason_of(Right::export_data, "{}"), Reason::plugin_protocol);
}

} // namespace
} // namespace plugboard::connector
