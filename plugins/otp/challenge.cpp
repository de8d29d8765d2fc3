#include "plugins/otp/challenge.hpp"

#include <plugboard/text.hpp>

#include <algorithm>
#include <chrono>

namespace otp {
namespace {

std::string padded(long long number, std::size_t digits) {
  auto text = std::to_string(number);
  return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
}

const char* name_of(Turn turn) {
  return turn == Turn::sent ? "sent" : turn == Turn::wrong_code ? "wrong_code" : "not_resent";
}

} // namespace

std::string rfc3339(std::int64_t unix_seconds) {
  const std::chrono::sys_seconds time{std::chrono::seconds(unix_seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return padded(int(date.year()), 4) + "-" + padded(unsigned(date.month()), 2) + "-" + padded(unsigned(date.day()), 2) +
         "T" + padded(clock.hours().count(), 2) + ":" + padded(clock.minutes().count(), 2) + ":" +
         padded(clock.seconds().count(), 2) + "Z";
}

plugboard::Challenge challenge_of(const Settings& settings, const Pending& pending, Turn turn) {
  const auto kind = settings.recipients.at(pending.type).kind;
  const int resends = std::max(0, settings.resends - (pending.sent - 1));
  std::string json =
      R"({"type":"code","status":")" + std::string(name_of(turn)) + R"(","to":)" +
      plugboard::json_string(masked(kind, pending.address)) + ",\"digits\":" + std::to_string(settings.digits) +
      ",\"attempts_left\":" + std::to_string(pending.attempts_left) + ",\"resends_left\":" + std::to_string(resends);
  if (resends > 0) json += ",\"resend_after\":\"" + rfc3339(pending.sent_at + settings.resend_after_s) + "\"";
  json += ",\"expires_at\":\"" + rfc3339(pending.expires_at) + "\"}";
  return {write_pending(pending), std::move(json), pending.expires_at};
}

} // namespace otp
