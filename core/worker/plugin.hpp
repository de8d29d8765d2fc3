// The plugin in its worker: loaded, created and started by a thread that does nothing else, then called: an async one
// on the loop's thread, a blocking one on threads of its own. [the loop's thread]
#pragma once

#include "core/base/result.hpp"
#include "core/connector/pool.hpp"
#include "core/worker/host.hpp"

#include <plugboard/health.h>

#include <functional>
#include <memory>
#include <string>

namespace plugboard::worker {

class Plugin {
 public:
  // where: of the library's bytes. done: on another thread, with what the plugin or its library said.
  Plugin(const wire::Setup& setup, std::string where, Host& host);

  void start(std::function<void(Result<void>)> done);
  void call(std::shared_ptr<OpenCall> call);
  void cancel(std::uint64_t handle);
  void stop(std::function<void()> done); // on another thread

 private:
  Result<void> load_and_start();
  void run(const OpenCall& call);
  void end(const OpenCall& call, std::int32_t status, std::string_view why);

  const std::string name_, version_, config_, where_;
  Host& host_;
  plugboard_connector table_{}; // [written before the first call]
  void* instance_ = nullptr;
  plugboard_health_v1 health_{};                   // [as the table]
  connector::Pool life_{1};                        // create, start, stop, destroy
  std::unique_ptr<connector::Pool> calls_, hints_; // of a blocking plugin
};

} // namespace plugboard::worker
