// plugboard.host.kv/1, the half that runs on the plugin's thread: whose value it is, and whether it may be one. The
// rest is done by the KeptValues behind it; home_errands.hpp tells the plugin. [any thread]
#pragma once

#include "core/connector/border.hpp"

#include <plugboard/host_kv.h>

#include <atomic>
#include <memory>

namespace plugboard::connector {

class HostKv {
 public:
  HostKv(Border& border, const Settings& settings) : border_(border), settings_(settings) {}

  using Done = void (*)(void* user, const plugboard_kv_result* result);
  std::int32_t get(plugboard_call* call, plugboard_str key, void* user, Done done) const;
  std::int32_t put(plugboard_call* call, plugboard_str key, plugboard_str value, std::int64_t ttl_ns,
                   std::int64_t only_if, void* user, Done done) const;
  std::int32_t remove(plugboard_call* call, plugboard_str key, std::int64_t only_if, void* user, Done done) const;

 private:
  using Work = std::function<void(KeptValues& values, KeptKey key, KeptValues::Done done)>;
  std::int32_t send(plugboard_call* call, plugboard_str key, Work work, void* user, Done done) const;

  Border& border_;
  const Settings& settings_;
  const std::shared_ptr<std::atomic<std::size_t>> under_way_ = std::make_shared<std::atomic<std::size_t>>(0);
};

} // namespace plugboard::connector
