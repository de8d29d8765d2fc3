// The bytes of a section's data: an outcome's own, until somebody keeps them for others; from then on all who show them
// share one buffer that nobody changes any more. [a value; what is shared: any thread]
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace plugboard::connector {

class SectionBytes {
 public:
  SectionBytes() = default;

  // Made of text and read like it, without a word.
  SectionBytes(std::string text) : own_(std::move(text)) {}

  SectionBytes(const char* text) : own_(text) {}

  std::string_view view() const { return shared_ ? std::string_view(*shared_) : std::string_view(own_); }

  operator std::string_view() const { return view(); }

  std::size_t size() const { return view().size(); }

  bool empty() const { return view().empty(); }

  // Copies made after this share the bytes instead of copying them.
  void share() {
    if (shared_) return;
    own_.shrink_to_fit();
    shared_ = std::make_shared<const std::string>(std::move(own_));
    own_.clear();
  }

  friend bool operator==(const SectionBytes& a, const SectionBytes& b) { return a.view() == b.view(); }

  friend bool operator==(const SectionBytes& a, std::string_view b) { return a.view() == b; }

  friend bool operator==(const SectionBytes& a, const char* b) { return a.view() == b; }

 private:
  std::string own_; // empty once they are shared
  std::shared_ptr<const std::string> shared_;
};

} // namespace plugboard::connector
