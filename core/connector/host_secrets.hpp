// plugboard.host.secrets/1: the value behind a handle, fetched anew each time it is asked for. [any thread]
#pragma once

#include "core/connector/connector.hpp"
#include "core/connector/host_log.hpp"

#include <plugboard/host_secrets.h>

namespace plugboard::connector {

class HostSecrets {
 public:
  HostSecrets(const Settings& settings, HostLog& log) : secrets_(settings.secrets), log_(log) {}

  using Receive = void (*)(void* user, plugboard_str text);
  std::int32_t get(plugboard_str handle, void* user, Receive receive) const;

 private:
  const std::map<std::string, std::function<Result<Secret>()>>& secrets_;
  HostLog& log_;
};

} // namespace plugboard::connector
