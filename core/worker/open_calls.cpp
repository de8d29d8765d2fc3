#include "core/worker/open_calls.hpp"

namespace plugboard::worker {

std::shared_ptr<OpenCall> OpenCalls::open(std::string_view frame_body) {
  auto call = std::make_shared<OpenCall>();
  call->body = frame_body;
  if (!wire::read(call->body, call->call)) return nullptr;
  const std::lock_guard lock(mutex_);
  calls_.emplace(call->call.handle, call);
  return call;
}

bool OpenCalls::is_open(std::uint64_t handle) const {
  const std::lock_guard lock(mutex_);
  return calls_.contains(handle);
}

void OpenCalls::close(std::uint64_t handle) {
  std::shared_ptr<OpenCall> last; // let go without the lock
  const std::lock_guard lock(mutex_);
  const auto found = calls_.find(handle);
  if (found == calls_.end()) return;
  last = std::move(found->second);
  calls_.erase(found);
}

} // namespace plugboard::worker
