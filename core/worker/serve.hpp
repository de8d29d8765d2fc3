// The life of a worker, once the walls stand around it: loads the one plugin whose bytes it was given, and serves the
// hub over the one socket until the hub says stop or is gone.
#pragma once

#include <string>
#include <vector>

namespace plugboard::wire {
struct Hello;
}

namespace plugboard::worker {

// where: the library's bytes. Never returns otherwise than by ending the process.
[[noreturn]] void serve(int socket, const std::string& where, const wire::Hello& hello);

} // namespace plugboard::worker
