#include "core/base/secret.hpp"

#include "core/base/crypto.hpp"

#include <openssl/crypto.h>
#include <sys/mman.h>

#include <cstring>
#include <new>
#include <utility>

namespace plugboard {
namespace {

// Also what lies between size and capacity: a short string keeps its bytes in place when it is moved from.
void wipe_string(std::string& bytes) {
  bytes.resize(bytes.capacity());
  OPENSSL_cleanse(bytes.data(), bytes.size());
  bytes.clear();
}

} // namespace

Secret::Secret(std::string bytes) : bytes_(std::move(bytes)) {
  wipe_string(bytes); // NOLINT(bugprone-use-after-move): what the move left behind
}

Secret::~Secret() {
  wipe();
}

Secret::Secret(Secret&& other) noexcept
    : bytes_(std::move(other.bytes_)), pages_(std::exchange(other.pages_, nullptr)),
      size_(std::exchange(other.size_, 0)) {
  other.wipe();
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    bytes_ = std::move(other.bytes_);
    pages_ = std::exchange(other.pages_, nullptr);
    size_ = std::exchange(other.size_, 0);
    other.wipe();
  }
  return *this;
}

void Secret::wipe() {
  wipe_string(bytes_);
  if (pages_ == nullptr) return;
  OPENSSL_cleanse(pages_, size_);
  ::munmap(pages_, size_);
  pages_ = nullptr;
  size_ = 0;
}

Secret Secret::copy() const {
  return Secret(std::string(reveal()));
}

Secret Secret::kept(Secret secret) {
  if (secret.empty() || secret.pages_ != nullptr) return secret;
  const std::size_t size = secret.bytes_.size();
  void* pages = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc(); // NOLINT(cppcoreguidelines-pro-type-cstyle-cast): the system's
  ::mlock(pages, size);
  ::madvise(pages, size, MADV_DONTDUMP);
  std::memcpy(pages, secret.bytes_.data(), size);
  Secret kept;
  kept.pages_ = static_cast<char*>(pages);
  kept.size_ = size;
  return kept;
}

bool Secret::equals(std::string_view other) const {
  return equal_in_constant_time(reveal(), other);
}

} // namespace plugboard
