// How a worker comes up: launched, greeted, set up, and then it serves; or it is refused.
#include "core/connector/host_log.hpp"
#include "core/connector/worker_keeper.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::connector {
namespace {

constexpr Duration kTimeToComeUp = std::chrono::seconds(10);

// What a reply or a request may be at most, with the texts around its data.
std::size_t most_frame_bytes(const Settings& settings) {
  constexpr std::size_t kAround = (1 << 20) + (256 << 10);
  return std::max<std::size_t>(settings.max_reply_bytes, 1 << 20) + kAround;
}

} // namespace

std::string WorkerKeeper::launch_order(Result<std::shared_ptr<Cgroup>> group) {
  const Settings& settings = parts_.settings;
  wire::Launch launch;
  launch.connector = settings.name;
  launch.without = parts_.workers.without;
  launch.folders = files_.folders();
  launch.tunnels = tunnels_.ports();
  record_.join(launch, std::move(group));
  launch.limits = settings.limits;
  launch.uid = parts_.workers.next_user();
  std::string frame;
  wire::write(frame, launch);
  return frame;
}

void WorkerKeeper::launch() {
  if (phase_ != Phase::down) return;
  why_killed_.clear();
  pending_ = PendingLaunch::begin(parts_.workers, {parts_.settings.name, parts_.settings.limits, plugin_}, home_.io,
                                  [self = shared_from_this()] { self->spawned(); });
  phase_ = Phase::spawning;
  record_.launching();
}

void WorkerKeeper::spawned() {
  if (phase_ != Phase::spawning) return; // stop() sees to it
  auto spawned = std::exchange(pending_, nullptr)->take();
  phase_ = Phase::down;
  if (!spawned->started) return refuse(spawned->started.error().message);
  WorkerProcess::Started& started = *spawned->started;
  process_ = std::move(started.process);
  link_ = std::make_shared<WorkerLink>(parts_.homes, home_index_, std::exchange(started.socket, -1),
                                       most_frame_bytes(parts_.settings), static_cast<WorkerLink::Receiver&>(*this));
  services_ = std::make_unique<WorkerServices>(parts_.border, link_);
  phase_ = Phase::launching;
  await_end();
  link_->send([&](std::string& out) { out += launch_order(std::move(spawned->group)); });
  link_->listen();
  arm(patience_, kTimeToComeUp, &WorkerKeeper::give_up_starting);
}

std::string_view WorkerKeeper::launched(std::string_view body) {
  auto launched = wire::read_launched(body);
  const auto tunnelled = tunnels_.open(link_->take_descriptors());
  if (!launched) return "its launcher is of another build than the hub";
  if (!launched->refused.empty()) return refuse(std::move(launched->refused)), std::string_view();
  if (!tunnelled) return refuse(tunnelled.error().message), std::string_view();
  process_->know_worker(static_cast<pid_t>(launched->pid));
  phase_ = Phase::greeting;
  own_root_ = std::any_of(launched->layers.begin(), launched->layers.end(), [](const wire::LayerState& state) {
    return state.layer == wire::Layer::mount && state.present;
  });
  record_.launched(launched->pid, std::move(launched->layers));
  return {};
}

std::string_view WorkerKeeper::greeted(std::string_view body) {
  const auto hello = wire::read_hello(body);
  if (!hello) return "it is of another build than the hub";
  const std::string known = record_.missing();
  record_.greeted(hello->layers, hello->profile);
  const std::string missing = record_.missing();
  if (!missing.empty() && missing != known) parts_.log.noticed("plugin.layers_missing", missing);
  if (!missing.empty() && parts_.settings.isolation == Isolation::require) {
    refuse("\"isolation\": \"require\" wants every layer of the sandbox, and these can't be had here: " + missing);
    return {};
  }
  set_up();
  return {};
}

void WorkerKeeper::set_up() {
  phase_ = Phase::setting_up;
  const Settings& settings = parts_.settings;
  const Manifest& manifest = settings.plugin.manifest;
  wire::Setup setup;
  setup.plugin = manifest.name;
  setup.version = manifest.version;
  setup.config = config_;
  setup.blocking = manifest.execution == Execution::blocking;
  setup.threads = static_cast<std::uint32_t>(parts_.border.turnstile().places());
  setup.max_reply_bytes = settings.max_reply_bytes;
  for (const MetricSpec& spec : manifest.metrics) {
    auto& metric = setup.metrics.emplace_back();
    metric.name = spec.name;
    metric.kind = static_cast<std::uint8_t>(spec.kind);
    for (const MetricLabel& label : spec.labels) metric.labels.emplace_back(label.values.begin(), label.values.end());
  }
  tunnels_.set_up(setup);
  files_.set_up(setup, own_root_, *link_);
}

void WorkerKeeper::came_up() {
  phase_ = Phase::up;
  patience_.cancel();
  crash_loop_.started(home_.clock.now());
  in_flight_.open(link_);
  record_.became(WorkerState::up);
  files_.came_up();
  probe_answered_ = probe_;
  probe_later();
  fulfil({});
  measure();
  record_.watch(); // last: where there is no memory for it, nothing else is left undone
}

// The first start fails with it; a later one is tried again.
void WorkerKeeper::refuse(std::string why) {
  why_killed_ = why;
  fulfil(fail(Code::invalid_argument, std::move(why)));
  if (process_ == nullptr) {
    go_down(Verdict::crashed);
    return ended(why_killed_);
  }
  kill(why_killed_, Verdict::crashed);
}

void WorkerKeeper::give_up_starting() {
  kill("it did not come up in time", Verdict::crashed);
}

} // namespace plugboard::connector
