#include "tests/reliability/login/forgeries.hpp"

#include "plugins/jwt/base64url.hpp"
#include "plugins/jwt/test/shop.hpp"
#include "tests/unit/http/certificates.hpp"

#include <algorithm>
#include <memory>

namespace plugboard::test {

namespace {

using jwt::decode_base64url;
using jwt::encode_base64url;
using jwt::test::ClaimsText;
using jwt::test::header;
using jwt::test::kChat;
using jwt::test::shop_keys;
using jwt::test::SigningKey;

constexpr std::size_t kMegabyte = 1 << 20;

std::string with_header(std::string_view more) { // of the key "ec"
  return R"({"alg":"ES256","kid":"ec",)" + std::string(more) + "}";
}

std::string in_header(std::string_view text) { // as a JSON string, of texts that need no more than this
  std::string out = "\"";
  for (char c : text)
    if (c == '\n')
      out += "\\n";
    else if (c == '"' || c == '\\')
      (out += '\\') += c;
    else
      out += c;
  return out + "\"";
}

class Forger {
 public:
  Forger(std::int64_t now, std::string attacker) : attacker_(std::move(attacker)), now_(now) {}

  std::vector<Token> all() {
    without_algorithm();
    public_key_as_secret();
    another_algorithm();
    keys_brought_along();
    extensions();
    key_names();
    names_twice();
    other_types();
    other_parts();
    other_spellings();
    other_signatures();
    huge();
    return std::move(tokens_);
  }

  ClaimsText claims(std::string more = "") const {
    return {.exp = std::to_string(now_ + 600), .more = std::move(more)};
  }

  std::string good() const { return shop_keys().ec.token("ES256", header("ES256", "ec"), claims().text()); }

 private:
  void add(std::string name, std::string token) { tokens_.push_back({std::move(name), std::move(token)}); }

  // By the issuer's own key: nothing but the header is wrong.
  void add_signed(std::string name, const std::string& head) {
    add(std::move(name), shop_keys().ec.token("ES256", head, claims().text()));
  }

  void without_algorithm() {
    const auto payload = "." + encode_base64url(claims().text()) + ".";
    const auto signature = good().substr(good().rfind('.') + 1);
    for (const char* alg : {"none", "None", "NONE", "nOnE", ""})
      for (const auto* kid : {"", "ec"}) {
        add("alg \"" + std::string(alg) + "\"", encode_base64url(header(alg, kid)) + payload);
        add("alg \"" + std::string(alg) + "\", with a signature",
            encode_base64url(header(alg, kid)) + payload + signature);
      }
    add("no signature", encode_base64url(header("ES256", "ec")) + payload);
    add_signed("no alg", R"({"kid":"ec"})");
    add_signed("alg null", R"({"alg":null,"kid":"ec"})");
    add_signed("alg a list", R"({"alg":["ES256"],"kid":"ec"})");
  }

  void public_key_as_secret() {
    const auto& keys = shop_keys();
    for (const auto* key : {&keys.rsa(), &keys.ec, &keys.ed}) {
      const auto pem = key->public_pem();
      const auto secrets = {pem, pem.substr(0, pem.size() - 1), key->jwk(), jwt::test::login_jwks(), std::string()};
      for (const auto& secret : secrets)
        for (const char* alg : {"HS256", "HS384", "HS512"})
          for (const char* kid : {"", "rsa", "ec"})
            add("a public key as the secret of " + std::string(alg),
                SigningKey::secret(secret).token(alg, header(alg, kid), claims().text()));
    }
  }

  void another_algorithm() {
    const auto& keys = shop_keys();
    const auto text = claims().text();
    add("PS256 by a key for RS256", keys.rsa().token("PS256", header("PS256", "rsa"), text));
    add("RS256 by a key for PS256", keys.ps().token("RS256", header("RS256", "ps"), text));
    add("RS512 by a key for RS256", keys.rsa().token("RS512", header("RS512", "rsa"), text));
    add("alg in lower case", keys.rsa().token("RS256", header("rs256", "rsa"), text));
    add("ES256 said to be EdDSA", keys.ec.token("ES256", header("EdDSA", "ec"), text));
    add("one issuer's secret for another's name", keys.chat.token("HS256", header("HS256"), text));
    add("one issuer's key for another's name", keys.ec.token("ES256", header("ES256"), chat_claims()));
    add("a stranger's key", keys.stranger_ec.token("ES256", header("ES256", "ec"), text));
  }

  std::string chat_claims() const {
    auto text = claims();
    text.iss = kChat;
    return text.text();
  }

