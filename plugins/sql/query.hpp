// An operator's query with named parameters, made into what the database takes: positional parameters, so that a value
// is bound and can never become SQL. Read once, at start.
#pragma once

#include <plugboard/types.hpp>

namespace plugboard::sql {

enum class Dialect : std::uint8_t { sqlite = 1, postgres };

struct Query {
  std::string text;                    // ?1 … for SQLite, $1 … for PostgreSQL
  std::vector<std::string> parameters; // what ?1, ?2 … stand for: "email", "params.limit", "crm.rep"
  std::string first_word;              // in small letters: "select", "with"; empty when there is none

  // Where the database's complaint points, in the operator's own text: "line 2, column 14".
  std::string place(std::size_t byte_of_text) const;

  struct Shift {
    std::size_t rewritten, original;
  };

  std::vector<Shift> shifts; // where text and original part ways, ascending
  std::string original;
};

// Failure: "line 1, column 9: this string has no end".
Result<Query> parse_query(std::string_view text, Dialect dialect);

} // namespace plugboard::sql
