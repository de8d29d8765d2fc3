#include "core/http/server.hpp"

#include <charconv>

#include <arpa/inet.h>

namespace plugboard::http {
namespace {

bool is_address(const std::string& text, bool bracketed) {
  in6_addr scratch{};
  if (text.find('\0') != std::string::npos) return false; // inet_pton would end there
  return ::inet_pton(bracketed ? AF_INET6 : AF_INET, text.c_str(), &scratch) == 1;
}

} // namespace

Result<Endpoint> parse_tcp_endpoint(std::string_view text) {
  const auto wrong = [&](std::string_view what) {
    return fail(Code::invalid_argument, "'" + std::string(text) + "' " + std::string(what) +
                                            "; write ADDRESS:PORT, such as 127.0.0.1:8710 or [::1]:8710");
  };
  const bool bracketed = text.starts_with('[');
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || (bracketed && (colon < 2 || text[colon - 1] != ']')))
    return wrong("has no port");
  auto address = text.substr(0, colon);
  if (bracketed) address = address.substr(1, address.size() - 2);
  const auto digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size()) return wrong("has no port from 0 to 65535");
  TcpEndpoint endpoint{std::string(address), port};
  if (!is_address(endpoint.address, bracketed)) return wrong("does not begin with a numeric address");
  return Endpoint(endpoint);
}

} // namespace plugboard::http
