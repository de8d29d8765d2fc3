// A login under way: what must be known again when the customer comes back. Travels as the opaque state that the hub
// keeps, encrypted, and gives back once. A value. [any thread]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oidc {

struct Begun {
  std::string state, nonce, verifier; // of this login alone: 256 random bits each
  std::string redirect_uri;
  std::optional<std::int64_t> max_age_s; // asked for: how old the customer's own login there may be
  std::vector<std::string> acr_values;   // asked for: one of these must come
};

std::string to_text(const Begun& begun);
std::optional<Begun> read_begun(std::string_view text); // none: not what to_text wrote

} // namespace oidc
