// The connector through its C table, on a real PostgreSQL server: what it answers while all is well.
#include "plugins/sql/test/server.hpp"

namespace plugboard::sql {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class PostgresTest : public WithServer {};

TEST_F(PostgresTest, AnswersWithTheRecord) {
  const auto query =
      section("SELECT id::text AS customer_id, name, email AS \\\"emails.0.address\\\", since AS customer_since, vip, "
              "rep AS rep_id FROM customer WHERE email = :email",
              "contact/v1", R"("yields": {"crm.rep": {"column": "rep_id", "verified": true}}, )");
  const auto answer = ask(config(query, R"("time_zone": "Europe/Stockholm", )"), ada);
  EXPECT_EQ(answer.status, Status::ok) << answer.message;
  EXPECT_EQ(answer.data, R"({"customer_id":"1","name":"Ada","emails":[{"address":"ada@x"}],)"
                         R"("customer_since":"2009-06-30T22:00:00Z","vip":true})");
  ASSERT_THAT(answer.identifiers, SizeIs(1));
  EXPECT_EQ(answer.identifiers[0].value, "5");
  EXPECT_TRUE(answer.identifiers[0].verified);
}

TEST_F(PostgresTest, AnswersWithManyRows) {
  const auto query = section(
      "SELECT id, total * 100 AS \\\"total.amount_minor\\\", 'SEK' AS \\\"total.currency\\\", placed AS placed_at "
      "FROM purchase WHERE customer = :customer_id AND (:params.since::timestamptz IS NULL OR placed >= :params.since) "
      "ORDER BY id LIMIT :params.limit",
      "orders/v1");
  testkit::Running running(host, testkit::connector<Connector>(), config(query));
  const std::vector<testkit::Given> one{{"customer_id", "1"}};
  const std::string a =
      R"({"id":"a","total":{"amount_minor":198,"currency":"SEK"},"placed_at":"2008-12-31T23:00:00Z"})";
  const std::string b = R"({"id":"b","total":{"amount_minor":500,"currency":"SEK"}})";
  EXPECT_EQ(running.lookup({.identifiers = one}).wait().data, R"({"orders":[)" + a + "," + b + "]}");
  EXPECT_EQ(running.lookup({.identifiers = one, .params = R"({"limit": 1})"}).wait().data, R"({"orders":[)" + a + "]}");
  EXPECT_EQ(running.lookup({.identifiers = one, .params = R"({"since": "2008-01-01"})"}).wait().data,
            R"({"orders":[)" + a + "]}");
  EXPECT_EQ(running.lookup({.identifiers = {{"customer_id", "99"}}}).wait().data, R"({"orders":[]})");
}

TEST_F(PostgresTest, TellsNobodyFromSeveral) {
  testkit::Running running(host, testkit::connector<Connector>(), config(by_email));
  EXPECT_EQ(running.lookup({.identifiers = {{"email", "eve@x"}}}).wait().status, Status::not_found);
  EXPECT_EQ(running.lookup({.identifiers = {{"email", "bob@x"}}}).wait().status, Status::ambiguous);
  EXPECT_EQ(running.lookup(ada).wait().status, Status::ok);
}

TEST_F(PostgresTest, WritesEachTypeAsJson) {
  const auto query = section(
      "SELECT 1::int2 AS a, '-9223372036854775808'::int8 AS b, 1.50::numeric AS c, 0.1::float8 AS d, 1e300::float8 AS "
      "e, "
      "true AS f, "
      "'{\\\"x\\\": [1]}'::jsonb AS g, '2009-01-01'::date AS h, '2009-01-01 12:00:00.25+05:30'::timestamptz AS i, "
      "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid AS j, NULL AS k, 'it''s :email' AS l, interval '90 min' AS m, "
      ":params.p AS n",
      "record/v1");
  const auto answer = ask(config(query), {.params = R"({"p": "ä\"b"})"});
  EXPECT_EQ(
      answer.data,
      R"({"a":1,"b":-9223372036854775808,"c":1.50,"d":0.1,"e":1e+300,"f":true,"g":{"x": [1]},"h":"2009-01-01",)"
      R"("i":"2009-01-01T06:30:00.25Z","j":"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11","l":"it's :email","m":"PT1H30M","n":"ä\"b"})")
      << answer.message;
}

TEST_F(PostgresTest, RefusesWhatJsonCanNotHold) {
  for (const char* value : {"'NaN'::float8", "'Infinity'::numeric", "'infinity'::timestamptz", "'x'::bytea"})
    EXPECT_EQ(ask(config(section(std::string("SELECT ") + value + " AS a", "record/v1")), {}).status,
              Status::upstream_malformed)
        << value;
}

TEST_F(PostgresTest, AsksForTheTimeZoneThatATimestampLacks) {
  const auto answer = ask(config(section("SELECT since AS customer_since FROM customer WHERE email = :email")), ada);
  EXPECT_EQ(answer.status, Status::failed);
  EXPECT_THAT(answer.message, AllOf(HasSubstr("section contact"), HasSubstr("time_zone"), HasSubstr("customer_since")));
}

TEST_F(PostgresTest, TakesAnIdentifierForAValueWhateverStandsInIt) {
  testkit::Running running(host, testkit::connector<Connector>(), config(by_email));
  for (const char* value : {"' OR 1=1 --", "x'; DROP TABLE customer; --", "\\' OR 1=1 --", "$1", ":email", "$$ OR true",
                            "%", "{}", "ada@x' OR ''='"})
    EXPECT_EQ(running.lookup({.identifiers = {{"email", value}}}).wait().status, Status::not_found) << value;
  EXPECT_EQ(running.lookup({.identifiers = {{"email", std::string("ada@x\0x", 7)}}}).wait().status, Status::failed);
  EXPECT_EQ(server->run("SELECT count(*) FROM customer").at(0).at(0), "3");
}

TEST_F(PostgresTest, SaysThatAValueHasNotTheTypeAndNotTheValue) {
  const auto query = section("SELECT name, id::text AS customer_id FROM customer WHERE id = :customer_id");
  const auto answer = ask(config(query), {.identifiers = {{"customer_id", "secret"}}});
  EXPECT_EQ(answer.status, Status::upstream_failed);
  EXPECT_THAT(answer.message, AllOf(HasSubstr("section contact"), HasSubstr("22P02"), Not(HasSubstr("secret"))));
}

TEST_F(PostgresTest, SaysHowToGiveAParameterAType) {
  EXPECT_THAT(refused(config(section("SELECT name FROM customer WHERE :params.since IS NULL"))),
              HasSubstr(":params.since::date"));
}

TEST_F(PostgresTest, RefusesAtStartWhatCanNotBeRead) {
  const auto broken =
      refused(config(section("SELECT id::text AS customer_id, :email AS company,\\n nmae AS name FROM customer")));
  EXPECT_THAT(broken, AllOf(HasSubstr("/sections/contact/query"), HasSubstr("line 2, column 2"), HasSubstr("nmae"),
                            HasSubstr("42703")));
  EXPECT_THAT(refused(config(section("SELECT FROM WHERE"))), HasSubstr("42601"));
  EXPECT_THAT(refused(config(section("SELECT 1 AS customer_id; SELECT 2"))), HasSubstr("42601"));
  EXPECT_THAT(refused(config(section("SELECT 1 AS id FROM nowhere"))), HasSubstr("nowhere"));
  EXPECT_THAT(refused(config(section("SELECT name AS naem FROM customer"))), HasSubstr("\"naem\" is no member"));
  EXPECT_THAT(refused(config(section("SELECT"))), HasSubstr("no columns"));
  EXPECT_THAT(refused(config(section("INSERT INTO customer(id) VALUES (9) RETURNING name"))),
              HasSubstr("must be one statement that reads"));
}

TEST_F(PostgresTest, WritesNothingWhateverTheQuerySays) {
  server->run("GRANT ALL ON ALL TABLES IN SCHEMA public TO shop; CREATE FUNCTION sly() RETURNS text LANGUAGE sql AS "
              "$$ INSERT INTO customer(id) VALUES (77) RETURNING id::text $$");
  for (const char* query :
       {"WITH new AS (INSERT INTO customer(id) VALUES (99) RETURNING name) SELECT 'x' AS customer_id, name FROM new",
        "SELECT sly() AS customer_id", "SELECT id::text AS customer_id FROM customer FOR UPDATE"}) {
    const auto answer = ask(config(section(query)), {});
    EXPECT_EQ(answer.status, Status::upstream_failed) << query;
    EXPECT_THAT(answer.message, HasSubstr("25006"));
  }
  EXPECT_EQ(server->run("SELECT count(*) FROM customer").at(0).at(0), "3");
}

TEST_F(PostgresTest, SaysThatItMayNotRead) {
  EXPECT_EQ(ask(config(section("SELECT id AS customer_id FROM hidden")), {}).status, Status::upstream_unauthorized);
}

TEST_F(PostgresTest, RefusesTooManyRowsAndTooManyBytes) {
  const auto text =
      config(section("SELECT generate_series(1, :params.n)::text AS id", "orders/v1"), R"("pool": {"max": 1}, )");
  testkit::Running running(host, testkit::connector<Connector>(), text);
  EXPECT_EQ(running.lookup({.params = R"({"n": 10000})"}).wait().status, Status::ok);
  EXPECT_EQ(running.lookup({.params = R"({"n": 2000000000})"}).wait().status, Status::too_large);
  EXPECT_EQ(running.lookup({.params = R"({"n": 1})"}).wait().status, Status::ok);
  const auto bytes =
      config(section("SELECT repeat('x', 10000) AS id FROM generate_series(1, :params.n) i", "orders/v1"));
  EXPECT_EQ(ask(bytes, {.params = R"({"n": 100})"}).status, Status::ok);
  EXPECT_EQ(ask(bytes, {.params = R"({"n": 200})"}).status, Status::too_large);
}

TEST_F(PostgresTest, KeepsToItsPool) {
  testkit::Running running(host, testkit::connector<Connector>(),
                           config(section("SELECT pg_sleep(0.05)::text AS customer_id"), R"("pool": {"max": 3}, )"));
  std::vector<testkit::Asked> asked;
  asked.reserve(12);
  for (int i = 0; i < 12; ++i) asked.push_back(running.lookup_in_background({}));
  for (auto& each : asked) EXPECT_EQ(each.wait().status, Status::ok);
  EXPECT_EQ(activity("count(*)"), "3");
}

TEST_F(PostgresTest, FollowsATableThatIsAltered) {
  testkit::Running running(
      host, testkit::connector<Connector>(),
      config(section("SELECT * FROM (SELECT name FROM customer WHERE email = :email) c"), R"("pool": {"max": 1}, )"));
  EXPECT_EQ(running.lookup(ada).wait().data, R"({"name":"Ada"})");
  server->run("ALTER TABLE customer ALTER COLUMN name TYPE varchar(40)");
  EXPECT_EQ(running.lookup(ada).wait().data, R"({"name":"Ada"})");
}

TEST_F(PostgresTest, TakesNoNoticeOfTheServersSettings) {
  server->run(
      "ALTER ROLE shop SET DateStyle = 'SQL, DMY'; ALTER ROLE shop SET TimeZone = 'Asia/Tokyo';"
      "ALTER ROLE shop SET default_transaction_read_only = off; ALTER ROLE shop SET standard_conforming_strings = off");
  const auto answer =
      ask(config(section("SELECT placed AS placed_at, '\\\\' AS id FROM purchase WHERE id = 'a' AND 'x' = :params.x",
                         "orders/v1")),
          {.params = R"({"x": "x"})"});
  EXPECT_EQ(answer.data, R"({"orders":[{"placed_at":"2008-12-31T23:00:00Z","id":"\\"}]})") << answer.message;
}

} // namespace
} // namespace plugboard::sql
