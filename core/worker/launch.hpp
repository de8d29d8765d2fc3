// The life of the launcher, which plugboard-worker is at first: it builds the walls around a worker, starts it within
// them, tells the hub, and then only waits to end as the worker ends. SIGTERM: it kills the worker first.
#pragma once

namespace plugboard::worker {

// socket: to the hub. plugin: the library's bytes. [the process's only thread] Returns the exit code, unless the worker
// was killed by a signal, of which the launcher dies then, too.
int launch(int socket, int plugin);

inline constexpr int kNoHub = 10;       // exit codes: the hub is gone
inline constexpr int kNoLaunch = 11;    // what it sent is not a frame `launch` of this build
inline constexpr int kRefused = 12;     // said in `launched`
inline constexpr int kNotExecuted = 13; // the worker could not be executed within its walls

} // namespace plugboard::worker
