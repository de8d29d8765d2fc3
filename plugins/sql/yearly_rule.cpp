#include "plugins/sql/yearly_rule.hpp"

#include <date/date.h>

#include <algorithm>

namespace plugboard::sql {

class YearlyRule::Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool good() const { return good_; }

  bool done() const { return rest_.empty(); }

  bool take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char c) { good_ = take(c) && good_; }

  void name() { // "CET", "<-03>"
    const auto before = rest_.size();
    if (take('<')) {
      while (!rest_.empty() && rest_[0] != '>') rest_.remove_prefix(1);
      return expect('>');
    }
    while (!rest_.empty() && ((rest_[0] | 0x20) >= 'a') && ((rest_[0] | 0x20) <= 'z')) rest_.remove_prefix(1);
    good_ = good_ && before - rest_.size() >= 3;
  }

  int number(int low, int high) {
    int value = 0;
    std::size_t digits = 0;
    for (; digits < 3 && digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits)
      value = value * 10 + (rest_[digits] - '0');
    rest_.remove_prefix(digits);
    good_ = good_ && digits > 0 && value >= low && value <= high;
    return value;
  }

  long long clock() { // "[+-]h[:mm[:ss]]"
    const long long sign = take('-') ? -1 : 1;
    if (sign > 0) static_cast<void>(take('+'));
    long long seconds = number(0, 167) * 3600LL;
    if (take(':')) seconds += number(0, 59) * 60LL;
    if (take(':')) seconds += number(0, 59);
    return sign * seconds;
  }

  Day day() {
    Day day;
    if (take('M')) {
      day.month = number(1, 12);
      expect('.');
      day.week = number(1, 5);
      expect('.');
      day.day = number(0, 6);
    } else if (take('J')) {
      day.kind = 'J';
      day.day = number(1, 365);
    } else {
      day.kind = 'N';
      day.day = number(0, 365);
    }
    if (take('/')) day.seconds = clock();
    return day;
  }

 private:
  std::string_view rest_;
  bool good_ = true;
};

std::optional<YearlyRule> YearlyRule::parse(std::string_view posix) {
  Reader text(posix);
  YearlyRule rule;
  text.name();
  rule.standard_ = -text.clock(); // POSIX counts to the west
  if (text.good() && text.done()) return rule;
  text.name();
  rule.summer_ = rule.standard_ + 3600;
  if (!text.take(',')) {
    rule.summer_ = -text.clock();
    text.expect(',');
  }
  rule.changes_ = true;
  rule.days_[0] = text.day();
  text.expect(',');
  rule.days_[1] = text.day();
  return text.good() && text.done() ? std::optional(rule) : std::nullopt;
}

long long YearlyRule::moment(const Day& day, int year) {
  const date::year y(year);
  const date::month month(static_cast<unsigned>(std::max(day.month, 1)));
  const date::weekday weekday(static_cast<unsigned>(day.day % 7));
  date::local_days found = date::local_days(y / date::January / 1) + date::days(day.day);
  if (day.kind == 'M')
    found = day.week == 5 ? date::local_days(y / month / weekday[date::last])
                          : date::local_days(y / month / weekday[static_cast<unsigned>(day.week)]);
  else if (day.kind == 'J')
    found -= date::days(y.is_leap() && day.day >= 60 ? 0 : 1);
  return found.time_since_epoch().count() * 86400LL + day.seconds;
}

std::vector<YearlyRule::Change> YearlyRule::changes_around(long long local_seconds) const {
  std::vector<Change> changes;
  const auto day = date::local_days(date::days(local_seconds / 86400));
  const int year = static_cast<int>(date::year_month_day(day).year());
  for (int y = year - 1; changes_ && y <= year + 1; ++y) {
    changes.push_back({moment(days_[0], y) - standard_, standard_, summer_});
    changes.push_back({moment(days_[1], y) - summer_, summer_, standard_});
  }
  std::sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return changes;
}

long long YearlyRule::to_utc(long long local_seconds) const {
  const auto changes = changes_around(local_seconds);
  // From the earliest change on: the first stretch whose clock shows this time, or the gap that swallows it.
  for (const auto& change : changes) {
    if (local_seconds < change.at + change.before) return local_seconds - change.before;
    if (local_seconds < change.at + change.after) return change.at;
  }
  return local_seconds - (changes.empty() ? standard_ : changes.back().after);
}

} // namespace plugboard::sql
