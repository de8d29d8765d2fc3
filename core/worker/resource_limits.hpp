// The layer `rlimits`: what one worker may take of the machine, by the kernel's limits of a process. [its only thread]
#pragma once

#include "core/worker/confine.hpp"

#include <string>

namespace plugboard::worker {

void limit_stacks(); // by the launcher: a program reads how large its threads' stacks are to be when it starts

std::string limit_resources(const Confinement& confinement); // why it could not be done; empty: done

} // namespace plugboard::worker
