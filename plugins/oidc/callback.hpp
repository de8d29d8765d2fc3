// What came back to the redirect URI, as the client saw it: a URL or its query, from a browser, so from anybody.
// [any thread]
#pragma once

#include <plugboard/types.hpp>

#include <string>
#include <string_view>

namespace oidc {

inline constexpr std::size_t kMostCallback = 16 * 1024;

struct Callback { // each empty when absent
  std::string code, state, issuer, error;
};

// text: a whole URL, which must begin with the redirect URI to the letter, or the query alone, with or without "?".
// Failure: rejected; it quotes nothing. A parameter of ours that is there twice is refused, others do not matter.
plugboard::Result<Callback> read_callback(std::string_view text, std::string_view redirect_uri);

} // namespace oidc
