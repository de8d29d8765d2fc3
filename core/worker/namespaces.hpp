// The layers `user`, `pid`, `network` and `ipc`: what of the machine a worker can name at all. [the launcher's thread]
#pragma once

#include <cstdint>
#include <string>

namespace plugboard::worker {

bool may(int capability);

// Each: why it could not be done; empty: done.
std::string leave_network();
std::string leave_ipc();  // and the machine's name
std::string leave_pids(); // for the processes that are started from now on

std::string become_user(std::uint32_t uid); // as root: another user, in no group but one of its own
std::string enter_user_namespace(int proc); // proc: a descriptor of /proc
std::string drop_capabilities();            // all, for good

} // namespace plugboard::worker
