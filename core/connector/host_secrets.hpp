// plugboard.host.secrets/1: the value behind a handle, fetched anew each time it is asked for, and what its system put
// in its place. [any thread]
#pragma once

#include "core/connector/border.hpp"
#include "core/connector/host_log.hpp"
#include "core/connector/throttle.hpp"

#include <plugboard/host_secrets.h>

namespace plugboard::connector {

class HostSecrets {
 public:
  HostSecrets(Border& border, const Settings& settings, HostLog& log, const Clock& clock);

  using Receive = void (*)(void* user, plugboard_str text);
  std::int32_t get(plugboard_str handle, void* user, Receive receive) const;
  using Done = void (*)(void* user, std::int32_t outcome);
  std::int32_t replace(plugboard_str handle, plugboard_str value, void* user, Done done);

  // The same for the hub's own services. Error: not_found (no such handle), or why its value can't be had; said to the
  // log.
  Result<Secret> value_of(std::string_view handle) const;

  bool can_keep() const { return static_cast<bool>(settings_.replace_secret); }

  // done: on any thread. False: too early after many others; done is not called.
  bool keep(const std::string& handle, Secret value, std::function<void(Result<void>)> done);

 private:
  Border& border_;
  const Settings& settings_;
  HostLog& log_;
  const Clock& clock_;
  Throttle replacements_;
};

} // namespace plugboard::connector
