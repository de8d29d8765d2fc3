// Times as databases write them, made RFC 3339 in UTC. A time without an offset is read in the zone that the operator
// names: databases that store local times do not say which. [any thread]
#pragma once

#include "plugins/sql/yearly_rule.hpp"

#include <string>
#include <string_view>

namespace date {
class time_zone;
}

namespace plugboard::sql {

class TimeZone {
 public:
  TimeZone() = default;                       // none was named
  explicit TimeZone(const std::string& iana); // "Europe/Stockholm"; throws a sentence when there is no such zone

  bool named() const { return zone_ != nullptr; }

  // What a clock on the wall there shows, to seconds since 1970 UTC. When the clock is put back an hour is shown
  // twice: the first is taken. When it is put forward an hour is never shown: the moment of the change is taken.
  long long to_utc(long long local_seconds) const;

 private:
  const date::time_zone* zone_ = nullptr;
  std::optional<YearlyRule> later_; // what holds after the changes that the zone's file lists
};

enum class TimeFault : unsigned char { none = 1, not_a_time, zone_unknown };

// "2009-01-01", "2009-01-01 00:00:00.25", "2009-01-01T00:00:00+01:00" … to "2008-12-31T23:00:00Z".
TimeFault to_rfc3339(std::string_view text, const TimeZone& zone, std::string& out);

} // namespace plugboard::sql
