// Whose answers may be kept, and for how long: one connector as it is configured. Made once a generation; two that see
// the same (fingerprint) share what is kept. [any thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/base/metrics.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace plugboard::context {

struct KeepingRules {    // of one section; counted from when its answer came
  Duration fresh{};      // given as it is; 0: nothing is kept
  Duration revalidate{}; // beyond that: given, while it is asked for anew
  Duration if_error{};   // beyond that: given as stale, where the system fails
  Duration not_found{};  // that the system does not know this customer

  Duration longest() const { return fresh + std::max(revalidate, if_error); }
};

struct SourceSpec {
  std::string connector, plugin, version;
  std::string fingerprint;           // of all that the connector sees of its configuration
  bool by_actor = true;              // false: its answers are the same whoever asks
  bool by_purpose = true;            // false: and whatever for
  std::vector<std::string> sections; // their own names: "contact"
  std::vector<KeepingRules> rules;   // by section
};

struct AnswerSource : SourceSpec {
  AnswerSource(SourceSpec spec, std::uint64_t seed, Metrics& metrics);

  std::uint64_t hash; // of what tells it from others
  Counter& hits;
  Counter& misses;
  Counter& stale;
  Counter& shared; // questions that somebody else's call answered

  mutable std::atomic<bool> is_retired = false; // no configuration has it any more: nothing of it is kept
};

using AnswerSourcePtr = std::shared_ptr<const AnswerSource>;

bool see_the_same(const AnswerSource& a, const AnswerSource& b);

} // namespace plugboard::context
