// How long a connector's answers may be kept, as the configuration says it. Values.
#pragma once

#include "core/base/clock.hpp"
#include "core/json/document.hpp"

#include <map>
#include <optional>
#include <string>

namespace plugboard::daemon {

struct CacheConfig {                        // of a connector
  Duration fresh{};                         // "cache_ttl_ms"; 0: nothing is kept
  std::map<std::string, Duration> sections; // other times for some, by their own name
  Duration revalidate{}, if_error{};
  std::optional<Duration> not_found; // none: as long as the answer itself, at most 5 s
  bool by_actor = true, by_purpose = true;
};

CacheConfig read_cache_config(const json::TreeValue& connector);

} // namespace plugboard::daemon
