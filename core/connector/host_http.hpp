// plugboard.host.http/1, the half that runs on the plugin's thread: is this a request at all, may it go there, by when
// must it be answered? The other half, on the home's thread, is home_exchanges.hpp. [any thread]
#pragma once

#include "core/connector/border.hpp"
#include "core/connector/egress.hpp"
#include "core/connector/host_log.hpp"

#include <plugboard/host_http.h>

namespace plugboard::connector {

class HostHttp {
 public:
  // clock: of homes[0].
  HostHttp(Border& border, Egress egress, HostLog& log, const Clock& clock)
      : border_(border), egress_(std::move(egress)), log_(log), clock_(clock) {}

  using OnResponse = void (*)(void* user, const plugboard_http_response* response);
  std::int32_t send(const plugboard_http_request* raw, void* user, OnResponse on_response) const;

 private:
  std::int32_t unusable(std::string_view why) const;
  Result<http::Call> read(const plugboard_http_request& request) const;

  Border& border_;
  const Egress egress_;
  HostLog& log_;
  const Clock& clock_;
};

} // namespace plugboard::connector
