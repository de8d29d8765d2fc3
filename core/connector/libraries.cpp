#include "core/connector/libraries.hpp"

namespace plugboard::connector {

const plugboard_connector* Libraries::take(const PluginFile& file) {
  const std::lock_guard lock(mutex_);
  const auto free = free_.extract(file.sha256);
  return free.empty() ? nullptr : free.mapped();
}

void Libraries::give_back(const PluginFile& file, const plugboard_connector& table) {
  const std::lock_guard lock(mutex_);
  free_.emplace(file.sha256, &table);
}

} // namespace plugboard::connector
