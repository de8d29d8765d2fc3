#include "core/http/ticket_seal.hpp"

#include "core/http/contained.hpp"

#include <openssl/core_names.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <string>

namespace plugboard::http {
namespace {

bool set_mac(EVP_MAC_CTX* mac, TicketKey& key) {
  std::string digest = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key.mac.data(), key.mac.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0), OSSL_PARAM_construct_end()};
  return EVP_MAC_CTX_set_params(mac, parameters) == 1;
}

// OpenSSL's answers: 1 go on, 2 go on and give a new ticket, 0 a full handshake, -1 failed.
int seal(TicketKeys& keys, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac) {
  auto key = keys.to_seal();
  std::copy(key.name.begin(), key.name.end(), name);
  keys.random({iv, static_cast<std::size_t>(EVP_CIPHER_get_iv_length(EVP_aes_256_cbc()))});
  const bool good =
      EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.cipher.data(), iv) == 1 && set_mac(mac, key);
  return good ? 1 : -1;
}

int open(TicketKeys& keys, const unsigned char* name, const unsigned char* iv, EVP_CIPHER_CTX* cipher,
         EVP_MAC_CTX* mac) {
  auto opener = keys.to_open(std::span<const unsigned char, 16>(name, 16));
  if (!opener) return 0;
  const bool good = EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, opener->key.cipher.data(), iv) == 1 &&
                    set_mac(mac, opener->key);
  if (!good) return -1;
  return opener->current ? 1 : 2;
}

int on_ticket(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, int sealing) {
  auto& keys = *static_cast<TicketKeys*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  return contained(
      -1, [&] { return sealing == 1 ? seal(keys, name, iv, cipher, mac) : open(keys, name, iv, cipher, mac); });
}

} // namespace

void seal_tickets_with(TicketKeys& keys, SSL_CTX* context) {
  SSL_CTX_set_app_data(context, &keys);
  SSL_CTX_set_tlsext_ticket_key_evp_cb(context, on_ticket);
}

} // namespace plugboard::http
