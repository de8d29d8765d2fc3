// The signature algorithms that this plugin knows. Each key has exactly one, fixed by the configuration or by the key
// set; what a token's header says must only agree with it. "none" is not among them. [any thread]
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace jwt {

// RFC 7518's, and EdDSA with Ed25519 (RFC 8037).
enum class Algorithm { hs256 = 1, hs384, hs512, rs256, rs384, rs512, ps256, ps384, ps512, es256, es384, es512, eddsa };

enum class Family { hmac = 1, rsa, rsa_pss, ecdsa, eddsa };

Family family_of(Algorithm algorithm);
int hash_bits(Algorithm algorithm); // of its SHA-2: 256, 384 or 512; EdDSA: 512

// By JOSE name, case and all; "Ed25519" (RFC 9864) is another name of EdDSA as we offer it.
std::optional<Algorithm> algorithm_named(std::string_view name);
std::string_view name_of(Algorithm algorithm);

// Those of a public key, in the order in which they are offered: what a key set may hold, and all that `algorithms` in
// the configuration may allow.
std::vector<Algorithm> public_key_algorithms();

} // namespace jwt
