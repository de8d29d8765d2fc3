// The signature algorithms that this plugin knows. Each key has exactly one, fixed by the configuration or by the key
// set; what a token's header says must only agree with it. "none" is not among them. [any thread]
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace jwt {

enum class Algorithm { hs256 = 1, rs256, ps256, es256, eddsa };

// By JOSE name, case and all; "Ed25519" (RFC 9864) is another name of EdDSA as we offer it.
std::optional<Algorithm> algorithm_named(std::string_view name);
std::string_view name_of(Algorithm algorithm);

// Those of a public key: what a key set may hold, and all that `algorithms` in the configuration may allow.
std::vector<Algorithm> public_key_algorithms();

} // namespace jwt
