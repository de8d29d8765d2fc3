// plugboard.host.metrics/1: what the plugin counts, under the connector's name. All its series are there from the
// start; what is counted is a look into a table. [any thread]
#pragma once

#include "core/base/metrics.hpp"
#include "core/connector/connector.hpp"
#include "core/connector/host_log.hpp"

#include <plugboard/host_metrics.h>

#include <vector>

namespace plugboard::connector {

class HostMetrics {
 public:
  HostMetrics(const Settings& settings, Metrics& metrics, HostLog& log);

  std::int32_t record(plugboard_str name, const plugboard_str* labels, std::size_t label_count, double value) const;
  // The same by place in the manifest. False: there is no such metric or series.
  bool record(std::size_t metric, std::size_t series, double value) const;
  void refused(double times) const; // what was not declared

 private:
  struct Family {
    std::vector<Counter*> counters; // of one kind only, by series; all empty: the name is taken by another kind
    std::vector<Gauge*> gauges;
    std::vector<Histogram*> histograms;
  };

  static Family make(const MetricSpec& spec, const Settings& settings, Metrics& metrics, HostLog& log);

  const std::vector<MetricSpec>& specs_;
  std::vector<Family> families_;
  Counter& refused_;
};

} // namespace plugboard::connector
