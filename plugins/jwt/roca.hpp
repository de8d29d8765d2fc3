// Tells RSA keys that a flawed chip library made (CVE-2017-15361, "ROCA"): their private half can be computed.
// [any thread]
#pragma once

#include <openssl/types.h>

namespace jwt {

bool is_roca_modulus(const BIGNUM* modulus);

} // namespace jwt
