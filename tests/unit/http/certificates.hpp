// Certificates made for one test: an authority of its own, and what it signs.
#pragma once

#include <memory>
#include <string>

struct evp_pkey_st;
struct ssl_ctx_st;
struct x509_st;

namespace plugboard::http {

struct Certificate {
  std::shared_ptr<evp_pkey_st> key;
  std::shared_ptr<x509_st> certificate;
};

Certificate make_authority();
// names: "DNS:localhost,IP:127.0.0.1". Signed by itself when there is no authority. valid: else it has expired.
Certificate make_certificate(const std::string& names, const Certificate* authority, bool valid = true);

struct CertificateWish {
  std::string common_name = "test";
  std::string organisation{};   // before the common name; may be empty
  std::string names{};          // "DNS:localhost,URI:spiffe://shop/desk"
  std::string extended_usage{}; // "clientAuth"; empty: for everything
  bool is_authority = false;
  int from_days = -2, to_days = 2; // from now
};

Certificate certificate_for(const CertificateWish& wish, const Certificate* authority);

std::string pem(const Certificate& certificate);         // the public part
std::string fingerprint(const Certificate& certificate); // SHA-256, as OpenSSL prints it: "AB:CD:…"
std::string key_pem(const Certificate& certificate, std::string passphrase = ""); // encrypted, if there is one
// The caller's to free. protocol: what it chooses by ALPN where the client offers it, "h2"; empty: it knows no ALPN;
// "!x": x, offered or not.
ssl_ctx_st* server_context(const Certificate& certificate, int max_version, const char* protocol = "");

} // namespace plugboard::http
