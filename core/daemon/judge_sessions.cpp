#include "core/daemon/build.hpp"
#include "core/session/nist_limits.hpp"

#include <array>

namespace plugboard::daemon {

namespace {

std::string in_words(Duration duration) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(duration).count();
  return minutes % 60 == 0 ? std::to_string(minutes / 60) + " h" : std::to_string(minutes) + " min";
}

} // namespace

// The hub keeps to the narrower of the two; who wrote the wider should know.
void judge_sessions(const Config& config, Judged& judged) {
  struct Limit {
    const char* pointer;
    Duration configured, by_default;
    Duration session::NistLimits::*nist;
  };

  const session::SessionLimits usual;
  const std::array<Limit, 2> limits{
      {{"/sessions/absolute_s", config.sessions.absolute, usual.absolute, &session::NistLimits::overall},
       {"/sessions/idle_s", config.sessions.idle, usual.idle, &session::NistLimits::idle}}};
  for (const auto& [pointer, configured, by_default, nist] : limits)
    for (const auto level : {Assurance::aal2, Assurance::aal3}) {
      const Duration allowed = session::nist_limits(level).*nist;
      if (configured <= allowed || configured == by_default) continue;
      judged.warnings.push_back({pointer, "is more than NIST SP 800-63B-4 allows at " + std::string(name_of(level)) +
                                              ": sessions begun with it end after " + in_words(allowed) +
                                              " all the same"});
    }
}

} // namespace plugboard::daemon
