// Hubs whose agents come over TLS, with an authority of the test's own.
#pragma once

#include "tests/integration/hub_test.hpp"
#include "tests/unit/http/tls_client.hpp"

namespace plugboard::test {

class TlsHubTest : public HubTest {
 protected:
  // A hub whose certificate is for "hub", not yet started. more: further members of "tls".
  HubProcess& prepare_tls(HubConfig config, const std::string& more = "") {
    config.agents = tls_member(more);
    auto& hub = prepare(std::move(config));
    renew(hub, "hub");
    hub.folder().write("tls/clients.pem", http::pem(authority));
    return hub;
  }

  HubProcess& run_tls(HubConfig config, const std::string& more = "") {
    auto& hub = prepare_tls(std::move(config), more);
    if (!hub.start()) throw std::runtime_error("the hub did not start: " + hub.raw_log());
    return hub;
  }

  static std::string tls_member(const std::string& more = "") {
    return R"(, "tls": {"certificate": {"file": "tls/hub.pem"}, "key": {"file": "tls/hub.key"})" + more + "}";
  }

  // Puts new files in place of the hub's; it reads them when it is told.
  void renew(const HubProcess& hub, const std::string& name) const {
    const auto made = http::certificate_for({.common_name = name, .names = "DNS:localhost,IP:127.0.0.1"}, &authority);
    hub.folder().write("tls/hub.pem", http::pem(made));
    hub.folder().write("tls/hub.key", http::key_pem(made));
  }

  static std::uint16_t port_of(const HubProcess& hub) { return static_cast<std::uint16_t>(hub.port()); }

  // Over a connection of its own. Status 0: refused.
  static http::RawResponse ask_tls(const HubProcess& hub, const Ask& ask, const http::TlsOffer& offer = {}) {
    http::TlsClient client(port_of(hub), offer);
    client.send(bytes_of(ask));
    return client.response().value_or(http::RawResponse{0, "", client.complaint()});
  }

  static Ask sections(const std::string& key = "") {
    return {.method = "GET", .path = "/v1/sections", .key = key, .body = {}};
  }

  const http::Certificate authority = http::make_authority();
  Canary canary;
};

constexpr const char* kMayAsk = R"(, "client_ca": {"file": "tls/clients.pem"})";

} // namespace plugboard::test
