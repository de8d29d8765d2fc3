#include "core/worker/plugin.hpp"

#include "core/connector/guard.hpp"
#include "core/connector/library.hpp"
#include "core/connector/plugin_error.hpp"
#include "core/connector/plugin_extension.hpp"
#include "core/connector/table_check.hpp"
#include "core/wire/abi_text.hpp"

#include <utility>

namespace plugboard::worker {

Plugin::Plugin(const wire::Setup& setup, std::string where, Host& host)
    : name_(setup.plugin), version_(setup.version), config_(setup.config), where_(std::move(where)), host_(host) {
  if (!setup.blocking) return;
  calls_ = std::make_unique<connector::Pool>(setup.threads);
  hints_ = std::make_unique<connector::Pool>(1); // being told of a cancellation may block too
}

void Plugin::start(std::function<void(Result<void>)> done) {
  life_.run([this, done = std::move(done)] { done(load_and_start()); });
}

Result<void> Plugin::load_and_start() {
  const std::string shown = name_ + ".so";
  const auto table = connector::map_library(where_, shown);
  if (!table) return table.error();
  connector::PluginFile expected;
  expected.path = shown;
  expected.manifest.name = name_;
  expected.manifest.version = version_;
  const auto checked = connector::check_table(*table, expected);
  if (!checked) return checked.error();
  table_ = *checked;
  const auto created = connector::ask_plugin("create", [&](plugboard_error* error) {
    return table_.create(&host_.table(), wire::str(config_), &instance_, error);
  });
  if (!created) return created;
  auto started = connector::ask_plugin("start", [&](plugboard_error* error) { return table_.start(instance_, error); });
  if (started) health_ = connector::health_of(table_, instance_);
  return started;
}

void Plugin::call(std::shared_ptr<OpenCall> call) {
  if (calls_ == nullptr) return run(*call);
  calls_->run([this, call = std::move(call)] { run(*call); });
}

void Plugin::run(const OpenCall& call) {
  const bool checks = call.call.request.operation == PLUGBOARD_CHECK_HEALTH;
  const auto how = checks ? health_.check : table_.call;
  if (how == nullptr) return end(call, PLUGBOARD_UNSUPPORTED, "it offers no " PLUGBOARD_HEALTH_V1);
  if (connector::guarded([&] { how(instance_, &call.call.request, call.handle()); })) return;
  if (host_.calls().is_open(call.call.handle)) end(call, PLUGBOARD_INTERNAL, "its call() threw an exception");
}

void Plugin::end(const OpenCall& call, std::int32_t status, std::string_view why) {
  plugboard_reply reply{};
  reply.p = PLUGBOARD_PREFIX(plugboard_reply);
  reply.status = status;
  reply.message = wire::str(why);
  host_.complete(call.handle(), &reply);
}

void Plugin::cancel(std::uint64_t handle) {
  if (table_.cancel == nullptr || !host_.calls().is_open(handle)) return;
  const auto tell = [this, handle] {
    auto* call = reinterpret_cast<plugboard_call*>(static_cast<std::uintptr_t>(handle));
    static_cast<void>(connector::guarded([&] { table_.cancel(instance_, call); }));
  };
  if (hints_ == nullptr) return tell();
  hints_->run(tell);
}

void Plugin::stop(std::function<void()> done) {
  life_.run([this, done = std::move(done)] {
    if (instance_ != nullptr) {
      static_cast<void>(connector::guarded([&] { table_.stop(instance_); }));
      if (calls_ != nullptr) calls_->join();
      if (hints_ != nullptr) hints_->join();
      static_cast<void>(connector::guarded([&] { table_.destroy(instance_); }));
    }
    done();
  });
}

} // namespace plugboard::worker
