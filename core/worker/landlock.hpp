// The layer `landlock`: the kernel's list of the files that this process may read, whatever they are mounted as; no
// port to listen on, none to connect to but its tunnels'; no signal and no abstract socket beyond itself. As much of
// that as the running kernel has. [the worker's only thread]
#pragma once

#include "core/worker/confine.hpp"

#include <string>

namespace plugboard::worker {

std::string restrict_files(const Confinement& confinement); // why it could not be done; empty: done

} // namespace plugboard::worker
