#include "plugins/jwt/jws.hpp"

#include "plugins/jwt/base64url.hpp"
#include "plugins/jwt/strict_json.hpp"

#include <algorithm>

namespace jwt {
namespace {

using plugboard::Failure;
using plugboard::Status;

Failure rejected(std::string why) {
  return Failure{Status::rejected, std::move(why)};
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

// A token made for another purpose (a logout token, a security event, a DPoP proof) says so in typ.
std::optional<std::string> fault_of_type(const Value* typ, const TokenTypes& types) {
  if (!typ && types.may_be_silent) return std::nullopt;
  constexpr std::string_view kTree = "application/";
  std::string type = typ && typ->IsString() ? lower(text_of(*typ)) : std::string();
  if (type.starts_with(kTree)) type.erase(0, kTree.size());
  if (std::find(types.taken.begin(), types.taken.end(), type) != types.taken.end()) return std::nullopt;
  std::string taken;
  for (auto each : types.taken) taken += (taken.empty() ? "" : " nor ") + std::string(each);
  return "its typ is not " + taken;
}

std::optional<std::string> fault_of(const Value& header, const TokenTypes& types) {
  if (member(header, "crit")) return "its header has crit: no extension that must be understood is";
  if (member(header, "b64")) return "its header has b64: unencoded payloads are not taken";
  if (auto fault = fault_of_type(member(header, "typ"), types)) return fault;
  if (auto* kid = member(header, "kid"); kid && !kid->IsString()) return "its kid is not a string";
  return std::nullopt;
}

} // namespace

plugboard::Result<Jws> read_jws(std::string_view token, const TokenTypes& types) {
  if (token.size() > kMaxTokenSize) return rejected("the token is longer than 16 KiB");
  if (auto dots = std::count(token.begin(), token.end(), '.'); dots != 2)
    return rejected(dots == 4 ? "the token is encrypted; only signed ones are taken"
                              : "the token does not have three parts with dots between them");
  auto first = token.find('.');
  auto second = token.find('.', first + 1);
  auto header_text = decode_base64url(token.substr(0, first));
  auto payload = decode_base64url(token.substr(first + 1, second - first - 1));
  auto signature = decode_base64url(token.substr(second + 1));
  if (!header_text || !payload || !signature) return rejected("a part of the token is not strict base64url");
  Document header;
  if (auto fault = read_json_object(*header_text, header)) return rejected("the token's header " + *fault);
  if (auto fault = fault_of(header, types)) return rejected("the token can't be taken: " + *fault);
  auto alg = text_member(header, "alg");
  auto algorithm = alg ? algorithm_named(*alg) : std::nullopt;
  if (!algorithm) return rejected("the token's alg is none of those of HMAC, RSA, RSA-PSS, ECDSA (RFC 7518) and EdDSA");
  if (signature->empty()) return rejected("the token has no signature");
  auto kid = text_member(header, "kid");
  return Jws{*algorithm, kid ? std::optional<std::string>(*kid) : std::nullopt, std::string(token.substr(0, second)),
             std::move(*payload), std::move(*signature)};
}

} // namespace jwt
