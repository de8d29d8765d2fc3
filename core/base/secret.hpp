// Bytes that must not be seen: wiped when destroyed, never printable, compared in constant time. Move-only on purpose;
// copy() says aloud that there is one more of it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace plugboard {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string bytes);
  ~Secret();
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  Secret copy() const;

  // One that lives long, in pages of its own: neither swapped out (as far as the system lets this process lock memory)
  // nor in a core file. A page and two system calls each: not for what comes with every request.
  static Secret kept(Secret secret);

  std::string_view reveal() const { return pages_ != nullptr ? std::string_view(pages_, size_) : bytes_; }

  // A view lives as long as this object.

  bool empty() const { return reveal().empty(); }

  bool equals(std::string_view other) const; // constant time in the content

 private:
  void wipe();

  std::string bytes_;
  char* pages_ = nullptr; // instead of bytes_
  std::size_t size_ = 0;  // of what is in them
};

} // namespace plugboard
