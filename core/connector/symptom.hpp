// What a call's end says of the system that was asked: breaker, retries and limits go by it, not by statuses. Pure.
#pragma once

#include "core/connector/outcome.hpp"

#include <cstdint>

namespace plugboard::connector {

enum class Symptom : std::uint8_t {
  answered = 1, // it did what it is there for, be it to say that it knows nobody, or that the question is wrong
  failed,       // it, or the plugin that speaks for it, did not
  none,         // nothing is to be learned: nobody waited long enough, or it was never asked
};

// slow: what counts as slow for this call. A deadline that leaves less than that is not the system's fault; nor is what
// becomes of a worker, which its keeper judges (crash_loop), or what the hub itself refuses.
Symptom symptom_of(const Outcome& outcome, Duration took, Duration slow);

// Whether the same call may well fare better in a moment. What is slow already is not asked twice for that, and what
// took a worker down must not take the next.
bool is_passing(const Outcome& outcome);

} // namespace plugboard::connector
