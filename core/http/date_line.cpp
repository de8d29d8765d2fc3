#include "core/http/date_line.hpp"

#include <array>
#include <cstdio>

namespace plugboard::http {

std::string http_date(WallTime time) {
  using namespace std::chrono;
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(time - day));
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT", kDays.at(weekday(day).c_encoding()),
                static_cast<unsigned>(date.day()), kMonths.at(static_cast<unsigned>(date.month()) - 1),
                static_cast<int>(date.year()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return text.data();
}

std::string_view DateLine::get() {
  const auto wall = clock_.wall();
  const auto second = std::chrono::floor<std::chrono::seconds>(wall.time_since_epoch()).count();
  if (second != second_) {
    second_ = second;
    line_ = "Date: " + http_date(wall) + "\r\n";
  }
  return line_;
}

} // namespace plugboard::http
