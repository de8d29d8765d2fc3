// One HTTP request that a plugin asked the hub to make, and where its response goes. Moves from the thread that asked
// to the home that makes it; answered exactly once, there.
#pragma once

#include "core/connector/connector.hpp"
#include "core/connector/throttle.hpp"
#include "core/http/client.hpp"

#include <plugboard/host_http.h>

namespace plugboard::connector {

struct Exchange {
  Connector::CallId call = 0; // on whose behalf; 0: the plugin's own business
  http::Call request;
  Throttle* throttle = nullptr; // of the upstream; null: it is not granted, and answered so, without being sent
  Duration held{};              // the throttle's word: answered so, without being sent
  void* user = nullptr;
  void (*on_response)(void* user, const plugboard_http_response* response) = nullptr;
};

} // namespace plugboard::connector
