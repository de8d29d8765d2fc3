// Memory that ends on command: while one lives, the n-th allocation on this thread by operator new, or for a handler of
// Asio, throws std::bad_alloc (or gives nothing, where nobody may throw), once. One at a time. Programs that link
// plugboard_starvation have an operator new and an aligned_alloc of their own.
#pragma once

namespace plugboard::testing {

class Starvation {
 public:
  explicit Starvation(int nth); // 1: the next
  ~Starvation();
  Starvation(const Starvation&) = delete;
  Starvation& operator=(const Starvation&) = delete;

  bool came() const; // the n-th was asked for
};

} // namespace plugboard::testing
