#include "core/http/patience.hpp"

namespace plugboard::http {

void Patience::hear(std::string_view bytes) {
  while (!bytes.empty()) {
    if (content_ > 0) {
      const auto skipped = std::min(content_, bytes.size());
      content_ -= skipped;
      bytes.remove_prefix(skipped);
      continue;
    }
    if (head_ < 3) length_ = length_ << 8 | static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    if (++head_ < kHead) continue;
    ++frames_;
    left_ -= cost(length_);
    content_ = length_;
    head_ = length_ = 0;
  }
}

} // namespace plugboard::http
