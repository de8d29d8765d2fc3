// The calls that the plugin was given and has not completed: what a request points to lives here until then. [any
// thread]
#pragma once

#include "core/wire/messages.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace plugboard::worker {

struct OpenCall {
  std::string body; // the frame's, which the request's texts are views of
  wire::Call call;

  plugboard_call* handle() const { return reinterpret_cast<plugboard_call*>(static_cast<std::uintptr_t>(call.handle)); }
};

class OpenCalls {
 public:
  std::shared_ptr<OpenCall> open(std::string_view frame_body); // null: it is no call
  bool is_open(std::uint64_t handle) const;
  void close(std::uint64_t handle); // completed

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::shared_ptr<OpenCall>> calls_;
};

} // namespace plugboard::worker
