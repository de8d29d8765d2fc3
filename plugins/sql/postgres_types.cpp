#include "plugins/sql/postgres_types.hpp"

namespace plugboard::sql {
namespace {

Cell read_cell(const PGresult* result, int row, int column) {
  if (PQgetisnull(result, row, column)) return {};
  const auto kind = kind_of(PQftype(result, column));
  if (kind == Cell::Kind::binary) return {kind, {}};
  std::string text(PQgetvalue(result, row, column), static_cast<std::size_t>(PQgetlength(result, row, column)));
  if (kind == Cell::Kind::boolean) text = text == "t" ? "true" : "false";
  return {kind, std::move(text)};
}

} // namespace

// Of the types that are built in; the numbers are PostgreSQL's for good (pg_type.dat).
Cell::Kind kind_of(Oid type) {
  switch (type) {
  case 16:
    return Cell::Kind::boolean;
  case 17:
    return Cell::Kind::binary; // bytea
  case 20:                     // int8
  case 21:                     // int2
  case 23:                     // int4
  case 26:
    return Cell::Kind::integer; // oid
  case 700:                     // float4
  case 701:
    return Cell::Kind::real; // float8
  case 1700:
    return Cell::Kind::decimal;
  case 114: // json
  case 3802:
    return Cell::Kind::json; // jsonb
  case 1082:
    return Cell::Kind::date;
  case 1114: // timestamp
  case 1184:
    return Cell::Kind::time; // timestamptz
  default:
    return Cell::Kind::text;
  }
}

std::optional<Failure> take_rows(const PGresult* result, std::size_t keep, Table& table, std::size_t& rows,
                                 std::size_t& bytes) {
  if (table.columns.empty())
    for (int i = 0; i < PQnfields(result); ++i) table.columns.emplace_back(PQfname(result, i));
  for (int row = 0; row < PQntuples(result); ++row) {
    if (++rows > kMaxRows) return Failure{Status::too_large, "more than 10,000 rows: give the query a LIMIT"};
    if (table.rows.size() >= keep) continue;
    Row cells;
    for (int i = 0; i < PQnfields(result); ++i) bytes += cells.emplace_back(read_cell(result, row, i)).text.size();
    table.rows.push_back(std::move(cells));
    if (bytes > kMaxBytes) return Failure{Status::too_large, "more than 1 MiB: give the query a LIMIT"};
  }
  return std::nullopt;
}

bool plan_vanished(const PGresult* result) {
  const char* code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string_view state = code ? code : "";
  return state == "26000" || state == "0A000"; // no such statement; "cached plan must not change result type"
}

std::size_t byte_of_character(std::string_view utf8, std::size_t position) {
  std::size_t byte = 0, character = 0;
  for (; byte < utf8.size(); ++byte)
    if ((utf8[byte] & 0xc0) != 0x80 && ++character >= position) break;
  return byte;
}

} // namespace plugboard::sql
