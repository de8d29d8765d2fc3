// The code for the tokens: the request to the provider's token endpoint, and what it answers. [any thread]
#pragma once

#include "plugins/oidc/begun.hpp"
#include "plugins/oidc/metadata.hpp"
#include "plugins/oidc/settings.hpp"

#include <plugboard/host.hpp>

#include <string>
#include <string_view>

namespace oidc {

inline constexpr std::size_t kMostTokenAnswer = 64 * 1024;

// secret: the client's, when it has one.
plugboard::HttpRequest code_request(const Metadata& metadata, const Settings& settings, const Begun& begun,
                                    std::string_view code, std::string_view secret);

struct Tokens {
  std::string id_token, access_token;
};

// Failure: rejected, when the provider does not take the code; else what is wrong with the provider, or with this
// client there.
plugboard::Result<Tokens> read_tokens(const plugboard::HttpResponse& response);

} // namespace oidc
