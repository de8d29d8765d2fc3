// What a plugin offers by its table's extension(), read as carefully as the table itself. [start-up]
#pragma once

#include <plugboard/health.h>

namespace plugboard::connector {

// A copy of its plugboard.health/1; check is null when it has none, or none that can be called.
plugboard_health_v1 health_of(const plugboard_connector& table, void* instance);

} // namespace plugboard::connector
