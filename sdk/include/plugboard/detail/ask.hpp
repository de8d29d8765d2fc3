// The ways to wait for one word of the hub: on behalf of a call, as the connector's own business, or on the thread of a
// blocking call. ask(user, done) is the service's function; done gets a Raw, of which the author sees a View.
#pragma once

#include <plugboard/detail/resume.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

namespace plugboard::detail {

template <class View, class Raw, class F, class Ask>
void ask_for_call(Call call, F then, std::string_view refused, Ask ask) {
  using Kept = Waiting<F>;
  auto waiting = std::make_unique<Kept>(Kept{std::move(call), std::move(then)});
  std::int32_t status = ask(waiting.get(), [](void* user, const Raw* raw) noexcept {
    Resume::run(std::unique_ptr<Kept>(static_cast<Kept*>(user)), View(*raw));
  });
  if (status == PLUGBOARD_OK)
    static_cast<void>(waiting.release());
  else
    waiting->call.fail(static_cast<Status>(status), std::string(refused));
}

template <class View, class Raw, class F, class Ask>
Status ask_alone(const plugboard_host* host, F then, Ask ask) {
  using Kept = WaitingAlone<F>;
  auto waiting = std::make_unique<Kept>(Kept{host, std::move(then)});
  std::int32_t status = ask(waiting.get(), [](void* user, const Raw* raw) noexcept {
    Resume::run(std::unique_ptr<Kept>(static_cast<Kept*>(user)), View(*raw));
  });
  if (status == PLUGBOARD_OK) static_cast<void>(waiting.release());
  return static_cast<Status>(status);
}

// Copy: made of a Raw on the hub's thread. None: there was no memory for it.
template <class Copy, class Raw, class Ask>
Status ask_and_wait(std::optional<Copy>& into, Ask ask) {
  struct Exchange {
    std::optional<Copy>& into;
    std::mutex mutex{};
    std::condition_variable came{};
    bool done = false;
  } exchange{into};

  std::int32_t status = ask(&exchange, [](void* user, const Raw* raw) noexcept {
    auto& waiting = *static_cast<Exchange*>(user);
    try {
      waiting.into.emplace(*raw);
    } catch (...) { // no memory
    }
    std::lock_guard lock(waiting.mutex);
    waiting.done = true;
    waiting.came.notify_one(); // under the lock: the waiter's stack ends next
  });
  if (status != PLUGBOARD_OK) return static_cast<Status>(status);
  std::unique_lock lock(exchange.mutex);
  exchange.came.wait(lock, [&] { return exchange.done; });
  return into ? Status::ok : Status::internal;
}

} // namespace plugboard::detail
