// What PostgreSQL's answers are made of: types by their OIDs, in text format. Pure functions.
#pragma once

#include "plugins/sql/value.hpp"

#include <libpq-fe.h>

namespace plugboard::sql {

Cell::Kind kind_of(Oid type);

// The rows of one result, added to the table as far as they are to be kept. Failure: too many, too much.
std::optional<Failure> take_rows(const PGresult* result, std::size_t keep, Table& table, std::size_t& rows,
                                 std::size_t& bytes);

// The prepared statement no longer fits the tables, or is gone.
bool plan_vanished(const PGresult* result);

// PostgreSQL counts characters, from 1.
std::size_t byte_of_character(std::string_view utf8, std::size_t position);

} // namespace plugboard::sql
