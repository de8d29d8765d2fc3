#include "plugins/rest/pause.hpp"

#include "plugins/rest/times.hpp"

#include <algorithm>

namespace plugboard::rest {

namespace {

constexpr std::chrono::seconds kDay = std::chrono::hours(24);

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

} // namespace

void Pause::begin(Time now, std::chrono::nanoseconds length) {
  auto until = (now + std::min<std::chrono::nanoseconds>(length, kLongest)).time_since_epoch().count();
  auto before = until_.load(std::memory_order_relaxed);
  while (before < until && !until_.compare_exchange_weak(before, until, std::memory_order_relaxed)) {}
}

std::chrono::nanoseconds Pause::left(Time now) const {
  auto until = until_.load(std::memory_order_relaxed), at = now.time_since_epoch().count();
  return std::chrono::nanoseconds(until > at ? until - at : 0);
}

std::chrono::seconds read_retry_after(std::string_view value, std::optional<std::string_view> date,
                                      std::chrono::sys_seconds now) {
  value = trimmed(value);
  bool digits = !value.empty() && value.find_first_not_of("0123456789") == value.npos;
  if (digits) {
    std::int64_t seconds = 0;
    for (char c : value) seconds = std::min<std::int64_t>(seconds * 10 + (c - '0'), kDay.count());
    return std::chrono::seconds(seconds);
  }
  auto until = read_http_date(value, now);
  auto sent = date ? read_http_date(trimmed(*date), now) : std::nullopt;
  if (!until) return std::chrono::seconds(0);
  return std::clamp(*until - sent.value_or(now), std::chrono::seconds(0), kDay);
}

} // namespace plugboard::rest
