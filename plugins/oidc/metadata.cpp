#include "plugins/oidc/metadata.hpp"

#include "plugins/jwt/strict_json.hpp"
#include "plugins/oidc/settings.hpp"

#include <algorithm>

namespace oidc {
namespace {

using plugboard::Failure;
using plugboard::Result;
using plugboard::Status;

Failure malformed(std::string why) {
  return Failure{Status::upstream_malformed, "the provider's metadata " + std::move(why)};
}

// A list that is there and does not have it. What a provider does not say is tried.
bool denies(const jwt::Value& document, const char* list, std::string_view wanted) {
  const auto* values = jwt::member(document, list);
  return values && values->IsArray() && std::none_of(values->Begin(), values->End(), [&](const auto& each) {
           return each.IsString() && jwt::text_of(each) == wanted;
         });
}

} // namespace

std::string discovery_url(std::string_view issuer) {
  std::string url(issuer);
  if (url.ends_with('/')) url.pop_back();
  return url + "/.well-known/openid-configuration";
}

Result<Metadata> read_metadata(std::string_view json, std::string_view issuer) {
  jwt::Document document;
  if (auto fault = jwt::read_json_object(json, document)) return malformed(*fault);
  const auto said = jwt::text_member(document, "issuer");
  if (said != issuer) return malformed("are another issuer's: the configured one must stand there to the letter");
  Metadata metadata;
  const std::pair<const char*, std::string*> places[] = {{"authorization_endpoint", &metadata.authorization_endpoint},
                                                         {"token_endpoint", &metadata.token_endpoint},
                                                         {"jwks_uri", &metadata.jwks_uri}};
  for (const auto& [name, place] : places) {
    *place = jwt::text_member(document, name).value_or("");
    if (!is_provider_url(*place)) return malformed(std::string("have no usable ") + name);
  }
  if (denies(document, "code_challenge_methods_supported", "S256"))
    return malformed("say that it does not know PKCE with S256, which this plugin does not do without");
  if (denies(document, "response_types_supported", "code")) return malformed("say that it gives no codes");
  const auto* named = jwt::member(document, "authorization_response_iss_parameter_supported");
  metadata.names_itself_in_callbacks = named && named->IsTrue();
  return metadata;
}

} // namespace oidc
