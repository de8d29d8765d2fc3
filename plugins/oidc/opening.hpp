// The first step: from what a client asks for to where the customer's browser goes. [any thread]
#pragma once

#include "plugins/oidc/begun.hpp"
#include "plugins/oidc/metadata.hpp"
#include "plugins/oidc/senses.hpp"
#include "plugins/oidc/settings.hpp"

#include "plugins/jwt/strict_json.hpp"

#include <plugboard/types.hpp>

#include <string>
#include <string_view>

namespace oidc {

struct Wish { // a client's, for one login
  std::string redirect_uri, login_hint, prompt, language;
  std::optional<std::int64_t> max_age_s;
  std::vector<std::string> acr_values;
};

// Failure: rejected, with what is wrong with the credential.
plugboard::Result<Wish> read_wish(const jwt::Value& credential, const Settings& settings);

Begun begin(const Wish& wish, const Senses& senses);

std::string authorization_url(const Metadata& metadata, const Settings& settings, const Wish& wish, const Begun& begun);

} // namespace oidc
