#include "plugins/sql/query.hpp"

#include <gmock/gmock.h>

namespace plugboard::sql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Query parsed(std::string_view text, Dialect dialect) {
  auto query = parse_query(text, dialect);
  if (!query) ADD_FAILURE() << text << ": " << query.failure().message;
  return query ? *query : Query{};
}

std::string fault(std::string_view text, Dialect dialect) {
  auto query = parse_query(text, dialect);
  return query ? "" : query.failure().message;
}

TEST(QueryTest, NumbersItsParametersByName) {
  const auto query = parsed("SELECT a FROM t WHERE b = :email OR c = :crm.rep OR d=:email", Dialect::postgres);
  EXPECT_THAT(query.parameters, ElementsAre("email", "crm.rep"));
  EXPECT_EQ(query.text, "SELECT a FROM t WHERE b =  $1  OR c =  $2  OR d= $1 ");
}

TEST(QueryTest, WritesQuestionMarksForSqlite) {
  EXPECT_EQ(parsed("SELECT :email, :params.limit", Dialect::sqlite).text, "SELECT  ?1 ,  ?2 ");
}

TEST(QueryTest, KeepsAParameterApartFromTheWordBeforeIt) {
  EXPECT_EQ(parsed("SELECT 1 LIMIT:params.n", Dialect::postgres).text, "SELECT 1 LIMIT $1 ");
}

TEST(QueryTest, TakesOneDotIntoAName) {
  const auto query = parsed("SELECT :crm.rep.x, :a. b, :params.1", Dialect::postgres);
  EXPECT_THAT(query.parameters, ElementsAre("crm.rep", "a", "params"));
}

TEST(QueryTest, LeavesStringsNamesAndCommentsAlone) {
  for (auto dialect : {Dialect::sqlite, Dialect::postgres})
    for (const char* text :
         {"SELECT ':email'", "SELECT 'it''s :email'", R"(SELECT 1 AS ":email")", R"(SELECT 1 AS "a"":email")",
          "SELECT 1 -- :email\n", "SELECT 1 /* :email */", "SELECT 1 -- :email", "SELECT x':email'"}) {
      const auto query = parsed(text, dialect);
      EXPECT_THAT(query.parameters, IsEmpty()) << text;
      EXPECT_EQ(query.text, text);
    }
}

TEST(QueryTest, KnowsTheQuotesThatOnlySqliteHas) {
  EXPECT_THAT(parsed("SELECT [a:email], `b:email`", Dialect::sqlite).parameters, IsEmpty());
  EXPECT_THAT(parsed("SELECT a[:params.i]", Dialect::postgres).parameters, ElementsAre("params.i"));
}

TEST(QueryTest, KnowsTheStringsThatOnlyPostgresHas) {
  for (const char* text : {R"(SELECT E'\':email')", R"(SELECT e'\\\':email''')", "SELECT E'a'\n'\\':email'",
                           "SELECT E'a' -- more\n '\\':email'", "SELECT $$:email$$", "SELECT $a$ $$ :email $b$ $a$",
                           "SELECT $ä$:email$ä$", "SELECT /* /* */ :email */ 1", "SELECT B':email'"})
    EXPECT_THAT(parsed(text, Dialect::postgres).parameters, IsEmpty()) << text;
}

TEST(QueryTest, EndsAnEscapeStringWhereItEnds) {
  EXPECT_THAT(parsed(R"(SELECT E'\\', :email)", Dialect::postgres).parameters, ElementsAre("email"));
  EXPECT_THAT(parsed(R"(SELECT E'a' '\', :email)", Dialect::postgres).parameters, ElementsAre("email"));
  EXPECT_THAT(parsed(R"(SELECT '\', :email)", Dialect::postgres).parameters, ElementsAre("email"));
  EXPECT_THAT(parsed(R"(SELECT the'\', :email)", Dialect::postgres).parameters, ElementsAre("email"));
}

TEST(QueryTest, KnowsCommentsThatDoNotNestInSqlite) {
  EXPECT_THAT(parsed("SELECT /* /* */ :email", Dialect::sqlite).parameters, ElementsAre("email"));
}

TEST(QueryTest, LeavesCastsAndNamedArgumentsAlone) {
  const auto query =
      parsed("SELECT f(a := 1), x::text, :email::text, :params.d::date, a[1:2], a[b: c]", Dialect::postgres);
  EXPECT_THAT(query.parameters, ElementsAre("email", "params.d"));
  EXPECT_THAT(query.text, HasSubstr("x::text"));
}

TEST(QueryTest, TakesADollarInsideAWordForPartOfIt) {
  EXPECT_THAT(parsed("SELECT a$b$ , :email, c$b$", Dialect::postgres).parameters, ElementsAre("email"));
}

TEST(QueryTest, RefusesPositionalParameters) {
  EXPECT_THAT(fault("SELECT $1", Dialect::postgres), HasSubstr("by name"));
  for (const char* text : {"SELECT ?", "SELECT ?1", "SELECT @email", "SELECT $email"})
    EXPECT_THAT(fault(text, Dialect::sqlite), HasSubstr("line 1, column 8")) << text;
  EXPECT_EQ(fault("SELECT a ? 'b', c @> d, e #> f", Dialect::postgres), "");
}

TEST(QueryTest, SaysWhereSomethingHasNoEnd) {
  EXPECT_EQ(fault("SELECT 1,\n  'abc", Dialect::sqlite), "line 2, column 3: this string has no end");
  EXPECT_THAT(fault("SELECT \"abc", Dialect::postgres), HasSubstr("quoted name has no end"));
  EXPECT_THAT(fault("SELECT /* abc", Dialect::sqlite), HasSubstr("comment has no end"));
  EXPECT_THAT(fault("SELECT $a$ abc $b$", Dialect::postgres), HasSubstr("$a$ string has no end"));
  EXPECT_THAT(fault("SELECT E'abc\\'", Dialect::postgres), HasSubstr("string has no end"));
  EXPECT_THAT(fault("SELECT E'abc\\", Dialect::postgres), HasSubstr("string has no end"));
  EXPECT_THAT(fault("SELECT [abc", Dialect::sqlite), HasSubstr("quoted name has no end"));
  EXPECT_THAT(fault(std::string_view("SELECT \0", 8), Dialect::sqlite), HasSubstr("NUL"));
}

TEST(QueryTest, LeadsAComplaintBackToTheOriginalText) {
  const std::string text = "SELECT :email,\n  :params.limit, oops";
  const auto query = parsed(text, Dialect::postgres);
  EXPECT_EQ(query.place(query.text.find("oops")), "line 2, column 18");
  EXPECT_EQ(query.place(query.text.find("SELECT")), "line 1, column 1");
  EXPECT_EQ(query.place(query.text.find("$2")), "line 2, column 3");
  EXPECT_EQ(query.place(100'000), "line 2, column 22");
}

TEST(QueryTest, CountsColumnsInCharacters) {
  const auto query = parsed("SELECT 'äöü', oops", Dialect::postgres);
  EXPECT_EQ(query.place(query.text.find("oops")), "line 1, column 15");
}

TEST(QueryTest, KnowsItsFirstWord) {
  EXPECT_EQ(parsed("/* a */ -- b\n (Select 1)", Dialect::postgres).first_word, "select");
  EXPECT_EQ(parsed("", Dialect::postgres).first_word, "");
}

} // namespace
} // namespace plugboard::sql
