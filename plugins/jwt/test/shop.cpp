#include "plugins/jwt/test/shop.hpp"

#include <stdexcept>

namespace jwt::test {

const ShopKeys& shop_keys() {
  static const ShopKeys keys;
  return keys;
}

const SigningKey& ShopKeys::rsa() const {
  static const SigningKey key = SigningKey::rsa();
  return key;
}

const SigningKey& ShopKeys::ps() const {
  static const SigningKey key = SigningKey::rsa();
  return key;
}

const SigningKey& ShopKeys::stranger_rsa() const {
  static const SigningKey key = SigningKey::rsa();
  return key;
}

std::string login_jwks() {
  const auto& keys = shop_keys();
  return jwks({keys.rsa().jwk(R"("kid":"rsa","alg":"RS256","use":"sig")"), keys.ps().jwk(R"("kid":"ps","alg":"PS256")"),
               keys.ec.jwk(R"("kid":"ec","key_ops":["verify"])"), keys.ed.jwk(R"("kid":"ed","alg":"EdDSA")")});
}

std::string ClaimsText::text() const {
  std::string members;
  auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) members += (members.empty() ? "\"" : ",\"") + std::string(name) + "\":" + value;
  };
  add("iss", iss.empty() ? "" : "\"" + iss + "\"");
  add("aud", aud);
  add("sub", sub);
  add("exp", exp);
  return "{" + members + (more.empty() ? "" : "," + more) + "}";
}

std::string shop_config(std::string_view more) {
  std::string config = R"({"issuers": [
    {"issuer": "https://login.shop.example", "audience": ["support", "desk"], "jwks": "keys/login.jwks"},
    {"issuer": "chat.shop.example", "audience": "support", "hs256": {"secret": "chat"}}])";
  return config + (more.empty() ? "" : ", " + std::string(more)) + "}";
}

std::unique_ptr<Verifier> shop_verifier(std::string_view more_config, std::int64_t now) {
  auto verifier = std::make_unique<Verifier>(read_settings(shop_config(more_config)), [now] { return now; });
  auto login = read_jwks(login_jwks(), public_key_algorithms());
  auto chat = Key::hmac(Algorithm::hs256, "the-chat-widget's-secret-of-40-characters");
  if (!login || !chat) throw std::runtime_error("the test's own keys are not taken");
  verifier->issuers()[0]->replace(std::move(login->keys));
  verifier->issuers()[1]->replace(KeySet::of_one(std::move(*chat)));
  return verifier;
}

std::string login_token(const ClaimsText& claims) {
  return shop_keys().ec.token("ES256", header("ES256", "ec"), claims.text());
}

std::string chat_token(ClaimsText claims) {
  if (claims.iss == kLogin) claims.iss = kChat;
  return shop_keys().chat.token("HS256", header("HS256"), claims.text());
}

} // namespace jwt::test
