#include "plugins/oidc/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <new>

namespace oidc {

std::string sha2(int bits, std::string_view text) {
  const EVP_MD* kind = bits == 256 ? EVP_sha256() : bits == 384 ? EVP_sha384() : EVP_sha512();
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &size, kind, nullptr) != 1)
    throw std::bad_alloc();
  digest.resize(size);
  return digest;
}

bool is_same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace oidc
