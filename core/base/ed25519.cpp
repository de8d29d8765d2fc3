#include "core/base/ed25519.hpp"

#include "core/base/assert.hpp"

#include <openssl/evp.h>

#include <memory>
#include <new>

namespace plugboard {
namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

constexpr std::size_t kKeySize = 32, kSignatureSize = 64;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Key private_key(const Secret& seed) {
  const auto secret = seed.reveal();
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(secret), secret.size()));
  if (!key) throw std::bad_alloc(); // nothing else can go wrong with 32 bytes
  return key;
}

Context new_context() {
  Context context(EVP_MD_CTX_new());
  if (!context) throw std::bad_alloc();
  return context;
}

} // namespace

SigningKey::SigningKey(const Secret& seed) : seed_(seed.copy()), public_key_(kKeySize, '\0') {
  PLUGBOARD_ASSERT(seed.reveal().size() == kKeySize);
  const auto key = private_key(seed_);
  std::size_t size = public_key_.size();
  if (EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<unsigned char*>(public_key_.data()), &size) != 1)
    throw std::bad_alloc();
}

std::string SigningKey::sign(std::string_view bytes) const {
  const auto key = private_key(seed_);
  const auto context = new_context();
  std::string signature(kSignatureSize, '\0');
  std::size_t size = signature.size();
  const bool done = EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
                    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                                   bytes_of(bytes), bytes.size()) == 1;
  if (!done || size != kSignatureSize) throw std::bad_alloc();
  return signature;
}

bool is_signed_by(std::string_view public_key, std::string_view bytes, std::string_view signature) {
  if (public_key.size() != kKeySize || signature.size() != kSignatureSize) return false;
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(public_key), public_key.size()));
  if (!key) return false;
  const auto context = new_context();
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(bytes), bytes.size()) == 1;
}

} // namespace plugboard
