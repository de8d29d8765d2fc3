#include "core/http/http_date.hpp"

#include <ctime>
#include <string>

namespace plugboard::http {

std::optional<WallTime> read_http_date(std::string_view text) {
  const std::string whole(text);
  for (const char* form : {"%a, %d %b %Y %T GMT", "%A, %d-%b-%y %T GMT", "%a %b %d %T %Y"}) {
    std::tm told{};
    const char* end = ::strptime(whole.c_str(), form, &told);
    if (end != whole.c_str() + whole.size()) continue;
    using namespace std::chrono;
    const year_month_day day(year(told.tm_year + 1900), month(static_cast<unsigned>(told.tm_mon + 1)),
                             std::chrono::day(static_cast<unsigned>(told.tm_mday)));
    if (!day.ok() || told.tm_year < 70 || told.tm_year > 300) return std::nullopt; // beyond what nanoseconds reach
    return WallTime(sys_days(day)) + hours(told.tm_hour) + minutes(told.tm_min) + seconds(told.tm_sec);
  }
  return std::nullopt;
}

} // namespace plugboard::http
