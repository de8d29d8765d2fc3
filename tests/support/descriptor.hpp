// A socket that is closed once. [one thread]
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace plugboard::test {

class Descriptor {
 public:
  Descriptor() = default;

  explicit Descriptor(int fd) : fd_(fd) {}

  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();

  int get() const { return fd_; }

  void close();

 private:
  int fd_ = -1;
};

// All of it, or false: the other side is gone.
bool send_all(int fd, std::string_view bytes);
// What is there, waiting for it; appends. 0: the other side has closed. -1: it reset, or patience is over.
long receive_some(int fd, std::string& bytes, std::chrono::milliseconds patience);

} // namespace plugboard::test
