// Reads the members of one object from outside, strictly: each at most once asked for, wrong types and unknown members
// refused with their JSON Pointer. The first fault sticks; later calls return defaults, so that a reader is a plain
// list of what may stand there, ended by finish().
#pragma once

#include "core/json/reader.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

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

// The elements of a list, each by read(element, pointer to it), which gives a Result; the first that can't be read is
// the error.
template <class Read>
auto read_elements(Value list, const std::string& pointer, Read&& read) {
  using One = decltype(read(list, pointer));
  std::vector<typename One::value_type> all;
  std::optional<Error> fault;
  list.each_element([&](Value element) {
    if (fault) return;
    One one = read(element, pointer + "/" + std::to_string(all.size()));
    if (one)
      all.push_back(std::move(*one));
    else
      fault = one.error();
  });
  return fault ? Result<decltype(all)>(*fault) : Result<decltype(all)>(std::move(all));
}

} // namespace plugboard::json
