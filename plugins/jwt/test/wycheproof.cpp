#include "plugins/jwt/test/wycheproof.hpp"

#include "plugins/jwt/base64url.hpp"
#include "plugins/jwt/key_set.hpp"
#include "plugins/jwt/strict_json.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace jwt::test {
namespace {

constexpr std::string_view kSignatures = "json_web_signature_test.json";

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

bool is_hmac(std::optional<Algorithm> algorithm) {
  return algorithm && family_of(*algorithm) == Family::hmac;
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
    const auto algorithm = algorithm_named(text_member(jwk, "alg").value_or(""));
    if (!only_secrets || !is_hmac(algorithm)) continue;
    auto secret = decode_base64url(*text_member(jwk, "k"));
    auto key = Key::hmac(*algorithm, secret ? *secret : "");
    if (!key || !secrets.add(std::string(*text_member(jwk, "kid")), std::move(*key))) return {};
  }
  if (only_secrets) return secrets;
  auto read = read_jwks(text, public_key_algorithms());
  return read ? std::move(read->keys) : KeySet();
}

bool is_waived(std::string_view file, int id) {
  return file == kSignatures && std::any_of(waivers().begin(), waivers().end(), [id](const Waiver& waiver) {
           return std::find(waiver.ids.begin(), waiver.ids.end(), id) != waiver.ids.end();
         });
}

void judge(const VectorFile& file, const Value& vector, bool accepted, VectorsSeen& seen) {
  ++seen.checked;
  if (accepted) ++seen.accepted;
  if (accepted == (vector["result"] == "valid")) return;
  seen.wrong.push_back(std::string(file.name) + " " + std::to_string(vector["tcId"].GetInt()) + " (" +
                       vector["comment"].GetString() + ") was " + (accepted ? "accepted" : "refused"));
}

void check_token(const VectorFile& file, const Value& vector, const KeySet& keys, VectorsSeen& seen) {
  auto text = text_member(vector, "jws");
  if (!text) return static_cast<void>(++seen.other_forms);
  if (is_waived(file.name, vector["tcId"].GetInt())) return static_cast<void>(++seen.waived);
  auto jws = read_jws(*text);
  judge(file, vector, jws && keys.verified(std::move(*jws)), seen);
}

// Signatures over bytes: against the key alone.
void check_signature(const VectorFile& file, const Value& vector, const ReadKeySet* read, VectorsSeen& seen) {
  Jws jws{*file.algorithm, "none", from_hex(*text_member(vector, "msg")), "", from_hex(*text_member(vector, "sig"))};
  judge(file, vector, read && read->keys.verified(std::move(jws)), seen);
}

void check_signatures(const VectorFile& file, const Value& group, VectorsSeen& seen) {
  auto jwk = group.HasMember(file.key_member) ? json_text(group[file.key_member]) : p256_jwk(group["publicKey"]);
  auto read = read_jwks("{\"keys\":[" + jwk + "]}", {*file.algorithm});
  for (const auto& vector : group["tests"].GetArray()) check_signature(file, vector, read ? &*read : nullptr, seen);
}

} // namespace

const std::vector<VectorFile>& vector_files() {
  static const std::vector<VectorFile> files{
      {kSignatures.data()},
      {"json_web_key_test.json"},
      {"json_web_crypto_test.json"},
      {"ecdsa_secp256r1_sha256_p1363_test.json", Algorithm::es256, "publicKeyJwk"},
      {"ed25519_test.json", Algorithm::eddsa, "publicKeyJwk"},
      {"rsa_pss_2048_sha256_mgf1_32_test.json", Algorithm::ps256, "publicKeyJwk"},
      {"rsa_signature_2048_sha256_test.json", Algorithm::rs256, "keyJwk"}};
  return files;
}

const std::vector<Waiver>& waivers() {
  static const std::vector<Waiver> all{
      {{367, 370}, "said to be padded, and refused; they are the good token 357 to the letter"},
      {{372, 373}, "said to be good, with a \"?\" amid their base64url: RFC 7515 has them refused"},
      {{346, 350}, "a PS384 token by a key whose alg is PS256: a key is for the algorithm that it names"},
      {{347, 351}, "an ES512 token by a key whose alg is \"ES521\", which is none"}};
  return all;
}

std::optional<VectorsSeen> check_vectors(const VectorFile& file) {
  std::ifstream stream(std::string(WYCHEPROOF_FOLDER) + "/" + file.name);
  if (!stream) return std::nullopt;
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  Document document;
  if (document.Parse(text.data(), text.size()).HasParseError()) throw std::runtime_error(file.name);
  VectorsSeen seen;
  for (const auto& group : document["testGroups"].GetArray()) {
    if (file.algorithm) {
      check_signatures(file, group, seen);
      continue;
    }
    const auto keys = keys_of(group);
    for (const auto& vector : group["tests"].GetArray()) check_token(file, vector, keys, seen);
  }
  return seen;
}

} // namespace jwt::test
