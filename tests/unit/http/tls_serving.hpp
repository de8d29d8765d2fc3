// A server under TLS, on a thread and port of its own, for tests; its certificate's name is "hub".
#pragma once

#include "core/http/server_tls.hpp"
#include "tests/unit/http/serving.hpp"
#include "tests/unit/http/tls_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

namespace plugboard::http {

class TlsServingTest : public testing::Test {
 protected:
  // As the configuration would give it. name: of the certificate that it is for.
  TlsMaterial material(const std::string& name = "hub") const {
    const auto certificate = certificate_for({.common_name = name, .names = "DNS:localhost"}, &authority);
    TlsMaterial material;
    material.certificate = pem(certificate);
    material.key = Secret(key_pem(certificate));
    return material;
  }

  TlsMaterial asking(ClientCertificates whom) const {
    auto asks = material();
    asks.client_ca = pem(authority);
    asks.client_certificates = whom;
    return asks;
  }

  TlsIdentityPtr identity(const TlsMaterial& material) {
    std::vector<TlsFault> faults;
    auto made = TlsIdentity::make(material, clock, random, faults);
    if (!made) throw std::runtime_error(faults.at(0).message);
    return made;
  }

  static double handshakes(const Serving& serving, const std::string& outcome) {
    const auto text = serving.metrics.text();
    const auto name = "plugboard_tls_handshakes_total{outcome=\"" + outcome + "\"} ";
    const auto at = text.find(name);
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size()));
  }

  const Certificate authority = make_authority();
  SystemClock clock;
  SystemRandom random;
  Echo echo;
};

} // namespace plugboard::http
