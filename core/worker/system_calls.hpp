// The layer `seccomp`: the system calls that a worker and an honest plugin need, and no other, with arguments that an
// honest plugin would use. [the worker's only thread]
#pragma once

#include "core/worker/confine.hpp"

#include <string>

namespace plugboard::worker {

std::string restrict_system_calls(const Confinement& confinement); // why it could not be done; empty: done

} // namespace plugboard::worker
