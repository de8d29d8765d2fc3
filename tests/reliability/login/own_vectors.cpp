#include "tests/reliability/login/own_vectors.hpp"

#include "plugins/jwt/base64url.hpp"
#include "plugins/jwt/test/shop.hpp"

#include <algorithm>

namespace plugboard::test {

namespace {

using jwt::Algorithm;
using jwt::encode_base64url;
using jwt::test::header;
using jwt::test::shop_keys;
using jwt::test::SigningKey;

constexpr std::string_view kMessage = "what was signed";

std::string flipped(std::string text, std::size_t at) {
  text[at] = static_cast<char>(text[at] ^ 1);
  return text;
}

// The order of the group, big-endian: s + order is another writing of s, and no signature.
const std::string kP256Order = *jwt::decode_base64url("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE");
const std::string kEd25519Order = // little-endian
    *jwt::decode_base64url("7dP1XBpjEljWnPei3vneFAAAAAAAAAAAAAAAAAAAABA");

std::string plus(std::string number, const std::string& order, bool big_endian) {
  const auto place = [&](std::size_t i) { return big_endian ? number.size() - 1 - i : i; };
  unsigned carry = 0;
  for (std::size_t i = 0; i < number.size(); ++i) {
    carry += static_cast<unsigned char>(number[place(i)]) + static_cast<unsigned char>(order[place(i)]);
    number[place(i)] = static_cast<char>(carry & 0xff);
    carry >>= 8;
  }
  return number;
}

class Bench {
 public:
  std::vector<OwnVerdict> all() {
    signatures("ES256", Algorithm::es256, SigningKey::p256());
    signatures("ES384", Algorithm::es384, SigningKey::ec("P-384"));
    signatures("ES512", Algorithm::es512, SigningKey::ec("P-521"));
    signatures("EdDSA", Algorithm::eddsa, SigningKey::ed25519());
    for (auto [name, algorithm] : {std::pair{"RS256", Algorithm::rs256},
                                   {"RS384", Algorithm::rs384},
                                   {"RS512", Algorithm::rs512},
                                   {"PS256", Algorithm::ps256},
                                   {"PS384", Algorithm::ps384},
                                   {"PS512", Algorithm::ps512}})
      signatures(name, algorithm, shop_keys().rsa());
    twins();
    tokens();
    key_sets();
    return std::move(verdicts_);
  }

 private:
  void judge(std::string what, bool good, bool accepted) { verdicts_.push_back({std::move(what), good, accepted}); }

  static jwt::KeySet keys_of(const SigningKey& key, Algorithm algorithm) {
    auto read = jwt::read_jwks(jwt::test::jwks({key.jwk()}), {algorithm});
    return read ? std::move(read->keys) : jwt::KeySet();
  }

  static bool takes(const jwt::KeySet& keys, Algorithm algorithm, std::string_view message, std::string signature) {
    return static_cast<bool>(keys.verified({algorithm, std::nullopt, std::string(message), "", std::move(signature)}));
  }

  // One signature, and what is nearly it.
  void signatures(const std::string& name, Algorithm algorithm, const SigningKey& key) {
    const auto keys = keys_of(key, algorithm);
    const auto good = key.sign(name, kMessage);
    const auto check = [&](const char* what, bool expected, std::string_view message, std::string signature) {
      judge(name + ": " + what, expected, takes(keys, algorithm, message, std::move(signature)));
    };
    check("a good signature", true, kMessage, good);
    check("of nothing", true, "", key.sign(name, ""));
    for (std::size_t at = 0; at < good.size(); at += std::max<std::size_t>(1, good.size() / 16))
      check("a bit changed", false, kMessage, flipped(good, at));
    check("another message", false, "what was not", good);
    check("the empty message", false, "", good);
    check("too short", false, kMessage, good.substr(0, good.size() - 1));
    check("too long", false, kMessage, good + '\0');
    check("with a zero before", false, kMessage, '\0' + good);
    check("empty", false, kMessage, "");
    check("zeros", false, kMessage, std::string(good.size(), '\0'));
    check("ones", false, kMessage, std::string(good.size(), '\xff'));
    check("another key's", false, kMessage, stranger_to(name).sign(name, kMessage));
  }

  static SigningKey stranger_to(std::string_view alg) {
    if (alg == "EdDSA") return SigningKey::ed25519();
    if (!alg.starts_with("ES")) return shop_keys().stranger_rsa();
    return SigningKey::ec(alg == "ES256" ? "P-256" : alg == "ES384" ? "P-384" : "P-521");
  }

