// A descriptor that is closed when its owner goes. [one thread]
#pragma once

#include <unistd.h>
#include <utility>

namespace plugboard::worker {

class Descriptor {
 public:
  Descriptor() = default;

  explicit Descriptor(int number) : number_(number) {}

  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      close();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }

  ~Descriptor() { close(); }

  int get() const { return number_; }

  explicit operator bool() const { return number_ >= 0; }

  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_ = -1;
};

} // namespace plugboard::worker
