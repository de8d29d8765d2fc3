// Counts how TLS handshakes of clients end. [any thread]
#pragma once

#include "core/base/metrics.hpp"

namespace plugboard::http {

struct Handshakes {
  explicit Handshakes(Metrics& metrics);
  Counter& full;
  Counter& resumed;
  Counter& failed;  // also: the client went away
  Counter& timeout; // cut by the limit
};

} // namespace plugboard::http
