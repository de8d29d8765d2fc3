// The layer `mount`: a root folder of the worker's own, which holds what a worker may read and nothing else, all of it
// read-only. [the launcher's thread]
#pragma once

#include <string>
#include <vector>

namespace plugboard::worker {

// Becomes the root of this process and of those that it starts: libraries, the granted folders as
// wire::folder_in_worker(i), the plugin's bytes as kPluginInRoot. users: how the granted folders' users are mapped, -1:
// they are not. Why it could not be done; empty: done.
std::string enter_own_root(const std::vector<std::string>& folders, int users, int plugin);

} // namespace plugboard::worker
