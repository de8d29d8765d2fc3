// Where records go beside the files, after they are on the disk: a syslog server that the configuration names. A trail
// without one has none. [the recorder's thread]
#pragma once

#include "core/base/result.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace plugboard::audit {

class Sink {
 public:
  virtual ~Sink() = default;
  // Takes one record, whole. Waits no longer than this altogether. Error: unavailable; it was not taken.
  virtual Result<void> send(std::string_view record, std::chrono::milliseconds patience) = 0;
};

struct SyslogOptions {
  std::string address;     // "unix:/dev/log", "udp:HOST:PORT", "tcp:HOST:PORT"; HOST an IP address
  bool is_required = true; // what the server does not take is not shown
};

// Error: invalid_argument.
Result<void> check_syslog_address(const std::string& address);
Result<std::unique_ptr<Sink>> syslog_sink(const SyslogOptions& options);

} // namespace plugboard::audit
