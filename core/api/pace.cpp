#include "core/api/pace.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::api {

namespace {

constexpr double kCalmest = 0.3, kCalm = 0.55, kBusiest = 0.65; // parts of the processor
constexpr double kLess = 0.9, kMore = 0.01;                     // times, and plus
constexpr double kTelling = 8;                                  // answers, by which a cost can be told
constexpr double kLeastCost = 1e-6;

} // namespace

Pace::Pace(std::function<Duration()> ran) : ran_so_far_(std::move(ran)), calm_(kCalm) {}

void Pace::look(double left, double answered) {
  const auto ran = ran_so_far_();
  const auto since = ran - std::exchange(ran_, ran).value_or(ran);
  ran_of_late_ = left * ran_of_late_ + std::chrono::duration<double>(since).count();
  if (answered >= kTelling) cost_ = std::max(kLeastCost, ran_of_late_ / answered);
}

// What the others leave of what can be answered calmly; half of what would be a fair share at least.
void Pace::find(const Crowd& crowd) {
  const auto can = calm_ / cost_;
  const auto greedy = static_cast<double>(std::max<std::size_t>(1, crowd.greedy)),
             fair = can / static_cast<double>(crowd.active);
  const std::chrono::duration<double> seconds(1 / std::max((can - crowd.others) / greedy, fair / 2));
  to_next_ = std::chrono::duration_cast<Duration>(seconds);
}

// More only while it holds anybody back: what is never tried may not be found to be too much.
void Pace::adapt(bool anybody_waits) {
  if (!std::exchange(used_, false)) return;
  calm_ = anybody_waits ? std::max(kCalmest, kLess * calm_) : std::min(kBusiest, calm_ + kMore);
}

Duration Pace::to_next() {
  used_ = true;
  return to_next_;
}

} // namespace plugboard::api
