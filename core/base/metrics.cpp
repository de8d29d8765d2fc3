#include "core/base/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>
#include <vector>

namespace plugboard {
namespace {

class PrometheusCounter final : public Counter {
 public:
  explicit PrometheusCounter(prometheus::Counter& counter) : counter_(counter) {}

  void add(double by) override { counter_.Increment(by); }

 private:
  prometheus::Counter& counter_;
};

class PrometheusGauge final : public Gauge {
 public:
  explicit PrometheusGauge(prometheus::Gauge& gauge) : gauge_(gauge) {}

  void set(double value) override { gauge_.Set(value); }

  void add(double by) override { gauge_.Increment(by); }

 private:
  prometheus::Gauge& gauge_;
};

class PrometheusHistogram final : public Histogram {
 public:
  explicit PrometheusHistogram(prometheus::Histogram& histogram) : histogram_(histogram) {}

  void observe(double seconds) override { histogram_.Observe(seconds); }

 private:
  prometheus::Histogram& histogram_;
};

template <class AnyLabels>
prometheus::Labels to_prometheus(const AnyLabels& labels) {
  prometheus::Labels map;
  for (const auto& [name, value] : labels) map.emplace(name, value);
  return map;
}

const prometheus::Histogram::BucketBoundaries& latency_buckets() {
  static const prometheus::Histogram::BucketBoundaries kSeconds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                                0.25,   0.5,   1,      2.5,   5,    10,    30};
  return kSeconds;
}

// Hands out one wrapper a series; std::map, so that references stay.
template <class Wrapper, class Series>
Wrapper& wrapper_of(std::map<const Series*, Wrapper>& wrappers, Series& series) {
  return wrappers.try_emplace(&series, series).first->second;
}

} // namespace

struct Metrics::State {
  std::mutex mutex;
  prometheus::Registry registry;
  std::map<const prometheus::Counter*, PrometheusCounter> counters;
  std::map<const prometheus::Gauge*, PrometheusGauge> gauges;
  std::map<const prometheus::Histogram*, PrometheusHistogram> histograms;
  std::map<std::string, MetricType> claimed;

  Counter& counter(std::string_view name, std::string_view help, const prometheus::Labels& labels) {
    const std::lock_guard lock(mutex);
    auto builder = prometheus::BuildCounter().Name(std::string(name)).Help(std::string(help));
    return wrapper_of(counters, builder.Register(registry).Add(labels));
  }

  Gauge& gauge(std::string_view name, std::string_view help, const prometheus::Labels& labels) {
    const std::lock_guard lock(mutex);
    auto builder = prometheus::BuildGauge().Name(std::string(name)).Help(std::string(help));
    return wrapper_of(gauges, builder.Register(registry).Add(labels));
  }

  Histogram& histogram(std::string_view name, std::string_view help, const prometheus::Labels& labels,
                       const prometheus::Histogram::BucketBoundaries& buckets) {
    const std::lock_guard lock(mutex);
    auto builder = prometheus::BuildHistogram().Name(std::string(name)).Help(std::string(help));
    return wrapper_of(histograms, builder.Register(registry).Add(labels, buckets));
  }
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}

Metrics::~Metrics() = default;

Counter& Metrics::counter(std::string_view name, std::string_view help, Labels labels) {
  return state_->counter(name, help, to_prometheus(labels));
}

Gauge& Metrics::gauge(std::string_view name, std::string_view help, Labels labels) {
  return state_->gauge(name, help, to_prometheus(labels));
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, Labels labels) {
  return state_->histogram(name, help, to_prometheus(labels), latency_buckets());
}

bool Metrics::claim(std::string_view name, MetricType type) {
  const std::lock_guard lock(state_->mutex);
  return state_->claimed.try_emplace(std::string(name), type).first->second == type;
}

Counter& Metrics::labelled_counter(std::string_view name, std::string_view help, const LabelList& labels) {
  return state_->counter(name, help, to_prometheus(labels));
}

Gauge& Metrics::labelled_gauge(std::string_view name, std::string_view help, const LabelList& labels) {
  return state_->gauge(name, help, to_prometheus(labels));
}

Histogram& Metrics::labelled_histogram(std::string_view name, std::string_view help, const LabelList& labels,
                                       const std::vector<double>& buckets) {
  return state_->histogram(name, help, to_prometheus(labels), buckets.empty() ? latency_buckets() : buckets);
}

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

} // namespace plugboard
