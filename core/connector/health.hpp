// How a connector is by its own word, which it may give by plugboard.health/1. Values.
#pragma once

#include "core/base/clock.hpp"
#include "core/connector/outcome.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace plugboard::connector {

struct HealthAnswer {  // of one check
  bool offered = true; // false: it has no plugboard.health/1
  Outcome outcome;
  std::string message; // its own, for the operator
};

using HealthDone = std::function<void(HealthAnswer)>;

enum class Condition : std::uint8_t {
  unknown = 1, // it was not asked yet, or could not be
  not_offered,
  healthy,
  unhealthy,
};

std::string_view name_of(Condition condition); // "unknown", "not_offered", "healthy", "unhealthy"

struct Health { // now
  Condition condition = Condition::unknown;
  std::string message; // unhealthy: what the operator shall do
  WallTime since{};    // of this condition
  WallTime asked{};    // when it answered last
};

} // namespace plugboard::connector
