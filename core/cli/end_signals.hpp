// Being asked to end, where there is time to hear it. [main's thread, before it makes others]
#pragma once

#include <chrono>
#include <csignal>

namespace plugboard::cli {

// Ctrl-C, and being asked to end, are heard where there is time for it; a hub that was begun is ended first.
class EndSignals {
 public:
  EndSignals() {
    ::sigemptyset(&signals_);
    for (const int each : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&signals_, each);
    ::sigprocmask(SIG_BLOCK, &signals_, &before_);
  }

  ~EndSignals() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }

  EndSignals(const EndSignals&) = delete;
  EndSignals& operator=(const EndSignals&) = delete;

  bool came_within(std::chrono::milliseconds time) const {
    const timespec wait{0, static_cast<long>(std::chrono::nanoseconds(time).count())};
    return ::sigtimedwait(&signals_, nullptr, &wait) > 0;
  }

 private:
  sigset_t signals_{}, before_{};
};

} // namespace plugboard::cli