  void keys_brought_along() {
    const auto own = http::make_certificate("DNS:attacker.example", nullptr);
    const auto key = SigningKey::of(own.key);
    auto der = http::pem(own);
    der = der.substr(der.find('\n') + 1);
    der.erase(der.rfind("-----END"));
    std::erase(der, '\n');
    const auto jwk = key.jwk(R"("kid":"own")");
    const std::pair<const char*, std::string> brought[] = {
        {"jwk", R"("jwk":)" + jwk},
        {"jku", R"("jku":")" + attacker_ + "/jwks\""},
        {"x5u", R"("x5u":")" + attacker_ + "/certificate\""},
        {"x5c", R"("x5c":[")" + der + "\"]"},
        {"all of them", R"("jwk":)" + jwk + R"(,"jku":")" + attacker_ + R"(/jwks","x5u":")" + attacker_ +
                            R"(/certificate","x5c":[")" + der + "\"]"}};
    for (const auto& [what, member] : brought)
      for (const char* kid : {"", R"("kid":"own",)", R"("kid":"ec",)"})
        add("signed by the key in its own " + std::string(what),
            key.token("ES256", R"({"alg":"ES256",)" + std::string(kid) + member + "}", claims().text()));
  }

  void extensions() {
    for (const char* more : {R"("crit":["exp"],"exp":1)", R"("crit":["b64"],"b64":true)", R"("crit":["x"],"x":1)",
                             R"("crit":[])", R"("crit":null)", R"("crit":"kid")"})
      add_signed("crit", with_header(more));
    for (const char* more : {R"("b64":false)", R"("crit":["b64"],"b64":false)"}) {
      const auto head = with_header(more);
      add_signed("b64 false", head);
      auto plain = claims(); // RFC 7797: the payload as it is; it may hold no dot
      plain.iss = "issuer";
      const auto text = encode_base64url(head) + "." + plain.text();
      add("b64 false, and so the payload", text + "." + encode_base64url(shop_keys().ec.sign("ES256", text)));
    }
  }

  void key_names() {
    for (const auto& kid :
         {std::string("../../../../../../dev/null"), std::string("/dev/null"), std::string("..\\..\\ec"),
          std::string("ec' OR '1'='1"), std::string("ec'; DROP TABLE keys; --"), std::string("|id"), std::string("EC"),
          std::string("ec "), std::string("ec\n"), std::string("x' UNION SELECT 'AAAA"), std::string(10 * 1024, 'k'),
          attacker_ + "/jwks"}) {
      add_signed("kid", R"({"alg":"ES256","kid":)" + in_header(kid) + "}");
      add("kid, and an empty secret",
          SigningKey::secret("").token("HS256", R"({"alg":"HS256","kid":)" + in_header(kid) + "}", claims().text()));
    }
    for (const char* kid : {R"("ec\u0000")", R"("\u0000")", R"("")", "null", "7", R"(["ec"])", R"({"ec":1})", "true"})
      add_signed("kid", R"({"alg":"ES256","kid":)" + std::string(kid) + "}");
  }

  void names_twice() {
    for (const char* head :
         {R"({"alg":"none","alg":"ES256","kid":"ec"})", R"({"alg":"ES256","alg":"none","kid":"ec"})",
          R"({"alg":"ES256","kid":"rsa","kid":"ec"})", R"({"alg":"ES256","kid":"rsa","k\u0069d":"ec"})",
          R"({"alg":"ES256","kid":"ec","x":1,"x":1})", R"({"alg":"ES256","kid":"ec","x":{"a":1,"a":2}})"})
      add_signed("a name twice in the header", head);
    for (const char* more :
         {R"("sub":"admin")", R"("s\u0075b":"admin")", R"("iss":"chat.shop.example")", R"("exp":9e9)"})
      add("a name twice in the claims", shop_keys().ec.token("ES256", header("ES256", "ec"), claims(more).text()));
  }

  void other_types() {
    for (const char* typ : {R"("logout+jwt")", R"("secevent+jwt")", R"("dpop+jwt")", R"("entity-statement+jwt")",
                            R"("JOSE")", R"("")", "null", "7", R"(["JWT"])", R"("application/logout+jwt")"})
      add_signed("typ", with_header(R"("typ":)" + std::string(typ)));
  }

  void other_parts() {
    const auto token = good();
    const auto first = token.find('.'), second = token.rfind('.');
    for (const auto& text :
         {token + ".", "." + token, token + "..", token + ".AAAA", std::string("."), std::string(".."),
          std::string("..."), std::string(), token.substr(0, second), token.substr(0, second + 1), token.substr(first),
          token.substr(0, first) + ".." + token.substr(second + 1), token.substr(0, first + 1) + token.substr(second),
          "Bearer " + token, "[\"" + token + "\"]"})
      add("other parts", text);
    for (const auto& head :
         {std::string(), std::string("null"), std::string("[]"), std::string("{"), header("ES256", "ec") + "{}",
          std::string("{'alg':'ES256'}"), std::string("{\"alg\":\"ES256\",\"x\":\"\xff\"}"),
          std::string(R"({"alg":"ES256","x":"\udc00"})"), std::string(2000, '[')})
      add_signed("a header that is no JSON", head);
  }

  void other_spellings() {
    const auto token = good();
    const auto first = token.find('.'), second = token.rfind('.');
    for (const auto place :
         {std::size_t(0), std::size_t(5), first, first + 1, first + 9, second, second + 1, second + 7, token.size()})
      for (const char* more : {"=", "==", " ", "\n", "\r\n", "\t", "%3D", "+", "/", "\xc2\xa0", "\xe2\x80\x8b"})
        add("white space, padding or a foreign character", std::string(token).insert(place, more));
    auto loose = token; // 64 bytes leave four bits unused in the last character; one of them set
    const char last = token.back();
    loose.back() = last == 'A' ? 'B' : last == 'Q' ? 'R' : last == 'g' ? 'h' : 'x';
    add("unused bits that are set", loose);
  }

  void other_signatures() {
    const auto token = good();
    const auto head = token.substr(0, token.rfind('.') + 1);
    const auto raw = *decode_base64url(token.substr(head.size()));
    const auto r = raw.substr(0, 32), s = raw.substr(32);
    const std::string zero(32, '\0'), one = std::string(31, '\0') + '\1';
    const auto der = "\x30\x44\x02\x20" + r + "\x02\x20" + s;
    for (const auto& signature : {der, raw + '\0', raw.substr(0, 63), '\0' + r + '\0' + s, zero + zero, zero + s,
                                  r + zero, one + one, s + r, std::string(64, '\xff'), std::string(32, 'x')})
      add("another signature", head + encode_base64url(signature));
    const auto other = claims(R"("email":"other@shop.example")").text();
    add("another's claims under the signature",
        token.substr(0, token.find('.') + 1) + encode_base64url(other) + token.substr(token.rfind('.')));
  }

  void huge() {
    const std::string pad(kMegabyte, 'x');
    add("a megabyte of claims",
        shop_keys().ec.token("ES256", header("ES256", "ec"), claims("\"pad\":\"" + pad + "\"").text()));
    add("a megabyte of header", shop_keys().ec.token("ES256", with_header("\"pad\":\"" + pad + "\""), claims().text()));
    add("a megabyte of signature", good() + std::string(kMegabyte, 'A'));
    add("a megabyte of dots", std::string(kMegabyte, '.'));
    add("a megabyte of brackets", encode_base64url(std::string(kMegabyte, '[')) + ".e30.AAAA");
    add("just over the limit", shop_keys().ec.token("ES256", header("ES256", "ec"),
                                                    claims("\"pad\":\"" + std::string(12'300, 'x') + "\"").text()));
  }

  const std::string attacker_;
  const std::int64_t now_;
  std::vector<Token> tokens_;
};

} // namespace

std::string login_keys() {
  return jwt::test::login_jwks();
}

std::function<std::string(const std::string&)> shop_verdict(std::int64_t now) {
  std::shared_ptr<jwt::Verifier> verifier = jwt::test::shop_verifier({}, now);
  return [verifier](const std::string& token) -> std::string {
    const auto proof = verifier->verify(token);
    if (proof) return "";
    return proof.failure().status == Status::rejected ? "rejected" : "failed: " + proof.failure().message;
  };
}

std::vector<Token> forged_tokens(std::int64_t now, const std::string& attacker) {
  return Forger(now, attacker).all();
}

std::vector<Token> good_tokens(std::int64_t now) {
  const auto& keys = shop_keys();
  auto login = Forger(now, "").claims();
  auto chat = login;
  chat.iss = kChat;
  return {{"RS256", keys.rsa().token("RS256", header("RS256", "rsa"), login.text())},
          {"PS256", keys.ps().token("PS256", header("PS256", "ps"), login.text())},
          {"ES256", keys.ec.token("ES256", header("ES256", "ec"), login.text())},
          {"EdDSA", keys.ed.token("EdDSA", header("EdDSA", "ed"), login.text())},
          {"HS256", keys.chat.token("HS256", header("HS256"), chat.text())},
          {"ES256 with typ", keys.ec.token("ES256", with_header(R"("typ":"JWT")"), login.text())}};
}

} // namespace plugboard::test
