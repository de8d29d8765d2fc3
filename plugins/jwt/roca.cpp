#include "plugins/jwt/roca.hpp"

#include <openssl/bn.h>

namespace jwt {

// The library made primes of the form k*M + 65537^a mod M, M the product of the first primes. So modulo each of those
// small primes the modulus is a power of 65537; a sound key passes all of them about once in 2^27.
bool is_roca_modulus(const BIGNUM* modulus) {
  static constexpr unsigned kPrimes[] = {3,   5,   7,   11,  13,  17,  19,  23,  29,  31,  37,  41,  43,
                                         47,  53,  59,  61,  67,  71,  73,  79,  83,  89,  97,  101, 103,
                                         107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};
  for (unsigned prime : kPrimes) {
    auto remainder = BN_mod_word(modulus, prime);
    BN_ULONG power = 1;
    bool found = remainder == 1;
    for (unsigned i = 0; i < prime && !found; ++i) {
      power = power * 65537 % prime;
      found = power == remainder;
    }
    if (!found) return false;
  }
  return true;
}

} // namespace jwt
