// Dates and times in the few forms that other systems write them: RFC 3339, Unix time, HTTP-date. Pure functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plugboard::rest {

// RFC 3339 in UTC, with three or six decimals when there are any. Nothing outside the years 0000 to 9999.
std::optional<std::string> format_utc(std::int64_t microseconds_since_1970);

// "2026-01-31", alone or before a "T" or a space, as "2026-01-31". Nothing when it is no day of the calendar.
std::optional<std::string> read_date(std::string_view text);

// An RFC 3339 time as the same instant in UTC, its decimals kept. `offset_minutes` is taken when it carries no offset.
std::optional<std::string> read_date_time(std::string_view text, std::optional<int> offset_minutes);

// "Z", "+01:00", "-09:30" in minutes east of UTC.
std::optional<int> read_offset(std::string_view text);

// The three forms of RFC 9110, 5.6.7. `now` decides the century of a year of two digits.
std::optional<std::chrono::sys_seconds> read_http_date(std::string_view text, std::chrono::sys_seconds now);

} // namespace plugboard::rest
