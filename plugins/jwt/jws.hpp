// A signed token taken apart (RFC 7515, compact form), before anything in it is believed. What the header says about
// keys (jwk, jku, x5c, x5u) is never read; kid is only a name to look up. [any thread]
#pragma once

#include "plugins/jwt/algorithm.hpp"

#include <plugboard/types.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jwt {

inline constexpr std::size_t kMaxTokenSize = 16 * 1024;

struct Jws {
  Algorithm algorithm; // as the token claims: a key must agree
  std::optional<std::string> kid;
  std::string signed_text;
  std::string payload;
  std::string signature;
};

// What a token may say that it is made for (its typ, in small letters, without "application/"): RFC 8725, 3.11.
struct TokenTypes {
  std::vector<std::string_view> taken = {"jwt", "at+jwt"};
  bool may_be_silent = true; // as most issuers are
};

// Failure: rejected, with the reason; it quotes nothing of the token.
plugboard::Result<Jws> read_jws(std::string_view token, const TokenTypes& types = {});

} // namespace jwt
