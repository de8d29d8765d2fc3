#include "core/connector/egress.hpp"

#include "core/http/origin.hpp"

#include <algorithm>
#include <charconv>

namespace plugboard::connector {
namespace {

Error refuse(const std::string& grant) {
  return fail(Code::invalid_argument,
              "grants.egress: \"" + grant +
                  "\" is no address: write https:HOST, http:HOST:PORT, h2c:HOST:PORT or tcp:HOST:PORT");
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

Result<Egress::Place> place_of(const std::string& grant) {
  const std::size_t colon = grant.find(':');
  if (colon == std::string::npos) return refuse(grant);
  const std::string_view scheme = std::string_view(grant).substr(0, colon);
  std::string_view host = std::string_view(grant).substr(colon + 1);
  const bool tcp = scheme == "tcp";
  std::uint16_t port = tcp ? 0 : scheme == "https" ? 443 : 80;
  if ((scheme != "https" && scheme != "http" && scheme != "h2c" && !tcp) || !split_port(host, port) || port == 0)
    return refuse(grant);
  // The URL parser knows what a host is, how it is spelt, and how an address in brackets is.
  const auto url = http::parse_url(std::string(scheme == "https" ? "https" : "http") + "://" + std::string(host) + ":" +
                                   std::to_string(port) + "/");
  if (!url || url->target != "/") return refuse(grant);
  return Egress::Place{grant, url->origin, tcp, nullptr};
}

bool is_localhost(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host == "localhost" || host.ends_with(".localhost");
}

http::ReachPtr reach_itself(const http::Address& named) {
  return std::make_shared<http::Reach>(http::Reach{
      named.to_string(), [named](const http::Address& address) {
        return address == named ? ""
                                : address.to_string() + " is not the address that was granted, " + named.to_string();
      }});
}

http::ReachPtr reach_this_machine() {
  return std::make_shared<http::Reach>(http::Reach{"localhost", [](const http::Address& address) {
                                                     return address.is_loopback()
                                                                ? ""
                                                                : address.to_string() + " is not this machine";
                                                   }});
}

http::ReachPtr by_http_2(http::Reach reach) {
  reach.name += " by HTTP/2";
  reach.in_the_clear = http::Protocol::http_2;
  return std::make_shared<http::Reach>(std::move(reach));
}

std::vector<std::string> beginnings(const http::Origin& origin) {
  const std::string scheme = origin.tls ? "https://" : "http://";
  std::vector<std::string> begins{http::name_of(origin)};
  if (const auto shorter = scheme + http::host_header(origin); shorter != begins.front()) begins.push_back(shorter);
  return begins;
}

std::string objection(const http::Address& address, const std::vector<Network>& networks) {
  const auto* range = special_range_of(address);
  if (!range) return {};
  const auto judged = inner(address);
  if (std::any_of(networks.begin(), networks.end(),
                  [&](const Network& network) { return network.contains(judged) && network.lies_in(range->network); }))
    return {};
  return "its name leads to " + address.to_string() + ", " + std::string(range->what) +
         R"(: if that is meant, add "networks": [")" + judged.to_string() + R"("] to the connector's grants)";
}

http::ReachPtr reach_public_and(const std::vector<std::string>& names, std::vector<Network> networks) {
  auto sorted = names; // the order says nothing
  std::sort(sorted.begin(), sorted.end());
  std::string name = "public";
  for (const auto& network : sorted) name += " " + network;
  return std::make_shared<http::Reach>(
      http::Reach{std::move(name), [networks = std::move(networks)](const http::Address& address) {
                    return objection(address, networks);
                  }});
}

} // namespace

Result<Network> Egress::parse_network(const std::string& text) {
  auto network = Network::parse(text);
  if (!network) return network;
  if (is_special(*network)) return network;
  return fail(Code::invalid_argument, '"' + text +
                                          "\" has public addresses, which need no grant but the host's, or is more "
                                          "than one private network: write such as \"10.1.0.0/16\"");
}

Result<Egress> Egress::make(const std::vector<std::string>& grants, const std::vector<std::string>& networks) {
  std::vector<Network> named;
  for (const std::string& text : networks) {
    auto network = parse_network(text);
    if (!network) return fail(Code::invalid_argument, "grants.networks: " + network.error().message);
    named.push_back(*network);
  }
  const auto elsewhere = reach_public_and(networks, std::move(named));
  Egress egress;
  for (const std::string& grant : grants) {
    auto place = place_of(grant);
    if (!place) return place.error();
    boost::system::error_code is_name;
    const auto address = boost::asio::ip::make_address(place->origin.host, is_name);
    place->reach = !is_name                           ? reach_itself(address)
                   : is_localhost(place->origin.host) ? reach_this_machine()
                                                      : elsewhere;
    if (grant.starts_with("h2c:")) place->reach = by_http_2(*place->reach);
    if (!place->tcp) place->begins = beginnings(place->origin);
    egress.places_.push_back(std::move(*place));
  }
  return egress;
}

const Egress::Place* Egress::find_plain(std::string_view url, std::string_view& target) const {
  for (const Place& place : places_)
    for (const auto& begin : place.begins)
      if (url.size() > begin.size() && url[begin.size()] == '/' && url.starts_with(begin)) {
        target = url.substr(begin.size());
        return &place;
      }
  return nullptr;
}

const Egress::Place* Egress::find(const http::Origin& origin) const {
  const auto found = std::find_if(places_.begin(), places_.end(),
                                  [&](const Place& place) { return !place.tcp && place.origin == origin; });
  return found == places_.end() ? nullptr : &*found;
}

const Egress::Place* Egress::find_tcp(const std::string& host, std::uint16_t port) const {
  const auto found = std::find_if(places_.begin(), places_.end(), [&](const Place& place) {
    return place.tcp && place.origin.host == host && place.origin.port == port;
  });
  return found == places_.end() ? nullptr : &*found;
}

} // namespace plugboard::connector
