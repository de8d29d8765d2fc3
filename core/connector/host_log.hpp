// What a plugin says reaches the hub's log under the connector's name, cut, escaped by the log, and never faster than
// an operator can bear. The hub's own words about the plugin go the same way. [any thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/base/log.hpp"

#include <cstdint>
#include <mutex>
#include <string>

namespace plugboard::connector {

class HostLog {
 public:
  HostLog(std::string connector, Log& log, const Clock& clock);

  void said(std::int32_t level, std::string_view message);       // by the plugin, level: PLUGBOARD_LOG_…
  void noticed(std::string_view event, std::string_view detail); // by the hub, about the plugin; a warning

 private:
  bool may_write(std::size_t& held_back); // held_back: how many were not written since the last that was

  const std::string connector_;
  Log& log_;
  const Clock& clock_;
  std::mutex mutex_;
  double tokens_;
  Instant filled_;
  std::size_t held_back_ = 0;
};

} // namespace plugboard::connector
