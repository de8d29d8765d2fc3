// A key set as an issuer publishes it: what can be used of it is used, each key that can't is named in one line, and no
// key of it vouches for a signature that is not there.
#include "plugins/jwt/key_set.hpp"
#include "tests/fuzz/target.hpp"

namespace plugboard::fuzz {

void fuzz(std::string_view input) {
  auto read = jwt::read_jwks(input, jwt::public_key_algorithms());
  if (!read) return require(!read.failure().message.empty(), "a refusal says why");
  require(!read->keys.empty() && read->keys.size() <= 64, "a set has some keys");
  for (const auto& sentence : read->ignored)
    for (const char c : sentence) require(c >= ' ' && c <= '~', "what is said of a key is plain text");
  for (const auto algorithm : jwt::public_key_algorithms()) {
    const std::string signature(algorithm == jwt::Algorithm::rs256 ? 256 : 64, '\x01');
    const bool verified = read->keys.verified({algorithm, std::nullopt, "e30.e30", "{}", signature}) ? true : false;
    require(!verified, "no key takes what was not signed");
  }
}

} // namespace plugboard::fuzz
