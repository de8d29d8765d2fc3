// Reads the members of one object from outside, strictly: each at most once asked for, wrong types and unknown members
// refused with their JSON Pointer. The first fault sticks; later calls return defaults, so that a reader is a plain
// list of what may stand there, ended by finish().
#pragma once

#include "core/json/reader.hpp"

#include <string>

namespace plugboard::json {

class Fields {
 public:
  Fields(Value object, std::string pointer); // pointer: where this object stands, "" for the root

  std::optional<std::string_view> string(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t min, std::int64_t max);
  std::optional<bool> boolean(std::string_view key);
  Value object(std::string_view key);
  Value array(std::string_view key);
  Value any(std::string_view key);
  std::string_view required_string(std::string_view key); // a fault when missing or empty

  void refuse(std::string_view key, std::string_view why); // a fault of the caller's own finding
  std::string pointer_to(std::string_view key) const;

  bool ok() const { return !fault_.has_value(); }

  // invalid_argument; message: "/sections/0/name: must be a string"; also for members nobody asked for.
  Result<void> finish();

 private:
  Value take(std::string_view key);
  Value object_;
  std::string pointer_;
  std::vector<std::string_view> known_;
  std::optional<Error> fault_;
};

} // namespace plugboard::json
