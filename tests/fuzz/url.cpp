// A URL as a connector or an operator writes it: what is accepted is written again as the same, and holds nothing that
// could end a line of a request.
#include "core/connector/egress.hpp"
#include "core/http/client.hpp"
#include "core/http/origin.hpp"
#include "core/http/server.hpp"
#include "tests/fuzz/target.hpp"

namespace plugboard::fuzz {
namespace {

bool is_printable(std::string_view text) {
  for (const char c : text)
    if (c <= ' ' || c >= '\x7f') return false;
  return true;
}

} // namespace

void fuzz(std::string_view input) {
  static_cast<void>(http::parse_tcp_endpoint(input));
  static_cast<void>(connector::Egress::make({std::string(input)}));
  const auto url = http::parse_url(input);
  if (!url) return require(!url.error().message.empty(), "a refusal says why");
  require(!url->origin.host.empty() && is_printable(url->origin.host), "a host is clean");
  require(url->origin.host.find_first_of("/?#@\\%") == std::string::npos, "a host is one host");
  require(url->origin.port != 0, "a port is there");
  require(url->target.starts_with('/') && is_printable(url->target), "a target is clean");
  require(url->target.find('#') == std::string::npos, "a fragment is never sent");
  const auto again = http::parse_url(http::name_of(url->origin) + url->target);
  require(again.has_value() && again->origin == url->origin && again->target == url->target, "it is written the same");
  const auto grant =
      std::string(url->origin.tls ? "https:" : "http:") +
      (url->origin.host.find(':') == std::string::npos ? url->origin.host : "[" + url->origin.host + "]") + ":" +
      std::to_string(url->origin.port);
  const auto egress = connector::Egress::make({grant});
  require(egress.has_value() && egress->find(url->origin) != nullptr, "and can be granted");
}

} // namespace plugboard::fuzz
