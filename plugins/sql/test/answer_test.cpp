#include "plugins/sql/answer.hpp"

#include <plugboard/shapes.hpp>
#include <plugboard/testkit/conversation.hpp>

#include <gmock/gmock.h>

namespace plugboard::sql {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using Kind = Cell::Kind;

SectionConfig section(std::string_view shape) {
  SectionConfig made;
  made.name = "contact";
  made.shape = std::make_shared<const Shape>(shape_json(shape));
  made.empty = made.shape->many() ? WhenEmpty::ok : WhenEmpty::not_found;
  return made;
}

class AnswerTest : public testing::Test {
 protected:
  Result<Section> answer(const SectionConfig& of, const Table& table) {
    testkit::Conversation conversation(PLUGBOARD_LOOKUP, {.identifiers = {{"customer_id", "7"}}});
    const Request request(conversation.request(), nullptr, {});
    return make_answer(of, zone, table, request);
  }

  std::string data(const SectionConfig& of, const Table& table) {
    auto made = answer(of, table);
    if (!made) ADD_FAILURE() << made.failure().message;
    return made ? made->data : "";
  }

  Failure failure(const SectionConfig& of, const Table& table) {
    auto made = answer(of, table);
    if (made) ADD_FAILURE() << "it answered " << made->data;
    return made ? Failure{} : made.failure();
  }

