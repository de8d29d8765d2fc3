// One field of a row as JSON, by what the database says it is and what the shape wants there. Conversions are the
// query's own, save the few that SQL can't do: times, truth values in SQLite, JSON inside a column.
#pragma once

#include "plugins/sql/shape.hpp"
#include "plugins/sql/time.hpp"
#include "plugins/sql/value.hpp"

namespace plugboard::sql {

struct Misfit {
  Status status;
  std::string what; // follows the column's name: "is no time"
};

// Appends to out. Nothing is returned when all went well.
std::optional<Misfit> render(const Cell& cell, FieldType type, const TimeZone& zone, std::string& out);

} // namespace plugboard::sql
