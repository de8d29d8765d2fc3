// simdjson's tape, word by word: what its own iterators would look up at every step is known here already. For what
// walks a whole text on the way of a request. A view, alive as long as the Value it was made of. [the reader's thread]
#pragma once

#include "core/json/reader.hpp"

#include <bit>
#include <cstring>
#include <type_traits>

namespace plugboard::json {

class Tape {
 public:
  using Kind = simdjson::internal::tape_type;

  explicit Tape(const simdjson::dom::document& document)
      : words_(document.tape.get()), strings_(document.string_buf.get()) {}

  // `at`: where the element lies. simdjson keeps the two to itself; tape_test.cpp holds that they are what it keeps.
  static Tape of(const simdjson::dom::element& element, std::size_t& at) {
    const auto place = std::bit_cast<Place>(element);
    at = place.index;
    return Tape(*place.document);
  }

  Kind kind(std::size_t at) const { return static_cast<Kind>(words_[at] >> 56); }

  // Of an object or array: behind its last word.
  std::size_t end(std::size_t at) const { return static_cast<std::uint32_t>(words_[at]); }

  std::size_t after(std::size_t at) const {
    switch (kind(at)) {
    case Kind::START_OBJECT:
    case Kind::START_ARRAY:
      return end(at);
    case Kind::INT64:
    case Kind::UINT64:
    case Kind::DOUBLE:
      return at + 2;
    default:
      return at + 1;
    }
  }

  std::string_view string(std::size_t at) const {
    const std::uint8_t* bytes = strings_ + (words_[at] & simdjson::internal::JSON_VALUE_MASK);
    std::uint32_t length = 0;
    std::memcpy(&length, bytes, sizeof length);
    return {reinterpret_cast<const char*>(bytes + sizeof length), length};
  }

  template <class T>
  T number(std::size_t at) const { // int64, uint64 or double, as its kind says
    return std::bit_cast<T>(words_[at + 1]);
  }

 private:
  struct Place {
    const simdjson::dom::document* document;
    std::size_t index;
  };

  static_assert(sizeof(Place) == sizeof(simdjson::dom::element) &&
                std::is_trivially_copyable_v<simdjson::dom::element>);

  const std::uint64_t* words_;
  const std::uint8_t* strings_;
};

} // namespace plugboard::json
