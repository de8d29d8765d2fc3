// The fields of a frame: integers little endian, texts with their length before them. What is read is never trusted:
// one flaw, and everything after it is empty and the reader says so. [any thread; values]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace plugboard::wire {

class FieldReader {
 public:
  explicit FieldReader(std::string_view body) : left_(body) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(integer(1)); }

  std::uint16_t u16() { return static_cast<std::uint16_t>(integer(2)); }

  std::uint32_t u32() { return static_cast<std::uint32_t>(integer(4)); }

  std::uint64_t u64() { return integer(8); }

  std::int32_t i32() { return static_cast<std::int32_t>(u32()); }

  std::int64_t i64() { return static_cast<std::int64_t>(u64()); }

  bool flag(); // 0 or 1; anything else is a flaw

  std::string_view text(); // a view into the frame's body

  // How many entries follow: a flaw when over `most`, or when not even `least_bytes` each could be there.
  std::uint32_t count(std::uint32_t most, std::size_t least_bytes);

  bool sound() const { return !flawed_; }

  bool finished() const { return !flawed_ && left_.empty(); } // all read, nothing wrong

 private:
  std::uint64_t integer(std::size_t bytes);
  void flaw();

  std::string_view left_;
  bool flawed_ = false;
};

// What was read, if that was all of the frame and nothing in it was wrong.
template <class T>
std::optional<T> whole(const FieldReader& fields, T&& message) {
  if (!fields.finished()) return std::nullopt;
  return std::forward<T>(message);
}

class FieldWriter {
 public:
  explicit FieldWriter(std::string& out) : out_(out) {}

  void u8(std::uint8_t value) { integer(value, 1); }

  void u16(std::uint16_t value) { integer(value, 2); }

  void u32(std::uint32_t value) { integer(value, 4); }

  void u64(std::uint64_t value) { integer(value, 8); }

  void i32(std::int32_t value) { u32(static_cast<std::uint32_t>(value)); }

  void i64(std::int64_t value) { u64(static_cast<std::uint64_t>(value)); }

  void flag(bool value) { u8(value ? 1 : 0); }

  void text(std::string_view value); // at most 4 GiB

 protected:
  std::string& out_;

 private:
  void integer(std::uint64_t value, std::size_t bytes);
};

} // namespace plugboard::wire
