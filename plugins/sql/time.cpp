#include "plugins/sql/time.hpp"

#include <date/tz.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace plugboard::sql {
namespace {

// Reads one thing after the other; once something did not fit, nothing fits any more.
class Cursor {
 public:
  explicit Cursor(std::string_view rest) : rest_(rest) {}

  bool good() const { return good_; }

  bool done() const { return rest_.empty(); }

  bool take(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_[0]) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(std::string_view any_of) { good_ = take(any_of) && good_; }

  bool next_is(char c) const { return !rest_.empty() && rest_[0] == c; }

  int number(std::size_t digits, int low, int high) {
    auto text = digits_of(digits);
    int value = 0;
    for (char c : text) value = value * 10 + (c - '0');
    good_ = good_ && text.size() == digits && value >= low && value <= high;
    return value;
  }

  std::string_view digits_of(std::size_t at_most) {
    std::size_t size = 0;
    while (size < rest_.size() && size < at_most && rest_[size] >= '0' && rest_[size] <= '9') ++size;
    auto text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }

 private:
  std::string_view rest_;
  bool good_ = true;
};

struct Moment {
  long long seconds = 0;
  std::string_view fraction; // digits after the point, without zeros at the end
  bool has_offset = false;
  long long offset = 0;
};

void read_offset(Cursor& text, Moment& moment) {
  if (text.done()) return;
  moment.has_offset = true;
  if (text.take("Zz")) return;
  const long long sign = text.next_is('-') ? -1 : 1;
  text.expect("+-");
  long long seconds = text.number(2, 0, 23) * 3600LL;
  if (!text.done()) {
    static_cast<void>(text.take(":"));
    seconds += text.number(2, 0, 59) * 60LL;
  }
  if (text.take(":")) seconds += text.number(2, 0, 59);
  moment.offset = sign * seconds;
}

void read_clock(Cursor& text, Moment& moment) {
  moment.seconds += text.number(2, 0, 23) * 3600LL;
  text.expect(":");
  moment.seconds += text.number(2, 0, 59) * 60LL;
  if (text.take(":")) moment.seconds += text.number(2, 0, 59);
  if (text.take(".,")) {
    moment.fraction = text.digits_of(9);
    while (!moment.fraction.empty() && moment.fraction.back() == '0') moment.fraction.remove_suffix(1);
  }
  static_cast<void>(text.take(" "));
  read_offset(text, moment);
}

bool read(std::string_view whole, Moment& moment) {
  Cursor text(whole);
  const int year = text.number(4, 0, 9999);
  text.expect("-");
  const int month = text.number(2, 1, 12);
  text.expect("-");
  const int day = text.number(2, 1, 31);
  const auto ymd = date::year(year) / month / day;
  if (!text.good() || !ymd.ok()) return false;
  moment.seconds = date::local_days(ymd).time_since_epoch().count() * 86400LL;
  if (!text.done()) {
    text.expect("Tt ");
    read_clock(text, moment);
  }
  return text.good() && text.done();
}

} // namespace

TimeZone::TimeZone(const std::string& iana) {
  const auto& zones = date::get_tzdb().zones;
  auto known = std::any_of(zones.begin(), zones.end(), [&](const auto& zone) { return zone.name() == iana; });
  if (!known)
    throw std::runtime_error("there is no time zone \"" + iana + "\": write an IANA name, like \"Europe/Stockholm\"");
  zone_ = date::locate_zone(iana);
  static_cast<void>(to_utc(0)); // its rules are read now, while files can be
  std::ifstream file("/usr/share/zoneinfo/" + iana, std::ios::binary);
  for (std::string line; std::getline(file, line);) later_ = YearlyRule::parse(line); // the last line is the rule
}

long long TimeZone::to_utc(long long local_seconds) const {
  const date::local_seconds local{std::chrono::seconds(local_seconds)};
  const auto info = zone_->get_info(local);
  if (later_ && info.first.end > date::sys_days(date::year(2500) / 1 / 1)) return later_->to_utc(local_seconds);
  return zone_->to_sys(local, date::choose::earliest).time_since_epoch().count();
}

TimeFault to_rfc3339(std::string_view text, const TimeZone& zone, std::string& out) {
  Moment moment;
  if (!read(text, moment)) return TimeFault::not_a_time;
  if (!moment.has_offset && !zone.named()) return TimeFault::zone_unknown;
  const auto utc = moment.has_offset ? moment.seconds - moment.offset : zone.to_utc(moment.seconds);
  const date::sys_seconds instant{std::chrono::seconds(utc)};
  const auto day = date::floor<date::days>(instant);
  const date::year_month_day ymd(day);
  const date::hh_mm_ss clock(instant - day);
  if (ymd.year() < date::year(0) || ymd.year() > date::year(9999)) return TimeFault::not_a_time;
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(ymd.year()),
                static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  out = buffer;
  if (!moment.fraction.empty()) out.append(".").append(moment.fraction);
  out.push_back('Z');
  return TimeFault::none;
}

} // namespace plugboard::sql
