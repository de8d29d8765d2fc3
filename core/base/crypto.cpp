#include "core/base/crypto.hpp"

#include "core/base/assert.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <memory>
#include <new>

namespace plugboard {
namespace {

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320U : crc >> 1;
    table[i] = crc;
  }
  return table;
}

constexpr std::size_t kNonce = 12, kTag = 16;

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

unsigned char* bytes_of(std::string& text, std::size_t from = 0) {
  return reinterpret_cast<unsigned char*>(text.data()) + from;
}

const unsigned char* bytes_of(std::string_view text, std::size_t from = 0) {
  return reinterpret_cast<const unsigned char*>(text.data()) + from;
}

// Nothing but memory can be wanting while it is set up.
Cipher begin(const Secret& key, std::string_view nonce, std::string_view about, bool closes) {
  PLUGBOARD_ASSERT(key.reveal().size() == 32);
  Cipher cipher(EVP_CIPHER_CTX_new());
  int written = 0;
  if (cipher == nullptr ||
      EVP_CipherInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key.reveal()), bytes_of(nonce),
                        closes ? 1 : 0) != 1 ||
      EVP_CipherUpdate(cipher.get(), nullptr, &written, bytes_of(about), static_cast<int>(about.size())) != 1)
    throw std::bad_alloc();
  return cipher;
}

} // namespace

std::string close(const Secret& key, std::string_view bytes, std::string_view about, Random& random) {
  std::string closed(kNonce + bytes.size() + kTag, '\0');
  random.fill(std::as_writable_bytes(std::span(closed.data(), kNonce)));
  const Cipher cipher = begin(key, std::string_view(closed).substr(0, kNonce), about, true);
  int written = 0, rest = 0;
  const bool done =
      EVP_CipherUpdate(cipher.get(), bytes_of(closed, kNonce), &written, bytes_of(bytes),
                       static_cast<int>(bytes.size())) == 1 &&
      EVP_CipherFinal_ex(cipher.get(), bytes_of(closed, kNonce + bytes.size()), &rest) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTag, bytes_of(closed, kNonce + bytes.size())) == 1;
  if (!done) throw std::bad_alloc();
  return closed;
}

std::optional<Secret> open(const Secret& key, std::string_view closed, std::string_view about) {
  if (closed.size() < kNonce + kTag) return std::nullopt;
  const std::size_t size = closed.size() - kNonce - kTag;
  std::string tag(closed.substr(kNonce + size)), bytes(size, '\0');
  const Cipher cipher = begin(key, closed.substr(0, kNonce), about, false);
  int written = 0, rest = 0;
  const bool done = EVP_CipherUpdate(cipher.get(), bytes_of(bytes), &written, bytes_of(closed, kNonce),
                                     static_cast<int>(size)) == 1 &&
                    EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTag, bytes_of(tag)) == 1 &&
                    EVP_CipherFinal_ex(cipher.get(), bytes_of(bytes, size), &rest) == 1;
  Secret opened(std::move(bytes)); // wiped if it is not what was closed
  if (!done) return std::nullopt;
  return opened;
}

Digest sha256(std::string_view bytes) {
  Digest digest{};
  unsigned size = 0;
  const int done = EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  if (done != 1) throw std::bad_alloc(); // nothing else can go wrong with it
  PLUGBOARD_ASSERT(size == digest.size());
  return digest;
}

Digest hmac_sha256(const Secret& key, std::string_view bytes) {
  Digest digest{};
  unsigned size = 0;
  const std::string_view secret = key.reveal();
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  const unsigned char* done =
      HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), data, bytes.size(), digest.data(), &size);
  if (done == nullptr) throw std::bad_alloc();
  PLUGBOARD_ASSERT(size == digest.size());
  return digest;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string hex(std::span<const unsigned char> bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

namespace {

std::string in_base64(std::span<const unsigned char> bytes, std::string_view last_digits) {
  static constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const auto digit = [&](std::uint32_t value) { return value < 62 ? kDigits[value] : last_digits[value - 62]; };
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  std::uint32_t window = 0;
  unsigned held = 0; // bits in the window that are not written yet
  for (const unsigned char byte : bytes) {
    window = window << 8 | byte;
    for (held += 8; held >= 6; held -= 6) text += digit(window >> (held - 6) & 63);
  }
  if (held > 0) text += digit(window << (6 - held) & 63);
  return text;
}

} // namespace

std::string base64url(std::span<const unsigned char> bytes) {
  return in_base64(bytes, "-_");
}

std::string base64(std::string_view bytes) {
  std::string text = in_base64(std::span(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()), "+/");
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::uint32_t crc32(std::string_view bytes) {
  static constexpr auto kTable = make_crc_table();
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) crc = kTable[(crc ^ static_cast<unsigned char>(byte)) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

} // namespace plugboard
