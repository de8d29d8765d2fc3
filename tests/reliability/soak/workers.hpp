// The worker processes that a hub has, found from outside. [any thread]
#pragma once

#include <sys/types.h>

namespace plugboard::bench {

int kill_workers(pid_t hub); // SIGKILL, to all that are below it; how many there were

} // namespace plugboard::bench
