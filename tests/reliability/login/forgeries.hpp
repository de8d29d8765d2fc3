// Tokens as attackers forge them, each signed as well as its trick allows: by the issuer's own key where the trick is
// elsewhere. Each names the rule that it is to break. Of the shop's issuers (plugins/jwt/test/shop.hpp), good for the
// next ten minutes in all but the trick. Values.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace plugboard::test {

struct Token {
  std::string name;
  std::string text;
};

// attacker: where keys are offered that a verifier might fetch ("http://127.0.0.1:PORT").
std::vector<Token> forged_tokens(std::int64_t now, const std::string& attacker);

// What must be taken all the same, one of each issuer's keys: else a refusal says nothing.
std::vector<Token> good_tokens(std::int64_t now);

// The shop's two issuers, as a connector's configuration has them: a JWKS, and the chat widget's secret.
std::string login_keys();
inline constexpr const char* kWidgetSecret = "the-chat-widget's-secret-of-40-characters";

// What the plugin's own verifier makes of a token: "" when it takes it, else "rejected" or another failure.
std::function<std::string(const std::string& token)> shop_verdict(std::int64_t now);

} // namespace plugboard::test
