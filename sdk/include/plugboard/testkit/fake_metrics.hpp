// What the connector counted. As in a hub, only what is declared is taken. [any thread]
#pragma once

#include <plugboard/host_metrics.h>
#include <plugboard/types.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <stdexcept>

namespace plugboard::testkit {

class FakeMetrics {
 public:
  // As the manifest does: the values that each label may have, in its order.
  void declare(std::string name, std::vector<std::vector<std::string>> labels = {}) {
    std::lock_guard lock(mutex_);
    declared_[std::move(name)] = std::move(labels);
  }

  // All that was recorded, in order: what a counter grew by, what a gauge became, what a histogram noted.
  std::vector<double> recorded(const std::string& name, const std::vector<std::string>& labels = {}) const {
    std::lock_guard lock(mutex_);
    auto found = recorded_.find({name, labels});
    return found == recorded_.end() ? std::vector<double>() : found->second;
  }

  double sum(const std::string& name, const std::vector<std::string>& labels = {}) const {
    double all = 0;
    for (double one : recorded(name, labels)) all += one;
    return all;
  }

  // What was refused, by name.
  std::vector<std::string> refused() const {
    std::lock_guard lock(mutex_);
    return refused_;
  }

  std::int32_t record(std::string_view name, const plugboard_str* labels, std::size_t count, double value) {
    std::vector<std::string> values;
    for (std::size_t i = 0; i < count; ++i) values.emplace_back(view(labels[i]));
    std::lock_guard lock(mutex_);
    if (!is_declared(name, values)) {
      refused_.emplace_back(name);
      return PLUGBOARD_NOT_FOUND;
    }
    recorded_[{std::string(name), std::move(values)}].push_back(value);
    return PLUGBOARD_OK;
  }

 private:
  bool is_declared(std::string_view name, const std::vector<std::string>& values) const {
    auto found = declared_.find(name);
    if (found == declared_.end() || found->second.size() != values.size()) return false;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto& known = found->second[i];
      if (std::find(known.begin(), known.end(), values[i]) == known.end()) return false;
    }
    return true;
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::vector<std::vector<std::string>>, std::less<>> declared_;
  std::map<std::pair<std::string, std::vector<std::string>>, std::vector<double>> recorded_;
  std::vector<std::string> refused_;
};

} // namespace plugboard::testkit
