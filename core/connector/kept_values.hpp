// Where the values of plugboard.host.kv/1 are kept: what the connectors' room needs of a store, which daemon/ hands in
// with the settings. [any thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/base/secret.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace plugboard::connector {

struct KeptKey {
  std::string tenant; // "": the connector's own
  std::string connector, key;
};

struct KeptResult {
  std::int32_t status = 0; // as plugboard_kv_result's
  std::int64_t version = 0;
  Secret value;
};

class KeptValues {
 public:
  using Done = std::function<void(KeptResult)>; // once, on any thread; a change's when it is on the disk

  virtual ~KeptValues() = default;
  virtual void get(KeptKey key, Done done) = 0;
  virtual void put(KeptKey key, Secret value, Duration life, std::int64_t only_if, Done done) = 0;
  virtual void remove(KeptKey key, std::int64_t only_if, Done done) = 0;
};

} // namespace plugboard::connector
