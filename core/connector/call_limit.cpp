#include "core/connector/call_limit.hpp"

#include <algorithm>
#include <cmath>

namespace plugboard::connector {
namespace {

constexpr Duration kWindow = std::chrono::milliseconds(200);
constexpr std::int64_t kEnough = 10;                      // calls in a window
constexpr Duration kFast = std::chrono::milliseconds(20); // what takes less is not held up by its own number
constexpr double kTolerated = 2;                          // times the usual
constexpr double kMostAtOnce = 0.5, kAfterTimeouts = 0.8; // of the limit, a window
constexpr int kForgotten = 100;                           // windows: a system that became slower for good is then usual

} // namespace

CallLimit::CallLimit(const LimitRules& rules, std::size_t most)
    : adaptive_(rules.adaptive), least_(static_cast<double>(std::clamp<std::size_t>(rules.least, 1, most))),
      most_(static_cast<double>(most)), limit_(most_) {}

bool CallLimit::answered(Duration took, std::size_t running, Instant now) {
  ++window_.answered;
  window_.took += took;
  return look(running, now);
}

bool CallLimit::timed_out(std::size_t running, Instant now) {
  ++window_.timed_out;
  return look(running, now);
}

bool CallLimit::look(std::size_t running, Instant now) {
  window_.most_running = std::max(window_.most_running, running);
  if (window_.began == Instant::min()) window_.began = now;
  if (now - window_.began < kWindow || window_.answered + window_.timed_out < kEnough) return false;
  if (window_.answered > 0) lately_ = window_.took / window_.answered;
  if (usual_ == Duration::zero() || lately_ < usual_)
    usual_ = lately_;
  else
    usual_ += (lately_ - usual_) / kForgotten;
  const auto before = this->now();
  if (adaptive_) limit_ = std::clamp(level(), least_, most_);
  window_ = {};
  return this->now() != before;
}

// A limit that is not used up is not what made calls slow: then what ran is what to start from.
double CallLimit::level() const {
  const double ran = static_cast<double>(window_.most_running), in_use = std::min(limit_, ran);
  if (window_.timed_out * 10 >= window_.answered + window_.timed_out) return in_use * kAfterTimeouts;
  const double usual = static_cast<double>(std::max(usual_, kFast).count());
  const double gradient = kTolerated * usual / static_cast<double>(std::max(lately_, kFast).count());
  if (gradient < 1) return std::min(limit_, in_use * std::max(gradient, kMostAtOnce) + std::sqrt(in_use));
  return ran * 4 >= limit_ * 3 ? limit_ + std::sqrt(limit_) : limit_;
}

} // namespace plugboard::connector
