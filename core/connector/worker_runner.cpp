// The worker runner: the ABI's own table, whose functions speak to a process.
#include "core/connector/sealed_plugin.hpp"
#include "core/connector/worker_keeper.hpp"

#include <plugboard/health.h>

#include <cstdio>

namespace plugboard::connector {
namespace {

WorkerKeeper& keeper(void* instance) {
  return *static_cast<WorkerKeeper*>(instance);
}

std::int32_t start(void*, plugboard_error*) { // create() came back when the worker's plugin had started
  return PLUGBOARD_OK;
}

void call(void* instance, const plugboard_request* request, plugboard_call* handle) {
  keeper(instance).call(*request, handle);
}

const void* extension(void*, const char*) { // whether the worker's plugin has it, its worker answers
  static const plugboard_health_v1 health{PLUGBOARD_PREFIX(plugboard_health_v1), &call};
  return &health;
}

void cancel(void* instance, plugboard_call* handle) {
  keeper(instance).cancel(handle);
}

void stop(void* instance) {
  keeper(instance).stop();
}

void destroy(void*) {} // stop() left nothing

class InWorker final : public Runner {
 public:
  InWorker(const WorkerParts& parts, int plugin) : keeper_(std::make_shared<WorkerKeeper>(parts, plugin)) {
    table_.p = PLUGBOARD_PREFIX(plugboard_connector);
    table_.start = &start;
    table_.call = &call;
    table_.cancel = &cancel;
    table_.stop = &stop;
    table_.destroy = &destroy;
    table_.extension = &extension;
  }

  ~InWorker() override { keeper_->stop(); }

  const plugboard_connector& table() const override { return table_; }

  Result<void*> create(const plugboard_host&, std::string_view config) override {
    const auto started = keeper_->start(config);
    if (!started) return started.error();
    return keeper_.get();
  }

  Containment containment() const override { return keeper_->containment(); }

 private:
  plugboard_connector table_{}; // create is the runner's
  const std::shared_ptr<WorkerKeeper> keeper_;
};

} // namespace

Result<std::unique_ptr<Runner>> run_in_worker(const WorkerParts& parts) {
  const auto plugin = seal_plugin(parts.settings.plugin);
  if (!plugin) return plugin.error();
  return std::unique_ptr<Runner>(std::make_unique<InWorker>(parts, *plugin));
}

} // namespace plugboard::connector
