// What the plugin counts, held against what its manifest declares and summed up, so that the hub hears of it at most
// ten times a second: the first value at once, what follows a tenth of a second later. [any thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/connector/metric_spec.hpp"
#include "core/wire/messages.hpp"
#include "core/wire/services.hpp"
#include "core/worker/alarms.hpp"
#include "core/worker/outbox.hpp"

#include <plugboard/abi.h>

#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace plugboard::worker {

class Measures {
 public:
  Measures(const wire::Setup& setup, Outbox& outbox, Alarms& alarms, const Clock& clock);

  std::int32_t record(plugboard_str name, const plugboard_str* labels, std::size_t label_count, double value);
  void tell(); // what has gathered, if anything

 private:
  std::int32_t note(plugboard_str name, const plugboard_str* labels, std::size_t label_count, double value);
  void tell_gathered(Instant now); // under the mutex

  const Clock& clock_;
  Outbox& outbox_;
  Alarms& alarms_;
  std::vector<connector::MetricSpec> specs_;
  std::mutex mutex_;
  wire::Measured gathered_;
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> at_; // metric and series to their place in it
  Instant told_ = Instant::min();
  bool will_tell_ = false; // an alarm is set for it
};

} // namespace plugboard::worker
