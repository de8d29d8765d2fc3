// What is counted of one connector: for operators as metrics, for the admin API as plain numbers. References to metrics
// are kept from the start; nothing is looked up on the way of a request. [any thread]
#pragma once

#include "core/base/metrics.hpp"
#include "core/connector/connector.hpp"
#include "core/connector/level.hpp"

#include <array>
#include <atomic>
#include <vector>

namespace plugboard::connector {

enum class Violation : std::uint8_t {
  completed_twice = 1,
  unknown_call,    // completed, or asked for, something that never was a call
  garbage,         // a struct that is none
  bad_answer,      // broke the contract in what it said
  never_completed, // not even when it was stopped
  broke_wire,      // a worker spoke to the hub as none may
};

class Tally {
 public:
  Tally(Metrics& metrics, const Settings& settings);

  void ended(std::size_t section, const Outcome& outcome); // one call; section: see section_of()
  void cancelled(); // one call that ended without an answer, since nobody waited for one
  void violated(Violation kind);

  void late() { late_.add(); }

  void running(std::size_t running, std::size_t waiting); // how many there are now

  // The "section" that counts what is no lookup: PLUGBOARD_LOGOUT, "logout".
  std::size_t section_of(std::int32_t operation) const;
  static std::string_view operation_name(std::int32_t operation);

  Counts counts() const { return {calls_, failures_, violations_, 0, 0}; }

 private:
  static constexpr std::size_t kStatuses = static_cast<std::size_t>(Status::denied) + 1;
  static constexpr std::size_t kViolations = static_cast<std::size_t>(Violation::broke_wire) + 1;

  std::vector<std::array<Counter*, kStatuses>> by_status_;
  std::array<Counter*, kViolations> by_violation_{};
  Counter &nobody_, &malformed_, &several_; // values that were not taken for identifiers
  Counter& late_;
  Counter& cancelled_;
  Histogram& seconds_;
  Level running_, waiting_, isolation_;
  std::atomic<std::uint64_t> calls_ = 0, failures_ = 0, violations_ = 0;
};

std::string_view name_of(Violation violation);

} // namespace plugboard::connector
