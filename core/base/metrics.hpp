// What operators graph. Families are made once at start; what is counted on the way of a request is a reference kept by
// its owner, never looked up by label. Labels are names from the configuration, never customer data. [any thread]
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plugboard {

class Counter {
 public:
  virtual ~Counter() = default;
  virtual void add(double by = 1) = 0;
};

class Gauge {
 public:
  virtual ~Gauge() = default;
  virtual void set(double value) = 0;
  virtual void add(double by) = 0;
};

class Histogram { // seconds, with buckets from 0.5 ms to 30 s
 public:
  virtual ~Histogram() = default;
  virtual void observe(double seconds) = 0;
};

using LabelList = std::vector<std::pair<std::string, std::string>>; // made at run time

enum class MetricType : unsigned char { counter = 1, gauge, histogram };

using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// Same name and labels: the same object. References live as long as this registry.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  Counter& counter(std::string_view name, std::string_view help, Labels labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, Labels labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, Labels labels = {});

  // For names and labels that come from a plugin's manifest. A name is one type's: false, when it is another's already.
  bool claim(std::string_view name, MetricType type);
  Counter& labelled_counter(std::string_view name, std::string_view help, const LabelList& labels);
  Gauge& labelled_gauge(std::string_view name, std::string_view help, const LabelList& labels);
  Histogram& labelled_histogram(std::string_view name, std::string_view help, const LabelList& labels,
                                const std::vector<double>& buckets); // none: those for seconds

  std::string text() const; // Prometheus' text format

 private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace plugboard
