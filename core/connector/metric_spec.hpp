// A metric of a plugin as its manifest declares it, with every value that its labels may have: so what it can become is
// known, and bounded, before any of its code runs. Values.
#pragma once

#include "core/json/document.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::connector {

enum class MetricKind : std::uint8_t { counter = 1, gauge, histogram };

struct MetricLabel {
  std::string name;
  std::vector<std::string> values;
};

struct MetricSpec {
  std::string name, help;
  MetricKind kind = MetricKind::counter;
  std::vector<MetricLabel> labels;
  std::vector<double> buckets; // histogram; empty: those for seconds

  std::size_t series() const; // how many there are: one for each combination of values
  // Which one these values mean, in the order of the labels; nothing: it declares no such.
  std::optional<std::size_t> series_of(std::span<const std::string_view> values) const;
  std::vector<std::string_view> values_of(std::size_t series) const; // the other way round

  bool takes(double value) const; // a number, and of a counter none below zero
};

// Reads {NAME: {"type", "help", "labels", "buckets"}, …}. Error: a sentence, with the pointer below `at` before it.
Result<std::vector<MetricSpec>> read_metric_specs(const json::TreeValue& metrics, const std::string& at);

} // namespace plugboard::connector
