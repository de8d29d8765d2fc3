// Under a hub that is root, what root owns in a granted folder is to be readable for the worker's user, too: the folder
// is mounted so that it looks as if it were that user's. [the launcher's thread]
#pragma once

#include "core/worker/descriptor.hpp"

#include <cstdint>

namespace plugboard::worker {

// For MOUNT_ATTR_IDMAP: what is root's on the disk is this user's. None: it cannot be had, and mounts stay as they are.
// To be called before this process leaves its pid namespace.
Descriptor roots_files_as(std::uint32_t uid, int proc); // proc: a descriptor of /proc

} // namespace plugboard::worker
