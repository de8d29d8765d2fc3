#include "core/base/clock.hpp"

#include <optional>

namespace plugboard {
namespace {

using namespace std::chrono_literals;

// Reads digits and separators from the front; any step that does not fit makes the whole reading fail.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value * 10 + digit();
    return value;
  }

  void one_of(std::string_view characters) { fits_ = fits_ && characters.find(next()) != std::string_view::npos; }

  Duration fraction() { // ".123"; digits beyond a nanosecond are cut off
    if (text_.empty() || text_.front() != '.') return Duration::zero();
    text_.remove_prefix(1);
    Duration::rep unit = 1'000'000'000, value = 0;
    do {
      unit /= 10;
      value += digit() * unit;
    } while (fits_ && !text_.empty() && is_digit(text_.front()));
    return Duration(value);
  }

  std::chrono::minutes offset() {
    const char sign = next();
    if (sign == 'Z' || sign == 'z') return 0min;
    fits_ = fits_ && (sign == '+' || sign == '-');
    const int hours = digits(2);
    one_of(":");
    const int minutes = digits(2);
    fits_ = fits_ && hours <= 23 && minutes <= 59;
    return std::chrono::minutes((sign == '-' ? -1 : 1) * (hours * 60 + minutes));
  }

  bool ended_well() const { return fits_ && text_.empty(); }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  char next() {
    if (text_.empty()) {
      fits_ = false;
      return '\0';
    }
    const char c = text_.front();
    text_.remove_prefix(1);
    return c;
  }

  int digit() {
    const char c = next();
    fits_ = fits_ && is_digit(c);
    return fits_ ? c - '0' : 0;
  }

  std::string_view text_;
  bool fits_ = true;
};

struct Parts {
  std::chrono::year_month_day day;
  int hour = 0, minute = 0, second = 0;
  Duration fraction{};
  std::chrono::minutes offset{};
};

std::optional<Parts> scan(std::string_view text) {
  Scanner scanner(text);
  Parts parts;
  const int year = scanner.digits(4);
  scanner.one_of("-");
  const int month = scanner.digits(2);
  scanner.one_of("-");
  const int day = scanner.digits(2);
  scanner.one_of("Tt");
  parts.hour = scanner.digits(2);
  scanner.one_of(":");
  parts.minute = scanner.digits(2);
  scanner.one_of(":");
  parts.second = scanner.digits(2);
  parts.fraction = scanner.fraction();
  parts.offset = scanner.offset();
  parts.day = std::chrono::year(year) / month / day;
  const bool in_range = parts.hour <= 23 && parts.minute <= 59 && parts.second <= 60;
  if (!scanner.ended_well() || !parts.day.ok() || !in_range) return std::nullopt;
  return parts;
}

std::chrono::sys_seconds instant_of(const Parts& parts) {
  return std::chrono::sys_days(parts.day) + std::chrono::hours(parts.hour) + std::chrono::minutes(parts.minute) +
         std::chrono::seconds(parts.second) - parts.offset;
}

void put_digits(std::string& text, std::size_t at, std::size_t count, int value) {
  for (; count > 0; value /= 10) text[at + --count] = static_cast<char>('0' + value % 10);
}

} // namespace

std::string rfc3339(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::milliseconds>(time - day));
  std::string text = "0000-00-00T00:00:00.000Z";         // not by printf: this is written for every section
  put_digits(text, 0, 4, static_cast<int>(date.year())); // 1677 to 2262: what a WallTime holds
  put_digits(text, 5, 2, static_cast<int>(static_cast<unsigned>(date.month())));
  put_digits(text, 8, 2, static_cast<int>(static_cast<unsigned>(date.day())));
  put_digits(text, 11, 2, static_cast<int>(clock.hours().count()));
  put_digits(text, 14, 2, static_cast<int>(clock.minutes().count()));
  put_digits(text, 17, 2, static_cast<int>(clock.seconds().count()));
  put_digits(text, 20, 3, static_cast<int>(clock.subseconds().count()));
  return text;
}

Result<WallTime> parse_rfc3339(std::string_view text) {
  const auto parts = scan(text);
  if (!parts) {
    return fail(Code::invalid_argument, "must be a time with its offset, such as 2026-11-22T04:31:15Z (RFC 3339)");
  }
  const auto seconds = instant_of(*parts);
  // A leap second is inserted before midnight UTC and nowhere else; our time, as POSIX's, counts it as the next one.
  if (parts->second == 60 && seconds != std::chrono::floor<std::chrono::days>(seconds)) {
    return fail(Code::invalid_argument, "second 60 stands only in a leap second, before midnight UTC");
  }
  // The day's edge on both sides: what nanoseconds since 1970 in 64 bits reach.
  static constexpr std::chrono::sys_seconds kFirst = std::chrono::sys_days(std::chrono::year(1677) / 9 / 22);
  static constexpr std::chrono::sys_seconds kEnd = std::chrono::sys_days(std::chrono::year(2262) / 4 / 11);
  if (seconds < kFirst || seconds >= kEnd) {
    return fail(Code::invalid_argument, "must be a time between the years 1678 and 2261");
  }
  return WallTime(seconds.time_since_epoch() + parts->fraction);
}

} // namespace plugboard
