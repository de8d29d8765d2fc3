#include "plugins/rest/times.hpp"

#include <array>
#include <cstdio>
#include <vector>

namespace plugboard::rest {

namespace {

using namespace std::chrono;

std::optional<int> number(std::string_view text) {
  if (text.empty() || text.size() > 4) return std::nullopt;
  int value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<sys_days> day_of(std::optional<int> y, std::optional<int> m, std::optional<int> d) {
  if (!y || !m || !d) return std::nullopt;
  year_month_day date{year(*y), month(static_cast<unsigned>(*m)), day(static_cast<unsigned>(*d))};
  if (!date.ok()) return std::nullopt;
  return sys_days(date);
}

// "YYYY-MM-DD" at the start of the text.
std::optional<sys_days> leading_date(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  return day_of(number(text.substr(0, 4)), number(text.substr(5, 2)), number(text.substr(8, 2)));
}

// "hh:mm:ss"; 60 seconds only in the last minute of a day, which the caller knows.
std::optional<seconds> time_of_day(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  auto h = number(text.substr(0, 2)), m = number(text.substr(3, 2)), s = number(text.substr(6, 2));
  if (!h || !m || !s || *h > 23 || *m > 59 || *s > 60) return std::nullopt;
  return hours(*h) + minutes(*m) + seconds(*s);
}

std::optional<std::string> format_seconds(sys_seconds at) {
  auto days = floor<std::chrono::days>(at);
  year_month_day date(days);
  int y = static_cast<int>(date.year());
  if (y < 0 || y > 9999) return std::nullopt;
  hh_mm_ss clock(at - days);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", y, static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return std::string(text.data());
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  while (true) {
    auto begin = text.find_first_not_of(" ,-");
    if (begin == text.npos) return found;
    auto end = std::min(text.find_first_of(" ,-", begin), text.size());
    found.push_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
}

std::optional<int> month_number(std::string_view name) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  auto at = name.size() == 3 ? kMonths.find(name) : kMonths.npos;
  if (at == kMonths.npos || at % 3 != 0) return std::nullopt;
  return static_cast<int>(at / 3) + 1;
}

// A year of two digits: never more than fifty years ahead (RFC 9110).
int full_year(int two_digits, sys_seconds now) {
  int this_year = static_cast<int>(year_month_day(floor<std::chrono::days>(now)).year());
  int candidate = this_year - this_year % 100 + two_digits;
  return candidate > this_year + 50 ? candidate - 100 : candidate;
}

} // namespace

std::optional<std::string> format_utc(std::int64_t microseconds_since_1970) {
  sys_time<microseconds> at{microseconds(microseconds_since_1970)};
  auto whole = floor<seconds>(at);
  auto text = format_seconds(whole);
  if (!text) return std::nullopt;
  auto rest = static_cast<int>((at - whole).count());
  std::array<char, 16> fraction{};
  if (rest % 1000 != 0)
    std::snprintf(fraction.data(), fraction.size(), ".%06d", rest);
  else if (rest != 0)
    std::snprintf(fraction.data(), fraction.size(), ".%03d", rest / 1000);
  return *text + fraction.data() + "Z";
}

std::optional<std::string> read_date(std::string_view text) {
  if (!leading_date(text)) return std::nullopt;
  if (text.size() > 10 && text[10] != 'T' && text[10] != 't' && text[10] != ' ') return std::nullopt;
  return std::string(text.substr(0, 10));
}

std::optional<int> read_offset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  auto h = number(text.substr(1, 2)), m = number(text.substr(4, 2));
  if (!h || !m || *h > 23 || *m > 59) return std::nullopt;
  int east = *h * 60 + *m;
  return text[0] == '-' ? -east : east;
}

std::optional<std::string> read_date_time(std::string_view text, std::optional<int> offset_minutes) {
  auto day = leading_date(text);
  if (!day || text.size() < 19 || (text[10] != 'T' && text[10] != 't' && text[10] != ' ')) return std::nullopt;
  auto time = time_of_day(text.substr(11, 8));
  if (!time) return std::nullopt;
  bool leap = text.substr(17, 2) == "60";
  text.remove_prefix(19);
  std::string_view fraction;
  if (!text.empty() && text[0] == '.') {
    auto end = std::min(text.find_first_not_of("0123456789", 1), text.size());
    if (end < 2 || end > 10) return std::nullopt;
    fraction = text.substr(0, end);
    text.remove_prefix(end);
  }
  auto offset = text.empty() ? offset_minutes : read_offset(text);
  if (!offset) return std::nullopt;
  auto at = sys_seconds(*day) + *time - minutes(*offset);
  if (leap && at != floor<std::chrono::days>(at)) return std::nullopt;
  auto utc = format_seconds(at);
  if (!utc) return std::nullopt;
  return *utc + std::string(fraction) + "Z";
}

std::optional<sys_seconds> read_http_date(std::string_view text, sys_seconds now) {
  auto w = words(text);
  std::optional<int> y, d;
  std::string_view month_name, clock;
  if (w.size() == 6 && w[5] == "GMT") { // Sun, 06 Nov 1994 08:49:37 GMT; Sunday, 06-Nov-94 08:49:37 GMT
    d = number(w[1]), month_name = w[2], y = number(w[3]), clock = w[4];
    if (y && w[3].size() == 2) y = full_year(*y, now);
  } else if (w.size() == 5) { // Sun Nov  6 08:49:37 1994
    d = number(w[2]), month_name = w[1], y = number(w[4]), clock = w[3];
  }
  auto day = day_of(y, month_number(month_name), d);
  auto time = time_of_day(clock);
  if (!day || !time) return std::nullopt;
  return sys_seconds(*day) + *time;
}

} // namespace plugboard::rest
