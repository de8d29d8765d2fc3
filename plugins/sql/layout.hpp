// Where each column of a query goes in the section's data: column aliases are paths into the shape. Made anew from each
// result's columns, since a database may be altered under a running hub. Values.
#pragma once

#include "plugins/sql/config.hpp"
#include "plugins/sql/value.hpp"

namespace plugboard::sql {

// A place in the data: an object, an array, one column's value, or the array that the rows fill.
struct Place {
  enum class Kind : std::uint8_t { object = 1, array, column, rows };
  Kind kind = Kind::object;
  std::string name; // in its parent
  std::size_t column = 0;
  FieldType type = FieldType::any;
  std::vector<Place> children;
};

struct Layout {
  struct Yielded {
    const YieldColumn* yield;
    std::size_t column;
  };

  struct Echoed { // a member of the whole that must be an identifier of the request
    std::size_t column;
    const EchoField* echo;
  };

  Place whole;                   // what stands once
  Place row;                     // what stands once a row; unused when one row is the whole
  std::vector<std::size_t> once; // columns of `whole` of a shape with many rows: all rows must agree on them
  std::vector<Yielded> yields;
  std::vector<Echoed> echoed;
};

// Failure: what is wrong with which column. section must outlive the layout.
Result<Layout> lay_out(const SectionConfig& section, const std::vector<std::string>& columns);

} // namespace plugboard::sql
