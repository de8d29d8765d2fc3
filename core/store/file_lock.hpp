// One process at a time: an exclusive lock on a file beside the store's, held as long as this object lives and let go
// by the kernel when the process dies. The lock's file stays: removing it would let two processes hold "the" lock.
#pragma once

#include "core/base/result.hpp"

#include <string>

namespace plugboard::store {

class FileLock {
 public:
  // Error: conflict when another process holds it; io with the path.
  static Result<FileLock> take(const std::string& path);
  ~FileLock();
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

} // namespace plugboard::store
