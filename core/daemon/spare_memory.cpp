#include "core/daemon/spare_memory.hpp"

#include "core/connector/resources.hpp"

#include <malloc.h>
#include <unistd.h>

#include <utility>

namespace plugboard::daemon {
namespace {

constexpr std::uint64_t kLittle = 256 << 10;

std::uint64_t resident() {
  const auto use = connector::resources_of(static_cast<std::uint32_t>(::getpid()));
  return use ? use->resident_bytes : 0;
}

} // namespace

bool is_spare(std::uint64_t resident, std::uint64_t last, std::uint64_t settled) {
  const bool grows = resident > last + kLittle;
  return !grows && resident > settled + kLittle;
}

// A few milliseconds, while threads that need an arena wait for it: so not at every look.
void SpareMemory::tend() {
  const std::uint64_t now = resident();
  if (!is_spare(now, std::exchange(last_, now), settled_)) return;
  ::malloc_trim(0);
  last_ = settled_ = resident();
}

} // namespace plugboard::daemon
