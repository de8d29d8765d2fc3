// The hub's clock, and waiting without a thread: how an async connector polls, backs off, or gives up. From
// Host::clock(); alive as long as the host. [any thread]
#pragma once

#include <plugboard/detail/resume.hpp>
#include <plugboard/host_clock.h>

namespace plugboard {

class HostClock {
 public:
  explicit HostClock(const plugboard_host* host)
      : host_(host),
        clock_(static_cast<const plugboard_host_clock_v1*>(host->extension(host, PLUGBOARD_HOST_CLOCK_V1))) {}

  // Never jumps; where it begins means nothing. Zero: this hub has no clock.
  std::chrono::nanoseconds monotonic() const {
    return std::chrono::nanoseconds(clock_ ? clock_->monotonic_ns(host_) : 0);
  }

  // What people see; it may jump.
  std::chrono::sys_time<std::chrono::nanoseconds> wall() const {
    return std::chrono::sys_time<std::chrono::nanoseconds>(
        std::chrono::nanoseconds(clock_ ? clock_->wall_ns(host_) : 0));
  }

  // Goes on with this call after the pause: then(Call, Status), once, on the call's thread; it must not block. ok: the
  // time has passed; cancelled: nobody waits for the call any more.
  template <class F>
  void after(std::chrono::nanoseconds pause, Call call, F then) const {
    if (!clock_) return call.fail(Status::unsupported, "this hub has no clock");
    auto* handle = call.handle();
    if (!handle) return; // answered already: nobody waits for more
    using Waiting = detail::Waiting<F>;
    auto waiting = std::make_unique<Waiting>(Waiting{std::move(call), std::move(then)});
    auto status =
        clock_->after(host_, handle, pause.count(), waiting.get(), [](void* user, std::int32_t outcome) noexcept {
          detail::Resume::run(std::unique_ptr<Waiting>(static_cast<Waiting*>(user)), static_cast<Status>(outcome));
        });
    if (status == PLUGBOARD_OK)
      static_cast<void>(waiting.release());
    else
      waiting->call.fail(static_cast<Status>(status), "the hub would not wait for it");
  }

  // The same as the connector's own business: then(Status) once, on a thread of the hub. Anything but ok: it won't be.
  template <class F>
  Status after(std::chrono::nanoseconds pause, F then) const {
    if (!clock_) return Status::unsupported;
    using Waiting = detail::WaitingAlone<F>;
    auto waiting = std::make_unique<Waiting>(Waiting{host_, std::move(then)});
    auto status =
        clock_->after(host_, nullptr, pause.count(), waiting.get(), [](void* user, std::int32_t outcome) noexcept {
          detail::Resume::run(std::unique_ptr<Waiting>(static_cast<Waiting*>(user)), static_cast<Status>(outcome));
        });
    if (status == PLUGBOARD_OK) static_cast<void>(waiting.release());
    return static_cast<Status>(status);
  }

 private:
  const plugboard_host* host_;
  const plugboard_host_clock_v1* clock_;
};

} // namespace plugboard
