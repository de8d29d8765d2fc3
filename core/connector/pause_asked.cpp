#include "core/connector/pause_asked.hpp"

#include "core/http/http_date.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace plugboard::connector {
namespace {

constexpr double kDay = 24 * 3600;
constexpr double kEpochs = 1e9; // what is larger is no number of seconds from now, but a time of Unix

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::optional<double> number(std::optional<std::string_view> text) { // not negative
  if (!text) return std::nullopt;
  const auto digits = trimmed(*text);
  double value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
  if (digits.empty() || digits.front() == '-' || end != digits.data() + digits.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return kDay; // digits that never end
  return error == std::errc() && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

Duration seconds(double value) {
  return Duration(static_cast<Duration::rep>(std::clamp(value, 0.0, kDay) * 1e9));
}

// Two clocks seldom agree: a time is read against the answer's own Date where that is given.
WallTime sent(const http::Answer& answer, WallTime now) {
  const auto date = http::find(answer.headers, "date");
  const auto told = date ? http::read_http_date(trimmed(*date)) : std::nullopt;
  return told.value_or(now);
}

Duration until(double unix_seconds, WallTime from) {
  return seconds(unix_seconds - std::chrono::duration<double>(from.time_since_epoch()).count());
}

// "default";r=0;t=30, "hour";r=12;t=1800: the longest of those that are used up.
Duration of_policies(std::string_view list) {
  double longest = 0;
  while (!list.empty()) {
    auto policy = list.substr(0, list.find(','));
    list.remove_prefix(std::min(policy.size() + 1, list.size()));
    std::optional<double> left, time;
    while (!policy.empty()) {
      const auto part = trimmed(policy.substr(0, policy.find(';')));
      policy.remove_prefix(
          std::min(policy.find(';') == policy.npos ? policy.size() : policy.find(';') + 1, policy.size()));
      if (part.starts_with("r=")) left = number(part.substr(2));
      if (part.starts_with("t=")) time = number(part.substr(2));
    }
    if (left == 0.0 && time) longest = std::max(longest, *time);
  }
  return seconds(longest);
}

Duration of_rate_limits(const http::Answer& answer, WallTime now) {
  if (const auto policies = http::find(answer.headers, "ratelimit"))
    if (const auto pause = of_policies(*policies); pause > Duration::zero()) return pause;
  for (const char* family : {"ratelimit-", "x-ratelimit-", "x-rate-limit-"}) {
    const auto left = number(http::find(answer.headers, std::string(family) + "remaining"));
    const auto reset = number(http::find(answer.headers, std::string(family) + "reset"));
    if (!reset || left.value_or(0) > 0) continue; // what ran out is something else
    return *reset >= kEpochs ? until(*reset, sent(answer, now)) : seconds(*reset);
  }
  return Duration::zero();
}

} // namespace

Duration pause_asked(const http::Answer& answer, WallTime now) {
  if (answer.status != 429 && answer.status != 503) return Duration::zero();
  const auto asked = http::find(answer.headers, "retry-after");
  if (!asked) return of_rate_limits(answer, now);
  if (const auto whole = number(asked)) return seconds(*whole);
  const auto date = http::read_http_date(trimmed(*asked));
  return date ? std::clamp<Duration>(*date - sent(answer, now), Duration::zero(), std::chrono::hours(24))
              : of_rate_limits(answer, now);
}

} // namespace plugboard::connector
