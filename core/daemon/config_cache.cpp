#include "core/daemon/config_cache.hpp"

#include "core/daemon/config_values.hpp"
#include "core/json/pointer.hpp"

#include <algorithm>

namespace plugboard::daemon {

CacheConfig read_cache_config(const json::TreeValue& connector) {
  const auto time = [&](const char* pointer) { return std::chrono::milliseconds(number_at(connector, pointer, 0)); };
  CacheConfig cache;
  cache.fresh = time("/cache_ttl_ms");
  cache.revalidate = time("/cache/revalidate_ms");
  cache.if_error = time("/cache/if_error_ms");
  if (const auto said = number_at(connector, "/cache/not_found_ms", -1); said >= 0)
    cache.not_found = std::chrono::milliseconds(said);
  if (const auto* sections = json::at_pointer(connector, "/cache/sections"); sections && sections->IsObject())
    for (const auto& entry : sections->GetObject())
      if (entry.value.IsInt64())
        cache.sections.emplace(json::text_of(entry.name), std::chrono::milliseconds(entry.value.GetInt64()));
  const auto same_for = texts_of(json::at_pointer(connector, "/cache/same_for"));
  const auto is_same_for = [&](std::string_view word) {
    return std::find(same_for.begin(), same_for.end(), word) != same_for.end();
  };
  cache.by_actor = !is_same_for("actor");
  cache.by_purpose = !is_same_for("purpose");
  return cache;
}

} // namespace plugboard::daemon
