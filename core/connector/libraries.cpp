#include "core/connector/libraries.hpp"

#include "core/connector/library.hpp"

namespace plugboard::connector {

Result<const plugboard_connector*> Libraries::map(const PluginFile& file) {
  const std::lock_guard lock(mutex_);
  if (const auto found = mapped_.find(file.sha256); found != mapped_.end()) return found->second;
  auto table = load_library(file);
  if (table) mapped_.emplace(file.sha256, *table);
  return table;
}

} // namespace plugboard::connector