  TimeZone zone;
};

TEST_F(AnswerTest, PutsColumnsWhereTheirAliasesPoint) {
  const Table table{
      {"customer_id", "address.city", "emails.1.address", "emails.0.address", "/name"},
      {{{Kind::text, "7"}, {Kind::text, "Köln"}, {Kind::text, "b@x"}, {Kind::text, "a@x"}, {Kind::text, "A"}}}};
  EXPECT_EQ(
      data(section("contact/v1"), table),
      R"({"customer_id":"7","address":{"city":"Köln"},"emails":[{"address":"a@x"},{"address":"b@x"}],"name":"A"})");
}

TEST_F(AnswerTest, LeavesOutWhatIsNull) {
  const Table table{{"customer_id", "address.city", "emails.0.address", "emails.1.address"},
                    {{{Kind::text, "7"}, {}, {}, {Kind::text, "b@x"}}}};
  EXPECT_EQ(data(section("contact/v1"), table), R"({"customer_id":"7","emails":[{"address":"b@x"}]})");
}

TEST_F(AnswerTest, FillsTheShapesArrayWithRows) {
  const Table table{
      {"id", "total.amount_minor", "/customer_id"},
      {{{Kind::text, "a"}, {Kind::integer, "199"}, {Kind::text, "7"}}, {{Kind::text, "b"}, {}, {Kind::text, "7"}}}};
  EXPECT_EQ(data(section("orders/v1"), table),
            R"({"orders":[{"id":"a","total":{"amount_minor":199}},{"id":"b"}],"customer_id":"7"})");
}

TEST_F(AnswerTest, SaysThatThereIsNothingWhereManyCouldBe) {
  EXPECT_EQ(data(section("orders/v1"), {{"id"}, {}}), R"({"orders":[]})");
}

TEST_F(AnswerTest, NamesWhomAnEmptyListIsAbout) {
  auto orders = section("orders/v1");
  orders.echo.push_back({{"customer_id"}, "/customer_id", "customer_id"});
  EXPECT_EQ(data(orders, {{"id", "/customer_id"}, {}}), R"({"orders":[],"customer_id":"7"})");
}

TEST_F(AnswerTest, NeverPutsTheQuestionIntoARecordThatCame) {
  auto orders = section("orders/v1");
  orders.echo.push_back({{"customer_id"}, "/customer_id", "customer_id"});
  EXPECT_EQ(data(orders, {{"id", "/customer_id"}, {{{Kind::text, "a"}, {Kind::text, "8"}}}}),
            R"({"orders":[{"id":"a"}],"customer_id":"8"})");
}

TEST_F(AnswerTest, KnowsNobodyWithoutARow) {
  EXPECT_EQ(failure(section("contact/v1"), {{"customer_id"}, {}}).status, Status::not_found);
}

TEST_F(AnswerTest, CanBeToldWhatEmptyMeans) {
  auto contact = section("contact/v1");
  contact.empty = WhenEmpty::ok;
  EXPECT_EQ(data(contact, {{"customer_id"}, {}}), "{}");
  auto orders = section("orders/v1");
  orders.empty = WhenEmpty::not_found;
  EXPECT_EQ(failure(orders, {{"id"}, {}}).status, Status::not_found);
}

TEST_F(AnswerTest, DoesNotChooseBetweenTwoRecords) {
  EXPECT_EQ(failure(section("contact/v1"), {{"customer_id"}, {{{Kind::text, "1"}}, {{Kind::text, "2"}}}}).status,
            Status::ambiguous);
}

TEST_F(AnswerTest, RefusesRowsThatDifferInWhatStandsOnce) {
  const Table table{{"id", "/customer_id"},
                    {{{Kind::text, "a"}, {Kind::text, "7"}}, {{Kind::text, "b"}, {Kind::text, "8"}}}};
  EXPECT_EQ(failure(section("orders/v1"), table).status, Status::ambiguous);
}

TEST_F(AnswerTest, YieldsWithoutShowing) {
  auto contact = section("contact/v1");
  contact.yields = {{"crm.rep", "rep_id", false}, {"customer_id", "customer_id", true}};
  const Table table{{"customer_id", "rep_id"}, {{{Kind::text, "7"}, {Kind::integer, "5"}}}};
  auto made = answer(contact, table);
  ASSERT_TRUE(made) << made.failure().message;
  EXPECT_EQ(made->data, R"({"customer_id":"7"})");
  ASSERT_THAT(made->yields, SizeIs(2));
  EXPECT_EQ(made->yields[0].type + made->yields[0].value, "crm.rep5");
  EXPECT_FALSE(made->yields[0].verified);
  EXPECT_EQ(made->yields[1].type + made->yields[1].value, "customer_id7");
  EXPECT_TRUE(made->yields[1].verified);
}

TEST_F(AnswerTest, YieldsEachValueOnceAndNoNull) {
  auto orders = section("orders/v1");
  orders.yields = {{"account_id", "account", false}};
  const Table table{
      {"id", "account"},
      {{{Kind::text, "a"}, {Kind::text, "x"}}, {{Kind::text, "b"}, {}}, {{Kind::text, "c"}, {Kind::text, "x"}}}};
  auto made = answer(orders, table);
  ASSERT_TRUE(made);
  EXPECT_THAT(made->yields, SizeIs(1));
}

TEST_F(AnswerTest, RefusesColumnsThatFitNowhere) {
  EXPECT_THAT(failure(section("contact/v1"), {{"nmae"}, {{{Kind::text, "A"}}}}).message, HasSubstr("\"nmae\""));
  EXPECT_THAT(failure(section("orders/v1"), {{"customer_id"}, {{{Kind::text, "A"}}}}).message, HasSubstr("rows"));
  EXPECT_THAT(failure(section("contact/v1"), {{"name", "name"}, {{{}, {}}}}).message, HasSubstr("two columns"));
  EXPECT_THAT(failure(section("contact/v1"), {{"address", "address.city"}, {{{}, {}}}}).message,
              HasSubstr("two columns"));
  EXPECT_THAT(failure(section("record/v1"), {{"a.b", "a.0"}, {{{}, {}}}}).message, HasSubstr("two columns"));
  EXPECT_THAT(failure(section("contact/v1"), {{"a..b"}, {{{}}}}).message, HasSubstr("a..b"));
  EXPECT_THAT(failure(section("orders/v1"), {{"id", "/orders"}, {{{}, {}}}}).message, HasSubstr("two columns"));
}

TEST_F(AnswerTest, RefusesYieldsAndEchoesOfColumnsThatAreNotThere) {
  auto contact = section("contact/v1");
  contact.yields = {{"crm.rep", "rep_id", false}};
  EXPECT_THAT(failure(contact, {{"customer_id"}, {{{Kind::text, "7"}}}}).message, HasSubstr("rep_id"));
  auto echoed = section("orders/v1");
  echoed.echo.push_back({{"orders", "*", "number"}, "/orders/*/number", "order_id"});
  EXPECT_THAT(failure(echoed, {{"id"}, {{{Kind::text, "7"}}}}).message, HasSubstr("/orders/*/number"));
  EXPECT_EQ(data(echoed, {{"number"}, {{{Kind::text, "7"}}}}), R"({"orders":[{"number":"7"}]})");
}

TEST_F(AnswerTest, WritesEachKindAsTheShapeWantsIt) {
  zone = TimeZone("Europe/Stockholm");
  const Table table{{"id", "total.amount_minor", "placed_at", "lines", "updated_at"},
                    {{{Kind::text, "a\"b"},
                      {Kind::decimal, "129900.00"},
                      {Kind::text, "2009-01-01 00:00:00"},
                      {Kind::text, R"([{"sku": "x"}])"},
                      {Kind::time, "2009-01-01 00:00:00+00"}}}};
  EXPECT_EQ(data(section("orders/v1"), table),
            R"({"orders":[{"id":"a\"b","total":{"amount_minor":129900},"placed_at":"2008-12-31T23:00:00Z",)"
            R"("lines":[{"sku": "x"}],"updated_at":"2009-01-01T00:00:00Z"}]})");
}

