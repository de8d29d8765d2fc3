// What a worker asks of the hub beyond HTTP, files and secrets, and what it is told then; one struct a frame, read and
// written as messages.hpp's are. Values.
#pragma once

#include "core/wire/frame.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::wire {

struct AlarmSet {
  std::uint64_t alarm = 0; // the worker's number for it
  std::uint64_t call = 0;  // on whose behalf; 0: the plugin's own business
  std::int64_t after_ns = 0;
};

struct AlarmOver {
  std::uint64_t alarm = 0;
  std::int32_t outcome = 0;
};

struct Measure {                        // one value, or several of one series summed up
  std::uint32_t metric = 0, series = 0; // by place in Setup::metrics
  double value = 0;
};

struct Measured {
  std::uint32_t refused = 0; // values that were not declared
  std::vector<Measure> measures;
};

inline constexpr std::uint32_t kMostMeasures = 4096; // in one frame

void write(std::string& out, const AlarmSet& message);
void write(std::string& out, const AlarmOver& message);
void write(std::string& out, const Measured& message);

std::optional<AlarmSet> read_alarm_set(std::string_view body);
std::optional<AlarmOver> read_alarm_over(std::string_view body);
std::optional<Measured> read_measured(std::string_view body);

} // namespace plugboard::wire
