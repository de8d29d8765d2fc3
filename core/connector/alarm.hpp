// One pause that a plugin asked the hub to wait for, and whom to tell then. Moves from the thread that asked to the
// home that waits; told exactly once, there.
#pragma once

#include "core/base/deadline.hpp"
#include "core/connector/connector.hpp"

namespace plugboard::connector {

struct Alarm {
  Connector::CallId call = 0; // on whose behalf; 0: the plugin's own business
  Deadline at = Deadline::never();
  void* user = nullptr;
  void (*when)(void* user, std::int32_t outcome) = nullptr;
};

} // namespace plugboard::connector