TEST_F(AnswerTest, KeepsNumbersExact) {
  const Table table{{"a", "b", "c", "d", "e"},
                    {{{Kind::decimal, "12345678901234567890.50"},
                      {Kind::integer, "-9223372036854775808"},
                      {Kind::real, "0.1"},
                      {Kind::boolean, "true"},
                      {Kind::json, R"({"x": 1e40})"}}}};
  EXPECT_EQ(data(section("record/v1"), table),
            R"({"a":12345678901234567890.50,"b":-9223372036854775808,"c":0.1,"d":true,"e":{"x": 1e40}})");
}

TEST_F(AnswerTest, TakesOneAndZeroForTruthWhereTruthGoes) {
  const Table table{{"customer_id", "vip", "consents.recording"},
                    {{{Kind::text, "7"}, {Kind::integer, "1"}, {Kind::integer, "0"}}}};
  EXPECT_EQ(data(section("contact/v1"), table), R"({"customer_id":"7","vip":true,"consents":{"recording":false}})");
}

TEST_F(AnswerTest, RefusesWhatCanNotBeWritten) {
  const auto record = section("record/v1");
  for (const Cell& cell :
       {Cell{Kind::text, "\xff"}, Cell{Kind::binary, ""}, Cell{Kind::json, "{"}, Cell{Kind::decimal, "NaN"},
        Cell{Kind::real, "inf"}, Cell{Kind::real, "-Infinity"}, Cell{Kind::time, "infinity"}}) {
    const auto why = failure(record, {{"a"}, {{cell}}});
    EXPECT_EQ(why.status, Status::upstream_malformed) << cell.text;
    EXPECT_THAT(why.message, HasSubstr("\"a\""));
  }
  EXPECT_EQ(failure(section("contact/v1"), {{"emails"}, {{{Kind::text, "none"}}}}).status, Status::upstream_malformed);
}

TEST_F(AnswerTest, AsksForTheTimeZoneThatATimeLacks) {
  for (auto kind : {Kind::text, Kind::time, Kind::date}) {
    const auto why = failure(section("contact/v1"), {{"customer_since"}, {{{kind, "2009-01-01"}}}});
    EXPECT_EQ(why.status, Status::failed);
    EXPECT_THAT(why.message, HasSubstr("time_zone"));
  }
  EXPECT_EQ(data(section("contact/v1"), {{"birth_date"}, {{{Kind::date, "2009-01-01"}}}}),
            R"({"birth_date":"2009-01-01"})");
}

TEST_F(AnswerTest, RefusesAnAnswerThatEscapesMadeTooLarge) {
  const Table table{{"a"}, {{{Kind::text, std::string(kMaxBytes / 2, '\n')}}}};
  EXPECT_EQ(data(section("record/v1"), {{"a"}, {{{Kind::text, std::string(kMaxBytes / 4, '\n')}}}}).size(),
            kMaxBytes / 2 + 8);
  EXPECT_EQ(failure(section("record/v1"), table).status, Status::too_large);
}

} // namespace
} // namespace plugboard::sql
