#include "core/connector/plugin_instance.hpp"

#include "core/connector/guard.hpp"
#include "core/connector/plugin_error.hpp"
#include "core/connector/plugin_extension.hpp"

namespace plugboard::connector {

PluginInstance::PluginInstance(std::unique_ptr<Runner> runner, void* instance)
    : runner_(std::move(runner)), table_(runner_->table()), instance_(instance) {}

Result<std::unique_ptr<PluginInstance>> PluginInstance::make(std::unique_ptr<Runner> runner, const plugboard_host& host,
                                                             std::string_view config) {
  const auto instance = runner->create(host, config);
  if (!instance) return instance.error();
  std::unique_ptr<PluginInstance> made(new PluginInstance(std::move(runner), *instance));
  const auto started =
      ask_plugin("start", [&](plugboard_error* error) { return made->table_.start(*instance, error); });
  if (started) {
    made->health_ = health_of(made->table_, *instance);
    return made;
  }
  if (made->stop()) static_cast<void>(made->destroy());
  return started.error();
}

bool PluginInstance::call(const plugboard_request& request, plugboard_call* call) noexcept {
  const auto how = request.operation == PLUGBOARD_CHECK_HEALTH ? health_.check : table_.call;
  return guarded([&] { how(instance_, &request, call); });
}

void PluginInstance::cancel(plugboard_call* call) noexcept {
  if (table_.cancel != nullptr) static_cast<void>(guarded([&] { table_.cancel(instance_, call); }));
}

bool PluginInstance::stop() noexcept {
  return guarded([&] { table_.stop(instance_); });
}

bool PluginInstance::destroy() noexcept {
  return guarded([&] { table_.destroy(instance_); });
}

} // namespace plugboard::connector