  // Other writings of the same signature, and one padding for another.
  void twins() {
    const auto p256 = SigningKey::p256(), ed = SigningKey::ed25519();
    const auto es = p256.sign("ES256", kMessage), ed_signature = ed.sign("EdDSA", kMessage);
    const auto r = es.substr(0, 32), s = es.substr(32);
    const auto ec_keys = keys_of(p256, Algorithm::es256);
    for (const auto& signature : {r + plus(s, kP256Order, true), plus(r, kP256Order, true) + s, s + r,
                                  std::string(32, '\0') + s, r + std::string(32, '\0'), kP256Order + s, r + kP256Order})
      judge("ES256: another writing", false, takes(ec_keys, Algorithm::es256, kMessage, signature));
    judge("EdDSA: S and the order", false,
          takes(keys_of(ed, Algorithm::eddsa), Algorithm::eddsa, kMessage,
                ed_signature.substr(0, 32) + plus(ed_signature.substr(32), kEd25519Order, false)));
    const auto& rsa = shop_keys().rsa();
    for (const char* signed_as : {"RS256", "RS384", "PS384", "PS512"})
      judge("PS256: by " + std::string(signed_as), false,
            takes(keys_of(rsa, Algorithm::ps256), Algorithm::ps256, kMessage, rsa.sign(signed_as, kMessage)));
    for (const char* signed_as : {"PS256", "RS384", "RS512"})
      judge("RS256: by " + std::string(signed_as), false,
            takes(keys_of(rsa, Algorithm::rs256), Algorithm::rs256, kMessage, rsa.sign(signed_as, kMessage)));
  }

  void tokens() {
    const auto& keys = shop_keys();
    auto read = jwt::read_jwks(jwt::test::login_jwks(), jwt::public_key_algorithms());
    const auto taken = [&](const std::string& token) {
      auto jws = jwt::read_jws(token);
      return jws && read->keys.verified(std::move(*jws));
    };
    const std::pair<const char*, std::string> good[] = {
        {"RS256", keys.rsa().token("RS256", header("RS256", "rsa"), "{}")},
        {"PS256", keys.ps().token("PS256", header("PS256", "ps"), "{}")},
        {"ES256", keys.ec.token("ES256", header("ES256", "ec"), "{}")},
        {"EdDSA", keys.ed.token("EdDSA", header("EdDSA", "ed"), "{}")}};
    for (const auto& [name, token] : good) {
      judge(name + std::string(" token"), true, taken(token));
      for (std::size_t at = 0; at < token.size(); at += 7) judge("a token changed", false, taken(flipped(token, at)));
      for (const auto& [other, with] : good)
        if (other != name)
          judge("a token with another's signature", false,
                taken(token.substr(0, token.rfind('.')) + with.substr(with.rfind('.'))));
    }
  }

  void key_sets() {
    const auto usable = [](const std::string& jwk) {
      return static_cast<bool>(jwt::read_jwks(jwt::test::jwks({jwk}), jwt::public_key_algorithms()));
    };
    const auto& ec = shop_keys().ec;
    judge("a P-256 key", true, usable(ec.jwk(R"("alg":"ES256","use":"sig","key_ops":["verify"])")));
    judge("a P-521 key", true, usable(SigningKey::ec("P-521").jwk(R"("alg":"ES512")")));
    judge("an RSA key of 3072 bits", true, usable(SigningKey::rsa(3072).jwk()));
    for (const char* more : {R"("use":"enc")", R"("key_ops":["sign"])", R"("alg":"RS256")", R"("alg":"HS256")",
                             R"("alg":"ES384")", R"("alg":"ECDH-ES")", R"("alg":"none")", R"("d":"AAAA")"})
      judge("a P-256 key with " + std::string(more), false, usable(ec.jwk(more)));
    judge("an RSA key of 1024 bits", false, usable(SigningKey::rsa(1024).jwk()));
    const auto x = encode_base64url(std::string(32, 'x'));
    judge("a point off the curve", false, usable(R"({"kty":"EC","crv":"P-256","x":")" + x + R"(","y":")" + x + "\"}"));
    judge("the point at infinity", false, usable(R"({"kty":"EC","crv":"P-256","x":"","y":""})"));
    judge("a secret", false, usable(R"({"kty":"oct","alg":"HS256","k":")" + x + "\"}"));
  }

  std::vector<OwnVerdict> verdicts_;
};

} // namespace

std::vector<OwnVerdict> own_verdicts() {
  return Bench().all();
}

} // namespace plugboard::test
