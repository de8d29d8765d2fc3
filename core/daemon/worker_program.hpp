// Which program plugins run in where they do not run in the hub. [any thread]
#pragma once

#include <string>

namespace plugboard::daemon {

std::string worker_program(); // absolute; beside the hub's own, whether it is there or not

// Not empty: it can't be started, and what to do about it.
std::string why_no_worker(const std::string& program);

} // namespace plugboard::daemon
