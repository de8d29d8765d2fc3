// Who waits for the store is told after a while that it does not answer, so that a disk that hangs keeps nobody waiting
// who could try elsewhere or later. What was asked of it goes on: a session that is stored late has a token that nobody
// was ever given, and a revocation held from the moment it was asked for. One an AgentApi. [its thread]
#pragma once

#include "core/base/log.hpp"
#include "core/base/metrics.hpp"
#include "core/base/result.hpp"
#include "core/http/timers.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace plugboard::api {

class StorePatience {
 public:
  static constexpr Duration kPatience = std::chrono::seconds(1);

  StorePatience(boost::asio::io_context& io, const Clock& clock, Log& log, Metrics& metrics);

  void close() { timers_.reset(); } // before its io_context goes: from then on it waits for as long as it takes

  // ask(told): asks the store, which calls told(Result<T>) once, on this thread, perhaps before ask returns. then runs
  // once: with that, or in time with unavailable. An answer that comes at once costs no timer.
  template <class T, class Ask>
  void wait(std::function<void(Result<T>)> then, Ask&& ask) {
    auto asker = std::make_shared<Asker<T>>(Asker<T>{std::move(then), {}});
    ask([this, asker](Result<T> answer) {
      if (asker->alarm && timers_) timers_->clear(*asker->alarm);
      if (auto waiting = std::exchange(asker->then, nullptr)) waiting(std::move(answer));
    });
    if (!asker->then || !timers_) return;
    asker->alarm = timers_->set(clock_.now() + kPatience, [this, asker] {
      if (auto waiting = std::exchange(asker->then, nullptr)) waiting(late());
    });
  }

 private:
  template <class T>
  struct Asker {
    std::function<void(Result<T>)> then; // null: told
    std::optional<http::Timers::Id> alarm;
  };

  Error late();

  const Clock& clock_;
  Log& log_;
  Counter& late_;
  std::optional<http::Timers> timers_;
  Instant told_{}; // in the log
};

} // namespace plugboard::api
