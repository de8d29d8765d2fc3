// Whether a kept answer may be given, by its age and what the asker takes. Pure.
#pragma once

#include "core/context/kept_answers.hpp"

#include <optional>

namespace plugboard::context {

enum class Freshness : std::uint8_t {
  fresh = 1,
  revalidate, // may be given; is to be asked for anew meanwhile
  if_error,   // only where asking anew fails
  too_old,
};

Freshness freshness_of(const KeptAnswer& answer, const KeepingRules& rules, std::optional<Duration> max_age,
                       Instant now);

// How long it may be kept; zero: not at all. Failures never are.
Duration keeping_time(const connector::Outcome& outcome, const KeepingRules& rules);

// Failures after which an older answer still tells more than none. Where the system said that this is another
// customer, or an operator that it must not be asked, it does not.
bool may_be_stale_for(const connector::Outcome& failure);

// The older answer, with its age and the reason why there is no newer one.
connector::Outcome stale_instead(KeptAnswer answer, const connector::Outcome& failure, Instant now);

} // namespace plugboard::context
