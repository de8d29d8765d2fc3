// Checks what simdjson does not: depth, number of members, duplicate keys. One pass over its tape, no recursion, no
// allocation once warm. Part of a Reader. [its thread]
#pragma once

#include "core/base/result.hpp"
#include "core/json/limits.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace simdjson::dom {
class document;
}

namespace plugboard::json {

class Tape;

class TapeWalk {
 public:
  Result<void> check(const simdjson::dom::document& document, const Limits& limits);

 private:
  struct Scope { // an object or array that is open
    bool object = false;
    bool suspect = false;    // object: two keys have the same mark, so that they may be the same
    std::uint64_t marks = 0; // object: which of 64 marks its keys have
    std::size_t begin = 0;   // on the tape
  };

  struct Key {
    std::uint64_t ending = 0; // compared first
    std::string_view text;
    auto operator<=>(const Key&) const = default;
  };

  bool has_duplicate(const Tape& tape, std::size_t begin); // in the object there; the duplicate is then duplicate_

  std::vector<Scope> scopes_;          // around the one that is open
  std::vector<Key> keys_;              // of one object, where they must be looked at
  std::string_view duplicate_;
};

} // namespace plugboard::json
