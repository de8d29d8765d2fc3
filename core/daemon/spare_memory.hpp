// Memory that the allocator keeps from a busier time or from a reload, given back to the system once it is not wanted
// any more. Owned by Hub. [the daemon's thread]
#pragma once

#include <cstdint>

namespace plugboard::daemon {

class SpareMemory {
 public:
  void tend(); // now and then

 private:
  std::uint64_t last_ = 0;    // resident when it was last looked at
  std::uint64_t settled_ = 0; // when some was last given back
};

// Whether so much that is resident is worth a look: last, settled as above. While it grows, it is wanted.
bool is_spare(std::uint64_t resident, std::uint64_t last, std::uint64_t settled);

} // namespace plugboard::daemon
