#include "core/connector/rate.hpp"

#include "core/json/document.hpp"

#include <algorithm>
#include <cmath>

namespace plugboard::connector {
namespace {

constexpr double kLeast = 0.001, kMost = 1e6;

} // namespace

double burst_of(const Rate& rate) {
  return std::clamp(rate.burst > 0 ? rate.burst : std::ceil(rate.per_second), 1.0, kMost);
}

Rate smaller(const Rate& a, const Rate& b) {
  if (a.per_second <= 0) return b;
  if (b.per_second <= 0) return a;
  return {std::min(a.per_second, b.per_second), std::min(burst_of(a), burst_of(b))};
}

bool read_rate(const json::TreeValue& written, Rate& rate) {
  const auto* per_second = json::member(written, "per_second");
  const auto* burst = json::member(written, "burst");
  if (per_second == nullptr || !per_second->IsNumber() || per_second->GetDouble() < kLeast ||
      per_second->GetDouble() > kMost)
    return false;
  if (burst != nullptr && (!burst->IsUint() || burst->GetUint() < 1 || burst->GetUint() > kMost)) return false;
  rate = {per_second->GetDouble(), burst == nullptr ? 0.0 : burst->GetUint()};
  return true;
}

Rate UpstreamRates::of(const std::string& grant) const {
  const auto own = of_some.find(grant);
  return own == of_some.end() ? each : smaller(each, own->second);
}

} // namespace plugboard::connector
