#include "plugins/jwt/connector.hpp"

#include <stdexcept>

namespace jwt {

using plugboard::Failure;
using plugboard::Result;
using plugboard::Status;

Connector::Connector(plugboard::Host host, std::string_view config, UnixNow now)
    : host_(host), verifier_(read_settings(config), std::move(now)) {
  for (const auto& issuer : verifier_.issuers())
    if (!issuer->settings().secret_handle.empty()) load_secret(*issuer);
}

void Connector::load_secret(Issuer& issuer) {
  const auto& name = issuer.settings().name;
  std::string fault = "the hub has no such secret";
  host_.with_secret(issuer.settings().secret_handle, [&](std::string_view secret) {
    auto key = Key::hmac(issuer.settings().secret_algorithm, secret);
    fault = key ? "" : key.failure().message;
    if (key) issuer.replace(KeySet::of_one(std::move(*key)));
  });
  if (!fault.empty()) throw std::invalid_argument("the secret key of the issuer \"" + name + "\": " + fault);
}

void Connector::start() {
  watches_.reserve(verifier_.issuers().size()); // the hub keeps their addresses
  for (const auto& issuer : verifier_.issuers()) {
    const auto& path = issuer->settings().jwks_path;
    if (path.empty()) continue;
    auto& changed =
        watches_.emplace_back([this, &changing = *issuer](std::string_view bytes) { rotate(changing, bytes); });
    auto status = host_.watch_file(path, changed);
    if (status == Status::failed)
      host_.warn("the key set " + path + " can't be read now: tokens of " + in_quotes(issuer->settings().name) +
                 " are not taken until it can");
    else if (status == Status::unsupported)
      throw std::runtime_error("this hub grants no files, so \"jwks\" can't be used with it");
    else if (status != Status::ok)
      throw std::runtime_error("the key set \"" + path + "\" is not granted: add \"ro:" + path +
                               "\" to this connector's grants.files");
  }
}

void Connector::rotate(Issuer& issuer, std::string_view jwks) {
  const auto& path = issuer.settings().jwks_path;
  auto read = read_jwks(jwks, issuer.settings().algorithms);
  if (!read) {
    host_.warn("the key set " + path + " can't be used: " + read.failure().message +
               (issuer.keys() ? "; the keys from before stay in use" : "; no token of its issuer is taken"));
    return;
  }
  for (const auto& ignored : read->ignored) host_.warn("in the key set " + path + ", " + ignored);
  host_.info("the key set " + path + " now has " + std::to_string(read->keys.size()) + " keys in use");
  issuer.replace(std::move(read->keys));
}

Result<plugboard::Step> Connector::authenticate(const plugboard::Request& request) {
  Document credential;
  auto fault = read_json_object(request.credential(), credential);
  auto token = fault ? std::nullopt : text_member(credential, "token");
  if (!token || credential.MemberCount() != 1)
    return Failure{Status::rejected, "the credential is not {\"token\": \"...\"}"};
  return verifier_.verify(*token);
}

} // namespace jwt
