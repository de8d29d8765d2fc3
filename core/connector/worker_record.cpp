#include "core/connector/worker_record.hpp"

#include "core/connector/resources.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::connector {
namespace {

constexpr std::size_t kExitsKept = 5;

Counter& exits(Metrics& metrics, const Settings& settings, std::string_view kind) {
  return metrics.counter("plugboard_worker_exits_total",
                         "Workers that ended unasked: by themselves, by the hub, at a limit",
                         {{"connector", settings.name}, {"kind", kind}});
}

Counter& hits(Metrics& metrics, const Settings& settings, std::string_view limit) {
  return metrics.counter("plugboard_worker_limit_hits_total", "Workers that ran into a limit",
                         {{"connector", settings.name}, {"limit", limit}});
}

Gauge& gauge(Metrics& metrics, const Settings& settings, std::string_view name, std::string_view help) {
  return metrics.gauge(name, help, {{"connector", settings.name}});
}

std::size_t present_in(const std::vector<wire::LayerState>& layers) {
  return static_cast<std::size_t>(
      std::count_if(layers.begin(), layers.end(), [](const wire::LayerState& state) { return state.present; }));
}

} // namespace

WorkerRecord::WorkerRecord(const Settings& settings, Workers& workers, Metrics& metrics)
    : settings_(settings), workers_(workers),
      starts_(metrics.counter("plugboard_worker_starts_total", "Workers that were started",
                              {{"connector", settings.name}})),
      hits_{hits(metrics, settings, "memory"), hits(metrics, settings, "threads")},
      cpu_seconds_(metrics.counter("plugboard_worker_cpu_seconds_total", "Time on the processor, of all its workers",
                                   {{"connector", settings.name}})),
      gave_way_(metrics.counter("plugboard_worker_gave_way_total",
                                "Times that a worker held the processor and was put behind all others",
                                {{"connector", settings.name}})),
      up_(gauge(metrics, settings, "plugboard_worker_up", "Workers that serve")),
      resident_(gauge(metrics, settings, "plugboard_worker_resident_bytes", "Memory that its worker holds")),
      present_(gauge(metrics, settings, "plugboard_connector_layers", "Layers of the sandbox around its worker")),
      missing_(gauge(metrics, settings, "plugboard_connector_layers_missing",
                     "Layers of the sandbox that its worker has to do without")) {
  exits_ = {nullptr, &exits(metrics, settings, "crash"), &exits(metrics, settings, "killed"),
            &exits(metrics, settings, "limit")};
  shown_.isolation = settings.isolation;
  shown_.state = WorkerState::starting;
}

Containment WorkerRecord::now() const {
  const std::lock_guard lock(mutex_);
  return shown_;
}

WorkerState WorkerRecord::state() const {
  const std::lock_guard lock(mutex_);
  return shown_.state;
}

std::string WorkerRecord::missing() const {
  const std::lock_guard lock(mutex_);
  return missing_layers(shown_);
}

void WorkerRecord::became(WorkerState state) {
  up_.set(state == WorkerState::up ? 1 : 0);
  const std::lock_guard lock(mutex_);
  shown_.state = state;
  if (state == WorkerState::stopped) shown_.pid = 0;
}

void WorkerRecord::launching() {
  starts_.add();
  became(WorkerState::starting);
  const std::lock_guard lock(mutex_);
  ++shown_.starts;
}

// Removing it may take a while.
void WorkerRecord::leave_group() {
  watched_.reset();
  if (group_ != nullptr) workers_.where_it_may_block([group = std::move(group_)] {});
}

void WorkerRecord::join(wire::Launch& order, Result<std::shared_ptr<Cgroup>> group) {
  leave_group();
  counted_ = {};
  noted_limit_ = over_memory_ = false;
  if (!group) {
    order.no_cgroup = group.error().message;
    return;
  }
  group_ = *std::move(group);
  order.cgroups = group_->folders();
}

