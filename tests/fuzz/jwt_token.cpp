// A customer's token. As it comes: no bytes that a stranger makes up are a proof. And with a sound signature around the
// header and claims that the fuzzer chose ("+" first, then a line of header): what is then believed is for us, in time,
// and clean.
#include "plugins/jwt/base64url.hpp"
#include "plugins/jwt/test/signing_key.hpp"
#include "plugins/jwt/verifier.hpp"
#include "tests/fuzz/target.hpp"

namespace plugboard::fuzz {
namespace {

constexpr std::int64_t kNow = 1'800'000'000;
constexpr char kSecret[] = "a chat widget's secret of 40 characters.";

constexpr char kConfig[] = R"({"issuers": [
    {"issuer": "chat.shop.example", "audience": "support", "hs256": {"secret": "chat"}},
    {"issuer": "https://login.shop.example", "audience": ["support", "desk"], "jwks": "keys/login.jwks"}],
  "identifiers": {"email": {"claim": "email", "verified_claim": "email_verified"}, "customer_id": {"claim": "/c/0/id"}},
  "assurance": {"acr": {"two": "aal2"}, "amr": {"otp": "aal2"}, "two_factors": "aal3"},
  "max_age_s": 3600, "session_ends_with_token": true})";

// One key of each kind; their private halves are nowhere.
constexpr char kJwks[] = R"({"keys": [
  {"kty": "EC", "crv": "P-256", "kid": "ec", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
   "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
  {"kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})";

const jwt::Verifier& verifier() {
  static const auto made = [] {
    auto verifier = std::make_unique<jwt::Verifier>(jwt::read_settings(kConfig), [] { return kNow; });
    auto secret = jwt::Key::hmac(jwt::Algorithm::hs256, kSecret);
    verifier->issuers()[0]->replace(jwt::KeySet::of_one(std::move(*secret)));
    auto keys = jwt::read_jwks(kJwks, jwt::public_key_algorithms());
    require(keys && keys->keys.size() == 2, "the target's own keys are taken");
    verifier->issuers()[1]->replace(std::move(keys->keys));
    return verifier;
  }();
  return *made;
}

bool is_clean(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') return false;
  return !text.empty();
}

void check(const Proof& proof) {
  require(proof.issuer == "chat.shop.example", "only its own issuer's key proves anything");
  require(is_clean(proof.subject), "a subject is clean");
  require(proof.authenticated_at >= 1 && proof.authenticated_at <= kNow, "nobody is authenticated in the future");
  require(proof.expires_at >= kNow - 60, "what has expired proves nothing");
  for (const auto& identifier : proof.identifiers) require(is_clean(identifier.value), "an identifier is clean");
}

} // namespace

void fuzz(std::string_view input) {
  if (!input.starts_with('+')) {
    auto proof = verifier().verify(input);
    require(!proof, "no bytes without a key are a proof");
    return require(!proof.failure().message.empty(), "a refusal says why");
  }
  input.remove_prefix(1);
  const auto header = take_line(input);
  static const auto key = jwt::test::SigningKey::secret(kSecret);
  auto proof = verifier().verify(key.token("HS256", header, input));
  if (proof) return check(*proof);
  require(is_clean(proof.failure().message), "a refusal is one line");
}

} // namespace plugboard::fuzz
