// plugboard.host.http/1, the half that runs on the plugin's thread: is this a request at all, may it go there, by when
// must it be answered? It owns the upstreams' throttles. The other half, on the home's thread, is home_exchanges.hpp.
// [any thread]
#pragma once

#include "core/connector/border.hpp"
#include "core/connector/egress.hpp"
#include "core/connector/host_log.hpp"
#include "core/connector/throttle.hpp"

#include <plugboard/host_http.h>

#include <memory>
#include <vector>

namespace plugboard::connector {

class HostHttp {
 public:
  // clock: of homes[0].
  HostHttp(Border& border, Egress egress, const UpstreamRates& rates, HostLog& log, const Clock& clock);

  using OnResponse = void (*)(void* user, const plugboard_http_response* response);
  std::int32_t send(const plugboard_http_request* raw, void* user, OnResponse on_response) const;

 private:
  std::int32_t unusable(std::string_view why) const;
  Result<void> read_url(std::string_view text, http::Call& call) const;
  Result<http::Call> read(const plugboard_http_request& request) const;

  Border& border_;
  const Egress egress_;
  std::vector<std::unique_ptr<Throttle>> throttles_; // by place of egress_
  HostLog& log_;
  const Clock& clock_;
};

} // namespace plugboard::connector
