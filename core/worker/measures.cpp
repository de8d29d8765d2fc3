#include "core/worker/measures.hpp"

#include "core/wire/abi_text.hpp"

#include <algorithm>
#include <array>

namespace plugboard::worker {
namespace {

constexpr Duration kPause = std::chrono::milliseconds(100);
constexpr std::size_t kMostLabels = 4;

} // namespace

Measures::Measures(const wire::Setup& setup, Outbox& outbox, Alarms& alarms, const Clock& clock)
    : clock_(clock), outbox_(outbox), alarms_(alarms) {
  for (const wire::DeclaredMetric& declared : setup.metrics) {
    auto& spec = specs_.emplace_back();
    spec.name = declared.name;
    spec.kind = static_cast<connector::MetricKind>(declared.kind);
    for (const auto& values : declared.labels)
      spec.labels.push_back({{}, std::vector<std::string>(values.begin(), values.end())});
  }
}

std::int32_t Measures::record(plugboard_str name, const plugboard_str* labels, std::size_t label_count, double value) {
  const std::lock_guard lock(mutex_);
  const std::int32_t result = note(name, labels, label_count, value);
  const Instant now = clock_.now();
  if (result != PLUGBOARD_OK) ++gathered_.refused;
  if (told_ == Instant::min() || now - told_ >= kPause || gathered_.measures.size() >= wire::kMostMeasures)
    tell_gathered(now);
  else if (!will_tell_)
    will_tell_ = alarms_.set(nullptr, kPause.count(), this,
                             [](void* self, std::int32_t) { static_cast<Measures*>(self)->tell(); }) == PLUGBOARD_OK;
  return result;
}

std::int32_t Measures::note(plugboard_str name, const plugboard_str* labels, std::size_t label_count, double value) {
  if (!wire::is_readable(name) || label_count > kMostLabels || (label_count > 0 && labels == nullptr))
    return PLUGBOARD_NOT_FOUND;
  const auto spec =
      std::find_if(specs_.begin(), specs_.end(), [&](const auto& one) { return one.name == wire::view(name); });
  if (spec == specs_.end()) return PLUGBOARD_NOT_FOUND;
  std::array<std::string_view, kMostLabels> values;
  for (std::size_t i = 0; i < label_count; ++i) values[i] = wire::view(labels[i]);
  const auto series = spec->series_of({values.data(), label_count});
  if (!series) return PLUGBOARD_NOT_FOUND;
  if (!spec->takes(value)) return PLUGBOARD_FAILED;
  const auto metric = static_cast<std::size_t>(spec - specs_.begin());
  const wire::Measure measure{static_cast<std::uint32_t>(metric), static_cast<std::uint32_t>(*series), value};
  if (spec->kind == connector::MetricKind::histogram) return gathered_.measures.push_back(measure), PLUGBOARD_OK;
  const auto [place, first] = at_.try_emplace({metric, *series}, gathered_.measures.size());
  if (first) return gathered_.measures.push_back(measure), PLUGBOARD_OK;
  double& before = gathered_.measures[place->second].value;
  before = spec->kind == connector::MetricKind::counter ? before + value : value;
  return PLUGBOARD_OK;
}

void Measures::tell() {
  const std::lock_guard lock(mutex_);
  will_tell_ = false;
  if (gathered_.refused > 0 || !gathered_.measures.empty()) tell_gathered(clock_.now());
}

void Measures::tell_gathered(Instant now) {
  outbox_.send([this](std::string& out) { wire::write(out, gathered_); });
  gathered_ = {};
  at_.clear();
  told_ = now;
}

} // namespace plugboard::worker
