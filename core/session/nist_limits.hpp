// How long a session may last by NIST SP 800-63B-4 (sections 2.1.3, 2.2.3 and 2.3.3), by the assurance it was begun
// with: overall, and unused. Values.
#pragma once

#include "core/base/assurance.hpp"
#include "core/base/clock.hpp"

namespace plugboard::session {

struct NistLimits {
  Duration overall, idle;
};

constexpr NistLimits nist_limits(Assurance assurance) {
  using namespace std::chrono_literals;
  if (assurance >= Assurance::aal3) return {12h, 15min};
  if (assurance >= Assurance::aal2) return {24h, 1h};
  return {30 * 24h, 30 * 24h}; // it asks for no limit of idleness
}

} // namespace plugboard::session
