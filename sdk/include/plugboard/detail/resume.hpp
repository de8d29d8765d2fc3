// Where the hub comes back with what a connector waited for: runs the connector's own code, and lets nothing that this
// throws through to the hub. [a thread of the hub]
#pragma once

#include <plugboard/call.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace plugboard::detail {

template <class F>
struct Waiting { // on behalf of a call
  Call call;
  F then;
};

template <class F>
struct WaitingAlone { // the connector's own business
  const plugboard_host* host;
  F then;
};

class Resume {
 public:
  // then(Call, what...); thrown, it is the call's answer.
  template <class F, class... What>
  static void run(std::unique_ptr<Waiting<F>> waiting, const What&... what) noexcept {
    auto open = waiting->call.open_; // outlives `then`, whatever becomes of the call
    Guard::run(*open, [&] { waiting->then(std::move(waiting->call), what...); });
    waiting.reset();
  }

  // then(what...); thrown, it is logged.
  template <class F, class... What>
  static void run(std::unique_ptr<WaitingAlone<F>> waiting, const What&... what) noexcept {
    const auto* host = waiting->host;
    try {
      waiting->then(what...);
      waiting.reset();
    } catch (const std::exception& e) {
      host->log(host, PLUGBOARD_LOG_ERROR, str(e.what()));
    } catch (...) {
      host->log(host, PLUGBOARD_LOG_ERROR, str("it threw something that is no std::exception"));
    }
  }
};

} // namespace plugboard::detail
