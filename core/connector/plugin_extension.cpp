#include "core/connector/plugin_extension.hpp"

#include "core/connector/abi_text.hpp"
#include "core/connector/guard.hpp"

namespace plugboard::connector {

plugboard_health_v1 health_of(const plugboard_connector& table, void* instance) {
  plugboard_health_v1 health{};
  if (table.extension == nullptr) return health;
  const void* given = nullptr;
  if (!guarded([&] { given = table.extension(instance, PLUGBOARD_HEALTH_V1); })) return health;
  if (!read_struct(static_cast<const plugboard_health_v1*>(given), sizeof health, health)) return {};
  return health;
}

} // namespace plugboard::connector
