// The configuration of one connector, read once when it is created. A value. [init]
#pragma once

#include "plugins/jwt/algorithm.hpp"
#include "plugins/jwt/assurance.hpp"
#include "plugins/jwt/identifier_rule.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jwt {

struct IssuerSettings {
  std::string name; // what iss must be, to the letter
  std::vector<std::string> audiences;
  Algorithm secret_algorithm = Algorithm::hs256;
  std::string secret_handle;                                   // of the key for that; or
  std::string jwks_path;                                       // a granted file
  std::vector<Algorithm> algorithms = public_key_algorithms(); // of its keys
};

struct Settings {
  std::vector<IssuerSettings> issuers;
  ClaimPath subject{"sub"};
  std::vector<IdentifierRule> identifiers;
  std::vector<ClaimPath> require;
  TimeRules times;
  AssuranceRules assurance;
  bool session_ends_with_token = false;
};

// Throws std::invalid_argument with the JSON Pointer and a sentence. The schema has caught misspelt names before.
Settings read_settings(std::string_view config);

} // namespace jwt
