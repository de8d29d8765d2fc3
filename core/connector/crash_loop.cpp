#include "core/connector/crash_loop.hpp"

#include <algorithm>
#include <array>

namespace plugboard::connector {
namespace {

using std::chrono::milliseconds;

constexpr unsigned kAnswersOfUse = 20; // so many, or so long, and what went down before is forgotten
constexpr Duration kTimeOfUse = std::chrono::minutes(1);
constexpr unsigned kLoop = 3;

// At most eight starts in the first minute, then five.
constexpr std::array<Duration, 5> kPauses{milliseconds(10), milliseconds(250), milliseconds(1'000), milliseconds(4'000),
                                          milliseconds(12'000)};

} // namespace

void CrashLoop::started(Instant now) {
  started_ = now;
  answers_ = 0;
}

void CrashLoop::answered() {
  if (answers_ < kAnswersOfUse && ++answers_ == kAnswersOfUse) in_a_row_ = 0;
}

Duration CrashLoop::went_down(Instant now) {
  if (answers_ < kAnswersOfUse && started_ != Instant{} && now - started_ >= kTimeOfUse) in_a_row_ = 0;
  const Duration pause = kPauses[std::min<std::size_t>(in_a_row_++, kPauses.size() - 1)];
  started_ = Instant{};
  const auto spread = static_cast<std::uint64_t>(pause.count() / 2); // 75 to 125 %: forty do not come up as one
  return pause - pause / 4 + Duration(static_cast<std::int64_t>(random_.below(spread + 1)));
}

bool CrashLoop::is_open() const {
  return in_a_row_ >= kLoop;
}

} // namespace plugboard::connector
