// The token vectors of project Wycheproof, where they are at hand: signatures (JWS) and key sets, of the algorithms
// that this plugin offers, and the raw signature vectors under them.
#include "plugins/jwt/base64url.hpp"
#include "plugins/jwt/test/shop.hpp"

#include <gtest/gtest.h>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <fstream>
#include <set>
#include <sstream>

namespace jwt::test {
namespace {

// Where the vectors are wrong, or so RFC 7515 has it: 367 and 370 say "padding", yet are the good token 357 to the
// letter; 372 and 373 are called valid with a "?" amid their base64url.
const std::set<std::pair<std::string, int>> kWaived{{"json_web_signature_test.json", 367},
                                                    {"json_web_signature_test.json", 370},
                                                    {"json_web_signature_test.json", 372},
                                                    {"json_web_signature_test.json", 373}};

std::string json_text(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  return bytes;
}

// Some groups have their key only as 04 || x || y.
std::string p256_jwk(const Value& key) {
  auto point = from_hex(*text_member(key, "uncompressed"));
  return R"({"kty":"EC","crv":"P-256","kid":"none","x":")" + encode_base64url(point.substr(1, 32)) + R"(","y":")" +
         encode_base64url(point.substr(33)) + "\"}";
}

// The group's keys, as a connector would hold them: secrets by the configuration, which is refused as a whole when one
// is bad, public ones by a JWKS. Empty when nothing of them is usable.
KeySet keys_of(const Value& group) {
  const Value& given = group.HasMember("public") ? group["public"] : group["private"];
  std::string text = given.HasMember("keys") ? json_text(given) : "{\"keys\":[" + json_text(given) + "]}";
  Document set;
  set.Parse(text.data(), text.size());
  KeySet secrets;
  bool only_secrets = true;
  for (const auto& jwk : set["keys"].GetArray()) {
    only_secrets = only_secrets && text_member(jwk, "kty") == "oct";
    if (!only_secrets || text_member(jwk, "alg") != "HS256") continue;
    auto secret = decode_base64url(*text_member(jwk, "k"));
    auto key = Key::hs256(secret ? *secret : "");
    if (!key || !secrets.add(std::string(*text_member(jwk, "kid")), std::move(*key))) return {};
  }
  if (only_secrets) return secrets;
  auto read = read_jwks(text, public_key_algorithms());
  return read ? std::move(read->keys) : KeySet();
}

class WycheproofTest : public testing::Test {
 protected:
  // False: not at hand.
  bool load(const std::string& name) {
    std::ifstream file(std::string(WYCHEPROOF_FOLDER) + "/" + name);
    std::stringstream text;
    text << file.rdbuf();
    return file.is_open() && !document_.Parse(text.str().c_str()).HasParseError();
  }

  void check_tokens(const std::string& name) {
    int checked = 0, valid = 0, not_offered = 0;
    for (const auto& group : document_["testGroups"].GetArray()) {
      auto keys = keys_of(group);
      for (const auto& vector : group["tests"].GetArray()) {
        if (!vector.HasMember("jws") || kWaived.contains({name, vector["tcId"].GetInt()})) continue;
        auto jws = read_jws(*text_member(vector, "jws"));
        bool offered = is_offered(*text_member(vector, "jws"));
        bool accepted = jws && keys.verified(std::move(*jws));
        bool expected = offered && vector["result"] == "valid";
        EXPECT_EQ(accepted, expected) << name << " " << vector["tcId"].GetInt() << " " << vector["comment"].GetString();
        ++checked;
        valid += accepted;
        not_offered += !offered;
      }
    }
    std::cout << name << ": " << checked << " tokens, " << valid << " accepted, " << not_offered
              << " of algorithms that are not offered\n";
    EXPECT_GT(checked, 0);
    EXPECT_GT(valid, 0);
  }

  // Signatures over bytes: each result against the key alone.
  void check_signatures(const std::string& name, Algorithm algorithm, const char* jwk_name) {
    int checked = 0, valid = 0;
    for (const auto& group : document_["testGroups"].GetArray()) {
      auto jwk = group.HasMember(jwk_name) ? json_text(group[jwk_name]) : p256_jwk(group["publicKey"]);
      auto read = read_jwks("{\"keys\":[" + jwk + "]}", {algorithm});
      for (const auto& vector : group["tests"].GetArray()) {
        auto message = from_hex(*text_member(vector, "msg"));
        Jws jws{algorithm, "none", message, "", from_hex(*text_member(vector, "sig"))};
        bool accepted = read && read->keys.verified(std::move(jws));
        EXPECT_EQ(accepted, vector["result"] == "valid")
            << name << " " << vector["tcId"].GetInt() << " " << vector["comment"].GetString();
        ++checked;
        valid += accepted;
      }
    }
    std::cout << name << ": " << checked << " signatures, " << valid << " accepted\n";
    EXPECT_GT(valid, 0);
  }

  Document document_;

 private:
  // Not: a token that says an algorithm which is not ours, as RS512 or ES512.
  static bool is_offered(std::string_view token) {
    static const std::set<std::string_view> foreign{"RS384", "RS512", "PS384", "PS512",
                                                    "ES384", "ES512", "HS384", "HS512"};
    auto bytes = decode_base64url(token.substr(0, token.find('.')));
    Document header;
    if (!bytes || read_json_object(*bytes, header)) return true;
    auto alg = text_member(header, "alg");
    return !alg || !foreign.contains(*alg);
  }
};

#define LOAD_OR_SKIP(name)                                                                                             \
  if (!load(name)) GTEST_SKIP() << "no " << name << " in " << WYCHEPROOF_FOLDER

TEST_F(WycheproofTest, JsonWebSignatures) {
  LOAD_OR_SKIP("json_web_signature_test.json");
  check_tokens("json_web_signature_test.json");
}

TEST_F(WycheproofTest, JsonWebKeys) {
  LOAD_OR_SKIP("json_web_key_test.json");
  check_tokens("json_web_key_test.json");
}

TEST_F(WycheproofTest, JsonWebCrypto) {
  LOAD_OR_SKIP("json_web_crypto_test.json");
  check_tokens("json_web_crypto_test.json");
}

TEST_F(WycheproofTest, EcdsaP256InRawForm) {
  LOAD_OR_SKIP("ecdsa_secp256r1_sha256_p1363_test.json");
  check_signatures("ecdsa_secp256r1_sha256_p1363_test.json", Algorithm::es256, "publicKeyJwk");
}

TEST_F(WycheproofTest, Ed25519) {
  LOAD_OR_SKIP("ed25519_test.json");
  check_signatures("ed25519_test.json", Algorithm::eddsa, "publicKeyJwk");
}

TEST_F(WycheproofTest, RsaPss) {
  LOAD_OR_SKIP("rsa_pss_2048_sha256_mgf1_32_test.json");
  check_signatures("rsa_pss_2048_sha256_mgf1_32_test.json", Algorithm::ps256, "publicKeyJwk");
}

TEST_F(WycheproofTest, RsaPkcs1) {
  LOAD_OR_SKIP("rsa_signature_2048_sha256_test.json");
  check_signatures("rsa_signature_2048_sha256_test.json", Algorithm::rs256, "keyJwk");
}

} // namespace
} // namespace jwt::test
