// What a process takes of the machine, as the kernel counts it. [any thread]
#pragma once

#include "core/base/clock.hpp"

#include <cstdint>
#include <optional>

namespace plugboard::connector {

struct Resources {
  std::uint64_t resident_bytes = 0;
  Duration cpu{}; // user and system, since it started
};

std::optional<Resources> resources_of(std::uint32_t pid); // nothing: there is no such process

} // namespace plugboard::connector
