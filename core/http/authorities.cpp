#include "core/http/authorities.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <array>
#include <new>

namespace plugboard::http {
namespace {

std::string why() {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  return text.data();
}

} // namespace

Result<AuthoritiesPtr> read_authorities(const std::string& ca_file) {
  ERR_clear_error();
  AuthoritiesPtr authorities(X509_STORE_new(), X509_STORE_free);
  if (authorities == nullptr) throw std::bad_alloc();
  if (ca_file.empty()) {
    if (X509_STORE_set_default_paths(authorities.get()) != 1) throw std::bad_alloc(); // what is not there is not missed
  } else if (X509_STORE_load_file(authorities.get(), ca_file.c_str()) != 1) {
    return fail(Code::invalid_argument, "cannot read the certificate authorities in '" + ca_file +
                                            "': it must be a readable PEM file (" + why() + ")");
  }
  return authorities;
}

} // namespace plugboard::http
