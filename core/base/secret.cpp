#include "core/base/secret.hpp"

#include "core/base/crypto.hpp"

#include <openssl/crypto.h>

#include <utility>

namespace plugboard {
namespace {

// Also what lies between size and capacity: a short string keeps its bytes in place when it is moved from.
void wipe(std::string& bytes) {
  bytes.resize(bytes.capacity());
  OPENSSL_cleanse(bytes.data(), bytes.size());
  bytes.clear();
}

} // namespace

Secret::Secret(std::string bytes) : bytes_(std::move(bytes)) {
  wipe(bytes); // NOLINT(bugprone-use-after-move): what the move left behind
}

Secret::~Secret() {
  wipe(bytes_);
}

Secret::Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) {
  wipe(other.bytes_);
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(bytes_);
    bytes_ = std::move(other.bytes_);
    wipe(other.bytes_);
  }
  return *this;
}

Secret Secret::copy() const {
  return Secret(std::string(bytes_));
}

bool Secret::equals(std::string_view other) const {
  return equal_in_constant_time(bytes_, other);
}

} // namespace plugboard
