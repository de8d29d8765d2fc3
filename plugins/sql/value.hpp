// What goes into a query and what comes out of it, the same for every database. Values.
#pragma once

#include <plugboard/types.hpp>

#include <stop_token>

namespace plugboard::sql {

using Clock = std::chrono::steady_clock;

// Bound to a parameter. Numbers are kept as the text they were sent as.
struct Value {
  enum class Kind : std::uint8_t { null = 1, boolean, number, text };
  Kind kind = Kind::null;
  std::string text; // "true", "12", "abc"
};

// One field of one row.
struct Cell {
  enum class Kind : std::uint8_t {
    null = 1,
    boolean, // "true" | "false"
    integer,
    decimal, // exact: "12.50"
    real,
    text,
    json,
    date,  // "2009-01-01"
    time,  // with or without an offset
    binary // not shown
  };
  Kind kind = Kind::null;
  std::string text;
};

using Row = std::vector<Cell>; // in the order of the columns

struct Table {
  std::vector<std::string> columns;
  std::vector<Row> rows;
};

// What an answer may be at most; more is a query that forgot its WHERE or its LIMIT.
inline constexpr std::size_t kMaxRows = 10'000;
inline constexpr std::size_t kMaxBytes = 1 << 20;

// One run of one section's query.
struct Ask {
  std::size_t section; // its place in the configuration
  const std::vector<Value>& values;
  Clock::time_point deadline; // the caller's; the statement timeout may end it sooner
  std::stop_token stop;
  std::size_t keep_rows; // further ones are counted only
};

} // namespace plugboard::sql
