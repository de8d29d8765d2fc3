#include "core/connector/egress.hpp"

#include <algorithm>
#include <charconv>

namespace plugboard::connector {
namespace {

Error refuse(const std::string& grant) {
  return fail(Code::invalid_argument,
              "grants.egress: \"" + grant + "\" is no address: write https:HOST, http:HOST:PORT or tcp:HOST:PORT");
}

bool split_port(std::string_view& host, std::uint16_t& port) { // false: what stands there is no port
  const std::size_t colon = host.rfind(':');
  if (colon == std::string_view::npos || host.ends_with(']')) return true;
  const std::string_view digits = host.substr(colon + 1);
  const auto end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, port);
  if (error != std::errc() || stopped != end || port == 0) return false;
  host = host.substr(0, colon);
  return true;
}

} // namespace

Result<Egress> Egress::make(const std::vector<std::string>& grants) {
  Egress egress;
  for (const std::string& grant : grants) {
    const std::size_t colon = grant.find(':');
    if (colon == std::string::npos) return refuse(grant);
    const std::string_view scheme = std::string_view(grant).substr(0, colon);
    std::string_view host = std::string_view(grant).substr(colon + 1);
    http::Origin origin{scheme == "https", {}, static_cast<std::uint16_t>(scheme == "https" ? 443 : 80)};
    if ((scheme != "https" && scheme != "http" && scheme != "tcp") || !split_port(host, origin.port))
      return refuse(grant);
    if (scheme == "tcp") continue;
    // The URL parser knows what a host is, how it is spelt, and how an address in brackets is.
    const auto url =
        http::parse_url(std::string(scheme) + "://" + std::string(host) + ":" + std::to_string(origin.port) + "/");
    if (!url || url->target != "/") return refuse(grant);
    egress.origins_.push_back(url->origin);
  }
  return egress;
}

bool Egress::allows(const http::Origin& origin) const {
  return std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

} // namespace plugboard::connector
