// The tokenizer against thousands of made-up queries: what was put in as a parameter, and only that, comes out as one;
// and a real SQLite reads the rewritten query as the pieces were meant.
#include "plugins/sql/query.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <random>

namespace plugboard::sql {
namespace {

struct Piece {
  std::string text;
  std::string parameter; // not empty: it is one
};

using Random = std::mt19937;

template <class T>
const T& any_of(const std::vector<T>& from, Random& random) {
  return from[std::uniform_int_distribution<std::size_t>(0, from.size() - 1)(random)];
}

// Text full of what could mislead a tokenizer.
std::string noise(Random& random, const std::string& without) {
  static const std::vector<std::string> parts{":email", ":params.x", "'",  "\"", "--", "/*", "*/", "$$",
                                              "$a$",    "::",        "\\", "ä",  " ",  "\n", "`",  "[",
                                              "]",      "?",         "E'", ":",  "1",  "x"};
  std::string text;
  for (int i = std::uniform_int_distribution<int>(0, 6)(random); i > 0; --i) text += any_of(parts, random);
  for (char c : without)
    for (auto at = text.find(c); at != std::string::npos; at = text.find(c)) text.erase(at, 1);
  return text;
}

std::string doubled(std::string text, char quote) {
  for (std::size_t at = 0; (at = text.find(quote, at)) != std::string::npos; at += 2) text.insert(at, 1, quote);
  return quote + text + quote;
}

std::string escaped(const std::string& text) {
  std::string out = "E'";
  for (char c : text) out += (c == '\'' || c == '\\') ? std::string("\\") + c : std::string(1, c);
  return out + "'";
}

Piece make_piece(Random& random, Dialect dialect) {
  static const std::vector<std::string> names{"email", "crm.rep", "params.limit", "tenant", "a_1"};
  switch (std::uniform_int_distribution<int>(0, 7)(random)) {
  case 0: {
    const auto& name = any_of(names, random);
    return {":" + name, name};
  }
  case 1:
    return {doubled(noise(random, ""), '\''), ""};
  case 2:
    return {doubled(noise(random, ""), '"'), ""};
  case 3:
    return {"--" + noise(random, "\n") + "\n", ""};
  case 4:
    return {"/*" + noise(random, "*/") + "*/", ""};
  case 5:
    return {any_of<std::string>({"x::text", "a1", "1.5e3", "(", ")", ",", "||", "e"}, random), ""};
  case 6:
    return dialect == Dialect::postgres ? Piece{"$t$" + noise(random, "$") + "$t$", ""}
                                        : Piece{"[" + noise(random, "]") + "]", ""};
  default:
    return dialect == Dialect::postgres ? Piece{escaped(noise(random, "")), ""}
                                        : Piece{doubled(noise(random, ""), '`'), ""};
  }
}

class QueryPropertyTest : public testing::TestWithParam<Dialect> {};

TEST_P(QueryPropertyTest, FindsExactlyTheParametersThatWerePutIn) {
  Random random(20261122);
  for (int round = 0; round < 20'000; ++round) {
    std::string text, expected;
    std::vector<std::string> names;
    for (int i = std::uniform_int_distribution<int>(0, 8)(random); i > 0; --i) {
      const auto piece = make_piece(random, GetParam());
      // Something that is no blank stands between, so that no two pieces become one.
      text += piece.text + " , ";
      if (piece.parameter.empty()) {
        expected += piece.text + " , ";
        continue;
      }
      auto known = std::find(names.begin(), names.end(), piece.parameter);
      expected += std::string(" ") + (GetParam() == Dialect::sqlite ? "?" : "$") +
                  std::to_string(known - names.begin() + 1) + "  , ";
      if (known == names.end()) names.push_back(piece.parameter);
    }
    auto query = parse_query(text, GetParam());
    ASSERT_TRUE(query) << text << "\n" << query.failure().message;
    ASSERT_EQ(query->parameters, names) << text;
    ASSERT_EQ(query->text, expected) << text;
  }
}

TEST_P(QueryPropertyTest, TakesAnyBytesWithoutHarm) {
  Random random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string text = noise(random, "") + noise(random, "") + noise(random, "");
    for (int i = std::uniform_int_distribution<int>(0, 2)(random); i > 0 && !text.empty(); --i)
      text[random() % text.size()] = static_cast<char>(random());
    auto query = parse_query(text, GetParam());
    if (query) {
      EXPECT_GE(query->text.size() + 40, text.size() / 20);
      static_cast<void>(query->place(random() % (text.size() + 1)));
    } else {
      EXPECT_EQ(query.failure().message.rfind("line ", 0), 0U);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Dialects, QueryPropertyTest, testing::Values(Dialect::sqlite, Dialect::postgres),
                         [](const auto& of) { return of.param == Dialect::sqlite ? "Sqlite" : "Postgres"; });

TEST(QueryPropertyTest, MeansToSqliteWhatItMeansToUs) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(":memory:", &database), SQLITE_OK);
  Random random(42);
  for (int round = 0; round < 3'000; ++round) {
    std::string text = "SELECT ";
    std::vector<std::string> values; // what each column must be
    for (int i = 0; i < 4; ++i) {
      const auto literal = noise(random, "");
      const bool bound = random() % 2 == 0;
      text += (i ? "," : "") + ("/*" + noise(random, "*/") + "*/") + (bound ? ":params.p" : doubled(literal, '\'')) +
              "--" + noise(random, "\n") + "\n";
      values.push_back(bound ? "BOUND" : literal);
    }
    auto query = parse_query(text, Dialect::sqlite);
    ASSERT_TRUE(query) << text;
    sqlite3_stmt* statement = nullptr;
    ASSERT_EQ(sqlite3_prepare_v2(database, query->text.c_str(), -1, &statement, nullptr), SQLITE_OK) << text;
    ASSERT_EQ(sqlite3_bind_parameter_count(statement), static_cast<int>(query->parameters.size()));
    if (!query->parameters.empty()) sqlite3_bind_text(statement, 1, "BOUND", -1, SQLITE_STATIC);
    ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW);
    for (int i = 0; i < 4; ++i)
      ASSERT_EQ(reinterpret_cast<const char*>(sqlite3_column_text(statement, i)), values[static_cast<std::size_t>(i)])
          << text;
    sqlite3_finalize(statement);
  }
  sqlite3_close(database);
}

} // namespace
} // namespace plugboard::sql
