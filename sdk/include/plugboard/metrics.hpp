// What a connector counts for whoever runs the hub: each metric under a name that its manifest declares, with label
// values that it declares, in the order of the labels there. From Host::metrics(). [any thread]
#pragma once

#include <plugboard/host_metrics.h>
#include <plugboard/types.hpp>

#include <array>
#include <initializer_list>

namespace plugboard {

class HostMetrics {
 public:
  using Labels = std::initializer_list<std::string_view>;

  explicit HostMetrics(const plugboard_host* host)
      : host_(host),
        metrics_(static_cast<const plugboard_host_metrics_v1*>(host->extension(host, PLUGBOARD_HOST_METRICS_V1))) {}

  // Not ok: not_found, when the manifest declares no such name or label value; nothing is counted then.
  Status count(std::string_view counter, Labels labels = {}, double by = 1) const {
    return record(counter, labels, by);
  }

  Status set(std::string_view gauge, double value, Labels labels = {}) const { return record(gauge, labels, value); }

  Status observe(std::string_view histogram, double value, Labels labels = {}) const {
    return record(histogram, labels, value);
  }

 private:
  Status record(std::string_view name, Labels labels, double value) const {
    if (!metrics_) return Status::unsupported;
    std::array<plugboard_str, 4> values{};
    if (labels.size() > values.size()) return Status::not_found;
    std::size_t count = 0;
    for (auto label : labels) values[count++] = str(label);
    return static_cast<Status>(metrics_->record(host_, str(name), values.data(), count, value));
  }

  const plugboard_host* host_;
  const plugboard_host_metrics_v1* metrics_;
};

} // namespace plugboard
