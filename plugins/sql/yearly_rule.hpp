// The rule by which a zone's clock is put forward and back every year, as it stands at the end of each zone's file
// ("CET-1CEST,M3.5.0,M10.5.0/3"). The files list the changes of some decades only; after those this rule holds.
// A value.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace plugboard::sql {

class YearlyRule {
 public:
  static std::optional<YearlyRule> parse(std::string_view posix);

  // Of an hour that is shown twice the first; for one that is never shown, the moment of the change.
  long long to_utc(long long local_seconds) const;

 private:
  struct Day {
    char kind = 'M'; // M: the week's-th weekday of month; J: day 1 to 365 without 29 February; N: day 0 to 365
    int month = 0, week = 0, day = 0;
    long long seconds = 7200; // of that day, on the clock before the change; may be negative or over a day
  };

  struct Change {
    long long at = 0, before = 0, after = 0; // UTC; offsets
  };
  class Reader;

  static long long moment(const Day& day, int year);
  std::vector<Change> changes_around(long long local_seconds) const;

  long long standard_ = 0, summer_ = 0; // offsets east of UTC, in seconds
  bool changes_ = false;
  std::array<Day, 2> days_; // to summer time, and back
};

} // namespace plugboard::sql
