// For how long an upstream's answer asks to be left alone: Retry-After, or else the rate-limit headers that are about,
// read as what they are: words from outside. Pure. [any thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/http/client.hpp"

namespace plugboard::connector {

// Of a 429 or 503 only; 0: it does not say.
Duration pause_asked(const http::Answer& answer, WallTime now);

} // namespace plugboard::connector
