// A list of allowed system calls, made with libseccomp and then loaded for good. A call through another door than the
// machine's own (32-bit, x32) kills. [one thread]
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

namespace plugboard::worker {

struct Argument {
  unsigned index;
  std::uint64_t mask, value;
};

// Of an int: the kernel looks at no more than its 32 bits.
constexpr Argument is(unsigned index, std::uint64_t value) {
  return {index, 0xffffffff, value & 0xffffffff};
}

constexpr Argument has(unsigned index, std::uint64_t mask, std::uint64_t value) {
  return {index, mask, value};
}

// Of a pointer.
constexpr Argument whole(unsigned index, std::uint64_t value) {
  return {index, ~std::uint64_t{0}, value};
}

class Filter {
 public:
  explicit Filter(int otherwise); // what a call that is not allowed is answered with
  ~Filter();
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;

  void allow(const char* name, std::initializer_list<Argument> arguments = {});
  void refuse(const char* name, int error); // in another way than the rest

  std::string load(); // why it could not be done; empty: done, for this thread and all that it starts

 private:
  void add(std::uint32_t action, const char* name, std::initializer_list<Argument> arguments);

  void* const rules_;
  std::string why_not_;
};

} // namespace plugboard::worker
