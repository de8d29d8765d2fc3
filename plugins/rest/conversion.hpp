// The closed list of conversions from what a system writes to what a shape wants. Compiled from the configuration at
// create, immutable after; convert() on any thread.
#pragma once

#include "plugins/rest/problems.hpp"

namespace plugboard::rest {

struct Conversion {
  enum class To : std::uint8_t {
    as_is = 1,
    string,
    integer,
    number,
    boolean,
    minor_units,
    unix_seconds,
    unix_millis,
    date,
    date_time,
    lower,
    upper
  };

  struct Row {
    std::string from;
    Value to;
  };

  To to = To::as_is;
  int digits = 2;                    // minor_units: decimals of the currency
  std::optional<int> offset_minutes; // date_time: for times that carry none
  std::vector<Row> table;            // after `to`; empty: none
  std::optional<Value> otherwise;    // for what is not in the table
};

// Reads "as", "digits", "offset", "table" and "else".
Conversion read_conversion(Fields& fields);

struct Converted {
  std::optional<Value> value;
  std::string_view reason; // why there is none: a clause for "… at /pointer", never the value itself
};

Converted convert(const Conversion& conversion, const Value& from);

} // namespace plugboard::rest