void WorkerRecord::launched(std::uint32_t pid, std::vector<wire::LayerState> layers) {
  layers_ = std::move(layers);
  const bool joined = std::any_of(layers_.begin(), layers_.end(), [](const wire::LayerState& state) {
    return state.layer == wire::Layer::cgroup && state.present;
  });
  if (!joined) leave_group();
  const std::lock_guard lock(mutex_);
  shown_.pid = pid;
}

void WorkerRecord::greeted(const std::vector<wire::LayerState>& layers, std::string_view profile) {
  layers_.insert(layers_.end(), layers.begin(), layers.end());
  std::sort(layers_.begin(), layers_.end(),
            [](const wire::LayerState& a, const wire::LayerState& b) { return a.layer < b.layer; });
  const std::size_t present = present_in(layers_);
  present_.set(static_cast<double>(present));
  missing_.set(static_cast<double>(layers_.size() - present));
  const std::lock_guard lock(mutex_);
  shown_.layers = std::move(layers_);
  shown_.profile = profile;
}

void WorkerRecord::watch() {
  if (group_ != nullptr) watched_ = workers_.watch(group_, gave_way_);
}

std::string WorkerRecord::memory_limit() const {
  return "memory limit (" + std::to_string(settings_.limits.memory_bytes >> 20) + " MiB)";
}

void WorkerRecord::spent(Duration cpu) {
  if (cpu <= counted_) return;
  cpu_seconds_.add(std::chrono::duration<double>(cpu - counted_).count());
  counted_ = cpu;
}

std::string_view WorkerRecord::note_limit() {
  const std::string_view hit = over_memory_ ? "memory" : group_ != nullptr ? group_->limit_hit() : "";
  if (!hit.empty() && !std::exchange(noted_limit_, true)) (hit == "memory" ? hits_.memory : hits_.threads).add();
  return hit;
}

std::string WorkerRecord::measure() {
  const auto use = resources_of(now().pid);
  if (!use) return "";
  const CgroupUse grouped = group_ != nullptr ? group_->use() : CgroupUse{};
  spent(grouped.processor.value_or(use->cpu));
  resident_.set(static_cast<double>(use->resident_bytes));
  {
    const std::lock_guard lock(mutex_);
    shown_.resident_bytes = use->resident_bytes;
    shown_.memory_bytes = grouped.memory_bytes.value_or(use->resident_bytes);
    shown_.cpu = counted_;
  }
  const std::uint64_t most = settings_.limits.memory_bytes;
  over_memory_ = !grouped.memory_bytes && most > 0 && use->resident_bytes > most; // else the kernel sees to it
  note_limit();
  return over_memory_ ? memory_limit() : "";
}

std::uint64_t& WorkerRecord::count_of(Kind kind) {
  if (kind == Kind::limit) return shown_.at_limit;
  return kind == Kind::killed ? shown_.killed : shown_.crashes;
}

std::string WorkerRecord::ended(const std::string& how, const std::string& why_killed, WallTime at, bool counts) {
  if (group_ != nullptr) spent(group_->use().processor.value_or(Duration{}));
  const std::string_view hit = note_limit();
  Kind kind = why_killed.empty() ? Kind::crash : Kind::killed;
  std::string words = why_killed.empty() ? how : "killed: " + why_killed;
  if (hit == "memory") {
    kind = Kind::limit;
    if (!over_memory_) words = "killed by the kernel: " + memory_limit();
  } else if (hit == "threads") {
    words += "; it had run into its limit of threads (" + std::to_string(settings_.limits.threads) + ")";
  }
  leave_group();
  up_.set(0);
  resident_.set(0);
  const std::lock_guard lock(mutex_);
  shown_.pid = 0;
  shown_.resident_bytes = shown_.memory_bytes = 0;
  if (!counts) return words;
  exits_[static_cast<std::size_t>(kind)]->add();
  ++count_of(kind);
  shown_.last_exits.insert(shown_.last_exits.begin(), Exit{at, words});
  if (shown_.last_exits.size() > kExitsKept) shown_.last_exits.pop_back();
  return words;
}

} // namespace plugboard::connector
