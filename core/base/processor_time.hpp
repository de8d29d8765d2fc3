// How much of a processor the calling thread has had so far. [any thread]
#pragma once

#include "core/base/clock.hpp"

namespace plugboard {

Duration processor_time_of_thread();

} // namespace plugboard
