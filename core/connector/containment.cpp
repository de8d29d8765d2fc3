#include "core/connector/containment.hpp"

#include "core/base/assert.hpp"

#include <boost/asio/post.hpp>

namespace plugboard::connector {

Workers::~Workers() {
  thread_.join();
}

void Workers::where_it_may_block(std::function<void()> work) {
  boost::asio::post(thread_, std::move(work));
}

std::uint32_t Workers::next_user() {
  constexpr std::uint32_t kFirst = 61'184,
                          kCount = 4'096; // from those that systemd keeps for users of a service's life
  return as_root ? kFirst + started++ % kCount : 0;
}

std::shared_ptr<Hogs::Worker> Workers::watch(std::shared_ptr<Cgroup> group, Counter& gave_way) {
  return hogs_ ? hogs_->watch(std::move(group), gave_way) : nullptr;
}

std::string_view name_of(Isolation isolation) {
  switch (isolation) {
  case Isolation::in_process:
    return "in_process";
  case Isolation::worker:
    return "worker";
  case Isolation::require:
    return "require";
  }
  PLUGBOARD_ASSERT(!"an isolation without a name");
}

std::string_view name_of(WorkerState state) {
  switch (state) {
  case WorkerState::none:
    return "none";
  case WorkerState::starting:
    return "starting";
  case WorkerState::up:
    return "up";
  case WorkerState::waiting:
    return "waiting";
  case WorkerState::breaker_open:
    return "breaker_open";
  case WorkerState::stopped:
    return "stopped";
  }
  PLUGBOARD_ASSERT(!"a state without a name");
}

void Workers::use_groups(Cgroups groups) {
  groups_.emplace(std::move(groups));
}

Result<std::shared_ptr<Cgroup>> Workers::make_group(std::string_view connector, const wire::Limits& limits) {
  const std::lock_guard lock(mutex_);
  if (!groups_) return fail(Code::unavailable, "the hub looked for no control groups");
  return groups_->make(connector, limits);
}

std::string missing_layers(const Containment& containment) {
  std::string missing;
  for (const wire::LayerState& state : containment.layers)
    if (!state.present)
      missing += (missing.empty() ? "" : "; ") + std::string(wire::name_of(state.layer)) + " (" + state.why_not + ")";
  return missing;
}

} // namespace plugboard::connector
