#include "plugins/jwt/claims.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace jwt {
namespace {

using plugboard::Failure;
using plugboard::Result;
using plugboard::Status;

constexpr double kYear10000 = 253402300800.0;
constexpr std::size_t kMaxNameSize = 512;

Failure rejected(std::string why) {
  return Failure{Status::rejected, std::move(why)};
}

using OptionalTime = std::optional<std::int64_t>;

// A NumericDate (RFC 7519): seconds, perhaps with a fraction.
Result<OptionalTime> time_claim(const Value& claims, const char* name) {
  auto* value = member(claims, name);
  if (!value) return OptionalTime();
  double seconds = value->IsNumber() ? value->GetDouble() : -1;
  if (!std::isfinite(seconds) || seconds < 0 || seconds >= kYear10000)
    return rejected(std::string("the token's ") + name + " is not a time in seconds since 1970");
  return OptionalTime(static_cast<std::int64_t>(std::floor(seconds)));
}

bool is_one_of(const Value& value, const std::vector<std::string>& allowed) {
  return value.IsString() && std::find(allowed.begin(), allowed.end(), text_of(value)) != allowed.end();
}

std::optional<std::string> fault_of(const TokenTimes& times, OptionalTime not_before, const TimeRules& rules,
                                    std::int64_t now) {
  std::int64_t soonest = now - rules.leeway_s;
  std::int64_t latest = now + rules.leeway_s;
  if (times.expires_at < soonest) return "the token has expired";
  if (not_before && *not_before > latest) return "the token is not valid yet (nbf)";
  if (times.issued_at && *times.issued_at > latest)
    return "the token was issued in the future (iat): check the clocks of the issuer and of this machine";
  if (times.authenticated_at && *times.authenticated_at > latest) return "the token's auth_time is in the future";
  if (rules.max_age_s && !times.issued_at) return "the token has no iat, and max_age_s needs it";
  if (rules.max_age_s && *times.issued_at < soonest - *rules.max_age_s)
    return "the token was issued longer ago than max_age_s allows";
  return std::nullopt;
}

} // namespace

ClaimPath::ClaimPath(std::string text) : text_(std::move(text)) {
  if (text_.empty()) throw std::invalid_argument("a claim's name is empty");
  if (text_.front() != '/') return;
  pointer_.emplace(text_.data(), text_.size());
  if (!pointer_->IsValid()) throw std::invalid_argument("\"" + text_ + "\" is not a JSON Pointer");
}

const Value* ClaimPath::in(const Value& claims) const {
  const Value* value = pointer_ ? pointer_->Get(claims) : member(claims, text_);
  return value && !value->IsNull() ? value : nullptr;
}

std::optional<std::string> name_in(const Value& value) {
  if (value.IsInt64()) return std::to_string(value.GetInt64());
  if (!value.IsString()) return std::nullopt;
  auto text = text_of(value);
  bool printable =
      std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (text.empty() || text.size() > kMaxNameSize || !printable) return std::nullopt;
  return std::string(text);
}

bool says_true(const Value* value) {
  return value && (value->IsTrue() || (value->IsString() && text_of(*value) == "true"));
}

Result<TokenTimes> check_times(const Value& claims, const TimeRules& rules, std::int64_t now) {
  auto exp = time_claim(claims, "exp");
  auto nbf = time_claim(claims, "nbf");
  auto iat = time_claim(claims, "iat");
  auto auth_time = time_claim(claims, "auth_time");
  for (auto* read : {&exp, &nbf, &iat, &auth_time})
    if (!*read) return read->failure();
  if (!*exp) return rejected("the token has no exp: one that never ends is not taken");
  TokenTimes times{**exp, *iat, *auth_time};
  if (auto fault = fault_of(times, *nbf, rules, now)) return rejected(*fault);
  return times;
}

bool is_for(const Value& claims, const std::vector<std::string>& audiences) {
  auto* aud = member(claims, "aud");
  if (!aud) return false;
  if (!aud->IsArray()) return is_one_of(*aud, audiences);
  bool texts = std::all_of(aud->Begin(), aud->End(), [](const auto& each) { return each.IsString(); });
  return texts && std::any_of(aud->Begin(), aud->End(), [&](const auto& each) { return is_one_of(each, audiences); });
}

} // namespace jwt
