#include "core/wire/fields.hpp"

#include "core/base/assert.hpp"

#include <limits>

namespace plugboard::wire {

void FieldReader::flaw() {
  flawed_ = true;
  left_ = {};
}

std::uint64_t FieldReader::integer(std::size_t bytes) {
  if (left_.size() < bytes) return flaw(), 0;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value |= std::uint64_t{static_cast<unsigned char>(left_[i])} << (8 * i);
  left_.remove_prefix(bytes);
  return value;
}

bool FieldReader::flag() {
  const std::uint8_t value = u8();
  if (value > 1) flaw();
  return value == 1;
}

std::string_view FieldReader::text() {
  const std::uint32_t size = u32();
  if (size > left_.size()) return flaw(), std::string_view();
  const std::string_view value = left_.substr(0, size);
  left_.remove_prefix(size);
  return value;
}

std::uint32_t FieldReader::count(std::uint32_t most, std::size_t least_bytes) {
  const std::uint32_t entries = u32();
  if (entries > most || entries * least_bytes > left_.size()) return flaw(), 0;
  return entries;
}

void FieldWriter::integer(std::uint64_t value, std::size_t bytes) {
  char octets[8];
  for (std::size_t i = 0; i < bytes; ++i) octets[i] = static_cast<char>(value >> (8 * i));
  out_.append(octets, bytes);
}

void FieldWriter::text(std::string_view value) {
  PLUGBOARD_ASSERT(value.size() <= std::numeric_limits<std::uint32_t>::max());
  u32(static_cast<std::uint32_t>(value.size()));
  out_.append(value);
}

} // namespace plugboard::wire
