// One instance of a plugin behind the ABI's table, from create to destroy. What its functions throw ends here.
// [call: as the table says; the rest: start-up and stop]
#pragma once

#include "core/connector/runner.hpp"

#include <plugboard/health.h>

#include <memory>

namespace plugboard::connector {

class PluginInstance {
 public:
  // Creates and starts. Error: what the plugin said; it is stopped and destroyed then.
  static Result<std::unique_ptr<PluginInstance>> make(std::unique_ptr<Runner> runner, const plugboard_host& host,
                                                      std::string_view config);
  PluginInstance(const PluginInstance&) = delete;
  PluginInstance& operator=(const PluginInstance&) = delete;

  // Also a check of health. [call]
  [[nodiscard]] bool call(const plugboard_request& request, plugboard_call* call) noexcept; // false: it threw
  void cancel(plugboard_call* call) noexcept; // a hint; nothing if it takes none
  [[nodiscard]] bool stop() noexcept;         // false: it threw
  [[nodiscard]] bool destroy() noexcept;

  bool may_say_health() const { return health_.check != nullptr; } // of a worker's: it says whether it does

  Containment containment() const { return runner_->containment(); }

 private:
  PluginInstance(std::unique_ptr<Runner> runner, void* instance);

  const std::unique_ptr<Runner> runner_;
  const plugboard_connector& table_;
  void* const instance_;
  plugboard_health_v1 health_{}; // set when it has started
};

} // namespace plugboard::connector
