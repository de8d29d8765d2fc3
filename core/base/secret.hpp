// Bytes that must not be seen: wiped when destroyed, never printable, compared in constant time. Move-only on purpose;
// copy() says aloud that there is one more of it.
#pragma once

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

  std::string_view reveal() const { return bytes_; } // view lives as long as this object

  bool empty() const { return bytes_.empty(); }

  bool equals(std::string_view other) const; // constant time in the content

 private:
  std::string bytes_;
};

} // namespace plugboard
