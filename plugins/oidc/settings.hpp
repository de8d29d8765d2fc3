// The configuration of one connector: one provider, one client registered there. Read once when it is created. [init]
#pragma once

#include "plugins/jwt/algorithm.hpp"
#include "plugins/jwt/assurance.hpp"
#include "plugins/jwt/identifier_rule.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace oidc {

enum class ClientAuth { none = 1, secret_basic, secret_post };

// Whether a client may bring an ID token that it got itself, in one step.
enum class DirectTokens { refused = 1, with_nonce, without_nonce };

struct KeepTimes {
  std::int64_t refresh_s = 600;    // keys older than this are fetched again beside the logins that use them
  std::int64_t stale_ok_s = 86400; // and older than this are not used any more
};

struct Settings {
  std::string issuer;
  std::string client_id;
  ClientAuth client_auth = ClientAuth::none;
  std::string secret_handle; // unless none
  std::vector<std::string> redirect_uris;
  std::string scope = "openid";
  std::vector<jwt::Algorithm> algorithms = jwt::public_key_algorithms();
  std::vector<jwt::IdentifierRule> identifiers;
  jwt::AssuranceRules assurance;
  std::int64_t leeway_s = 60;
  KeepTimes keep;
  DirectTokens id_tokens = DirectTokens::refused;
  bool session_ends_with_token = false;
  bool untyped_logout_tokens = false; // takes logout tokens without typ, as older providers send them
};

// Throws std::invalid_argument with the JSON Pointer and a sentence.
Settings read_settings(std::string_view config);

// An absolute https address, or http on this very machine, as tests and quickstarts have it; no fragment, no user.
bool is_provider_url(std::string_view url);

} // namespace oidc
