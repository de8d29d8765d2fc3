// What systems put in place of configured secrets, a rotated refresh token for example: sealed in the store, and given
// instead of the configured value for as long as that is what was replaced. An operator who writes another value has
// the last word. On record as a change, never by its value. [any thread]
#pragma once

#include "core/audit/trail.hpp"
#include "core/base/log.hpp"
#include "core/base/metrics.hpp"
#include "core/base/random.hpp"
#include "core/session/keys.hpp"
#include "core/store/database.hpp"

#include <functional>
#include <memory>

namespace plugboard::session {

class ReplacedSecrets {
 public:
  struct Name {
    std::string connector, handle;
    auto operator<=>(const Name&) const = default;
  };

  // Loads all of them, and seals those under an older key anew. What is given by reference lives at least as long as
  // the database. Error: the store's.
  static Result<std::unique_ptr<ReplacedSecrets>> make(store::Database& database, const Keys& keys, audit::Trail& trail,
                                                       const Clock& clock, Random& random, Log& log, Metrics& metrics);
  virtual ~ReplacedSecrets() = default; // after the database

  // What replaced it; else the configured value, as it came.
  virtual Result<Secret> current(const Name& name, Result<Secret> configured) = 0;

  // done: on any thread, when it is on record and on the disk; current() gives it from then on.
  virtual void replace(Name name, const Secret& configured, Secret value, std::function<void(Result<void>)> done) = 0;

  virtual void stop() = 0; // the trail goes: what fails from then on is not said to it
};

} // namespace plugboard::session
