// The setting of most tests: one moment in time, two issuers (a login with a JWKS, a chat widget with a secret), and a
// verifier that knows them. Key pairs are made once a process; nothing changes them.
#pragma once

#include "plugins/jwt/test/signing_key.hpp"
#include "plugins/jwt/verifier.hpp"

#include <string>
#include <string_view>

namespace jwt::test {

inline constexpr std::int64_t kNow = 1'800'000'000;
inline constexpr char kLogin[] = "https://login.shop.example";
inline constexpr char kChat[] = "chat.shop.example";

struct ShopKeys {
  SigningKey ec = SigningKey::p256(), ed = SigningKey::ed25519(), stranger_ec = SigningKey::p256();
  SigningKey chat = SigningKey::secret("the-chat-widget's-secret-of-40-characters");
  // Made when first asked for: they take a while.
  const SigningKey& rsa() const;
  const SigningKey& ps() const;
  const SigningKey& stranger_rsa() const;
};

const ShopKeys& shop_keys();

// rsa (RS256), ps (PS256), ec, ed: each under a kid of its own name.
std::string login_jwks();

// Claims that are good at kNow: `more` adds members, like R"("email":"a@b.example")"; the others replace.
struct ClaimsText {
  std::string iss = kLogin, aud = "\"support\"", sub = "\"cust-7\"";
  std::string exp = std::to_string(kNow + 600), more{};
  std::string text() const;
};

// config: a connector's configuration; {} stands for the two issuers alone. Their keys are in place.
std::unique_ptr<Verifier> shop_verifier(std::string_view more_config = {}, std::int64_t now = kNow);
std::string shop_config(std::string_view more = {});

// A good token for the claims: of the login by the key "ec", of the chat by its secret.
std::string login_token(const ClaimsText& claims = {});
std::string chat_token(ClaimsText claims = {});

} // namespace jwt::test
