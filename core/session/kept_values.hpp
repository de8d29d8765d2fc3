// The store behind plugboard.host.kv/1: what connectors keep, under keyed hashes of their keys and sealed under the
// hub's. A change is told when it is on the disk. Rows of a key that the hub has no more are as good as gone, and those
// whose time is over are swept. [any thread]
#pragma once

#include "core/base/log.hpp"
#include "core/base/metrics.hpp"
#include "core/base/random.hpp"
#include "core/connector/kept_values.hpp"
#include "core/session/keys.hpp"
#include "core/store/database.hpp"

#include <memory>

namespace plugboard::session {

// Of one connector and one tenant.
inline constexpr std::int64_t kMostKeptEntries = 10'000, kMostKeptBytes = std::int64_t{16} << 20;

class KeptValues : public connector::KeptValues {
 public:
  // All that is given by reference lives at least as long as the database.
  static std::shared_ptr<KeptValues> make(store::Database& database, const Keys& keys, const Clock& clock,
                                          Random& random, Log& log, Metrics& metrics);

  virtual void tend() = 0; // sweeps; called by the daemon every few seconds
};

} // namespace plugboard::session
