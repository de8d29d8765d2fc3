#include "core/connector/host_metrics.hpp"

#include "core/connector/abi_text.hpp"

#include <array>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostLabels = 4;

LabelList labels_of(const MetricSpec& spec, std::size_t series, const std::string& connector) {
  LabelList labels{{"connector", connector}};
  const auto values = spec.values_of(series);
  for (std::size_t i = 0; i < values.size(); ++i) labels.emplace_back(spec.labels[i].name, values[i]);
  return labels;
}

MetricType type_of(MetricKind kind) {
  switch (kind) {
  case MetricKind::counter:
    return MetricType::counter;
  case MetricKind::gauge:
    return MetricType::gauge;
  default:
    return MetricType::histogram;
  }
}

} // namespace

HostMetrics::HostMetrics(const Settings& settings, Metrics& metrics, HostLog& log)
    : specs_(settings.plugin.manifest.metrics),
      refused_(metrics.counter("plugboard_connector_metrics_refused_total",
                               "Values that a plugin wanted counted under names or labels that its manifest does not "
                               "declare, or that are no numbers",
                               {{"connector", settings.name}})) {
  for (const MetricSpec& spec : specs_) families_.push_back(make(spec, settings, metrics, log));
}

HostMetrics::Family HostMetrics::make(const MetricSpec& spec, const Settings& settings, Metrics& metrics,
                                      HostLog& log) {
  const std::string name = "plugboard_plugin_" + settings.plugin.manifest.name + "_" + spec.name;
  Family family;
  if (!metrics.claim(name, type_of(spec.kind))) {
    log.noticed("plugin.metric_changed", name + " is of another type than it was in an earlier version of the plugin, "
                                                "or than another's of that name: it is not counted until a restart");
    return family;
  }
  for (std::size_t i = 0; i < spec.series(); ++i) {
    const auto labels = labels_of(spec, i, settings.name);
    if (spec.kind == MetricKind::counter)
      family.counters.push_back(&metrics.labelled_counter(name, spec.help, labels));
    else if (spec.kind == MetricKind::gauge)
      family.gauges.push_back(&metrics.labelled_gauge(name, spec.help, labels));
    else
      family.histograms.push_back(&metrics.labelled_histogram(name, spec.help, labels, spec.buckets));
  }
  return family;
}

std::int32_t HostMetrics::record(plugboard_str name, const plugboard_str* labels, std::size_t label_count,
                                 double value) const {
  std::array<std::string_view, kMostLabels> values;
  const bool readable = is_readable(name) && label_count <= values.size() && (label_count == 0 || labels != nullptr);
  for (std::size_t i = 0; readable && i < label_count; ++i) values[i] = view(labels[i]);
  for (std::size_t i = 0; readable && i < specs_.size(); ++i) {
    if (specs_[i].name != view(name)) continue;
    const auto series = specs_[i].series_of({values.data(), label_count});
    if (!series) break;
    if (!specs_[i].takes(value)) return refused(1), PLUGBOARD_FAILED;
    static_cast<void>(record(i, *series, value)); // there is one
    return PLUGBOARD_OK;
  }
  refused(1);
  return PLUGBOARD_NOT_FOUND;
}

bool HostMetrics::record(std::size_t metric, std::size_t series, double value) const {
  if (metric >= specs_.size() || series >= specs_[metric].series() || !specs_[metric].takes(value)) return false;
  const Family& family = families_[metric];
  if (!family.counters.empty()) family.counters[series]->add(value);
  if (!family.gauges.empty()) family.gauges[series]->set(value);
  if (!family.histograms.empty()) family.histograms[series]->observe(value);
  return true;
}

void HostMetrics::refused(double times) const {
  refused_.add(times);
}

} // namespace plugboard::connector
