// Checks what simdjson does not: depth, number of members, duplicate keys. One pass over its tape, no recursion, no
// allocation once warm. Part of a Reader. [its thread]
#pragma once

#include "core/base/result.hpp"
#include "core/json/limits.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace simdjson::dom {
class document;
}

namespace plugboard::json {

class TapeWalk {
 public:
  Result<void> check(const simdjson::dom::document& document, const Limits& limits);

 private:
  struct Scope { // an object or array that is open
    bool object;
    bool key_comes;        // object: the next string is a key
    bool suspect;          // object: two keys have the same mark, so that they may be the same
    std::uint64_t marks;   // object: which of 64 marks its keys have
    std::size_t first_key; // where its keys begin in keys_
    std::size_t index;     // array: elements so far
  };

  void open(bool object);
  void take_key(std::string_view key);
  bool has_duplicate(const Scope& scope); // sorts the scope's keys; the duplicate is then duplicate_
  std::string pointer() const;            // of the scope that is open

  std::vector<Scope> scopes_;
  std::vector<std::string_view> keys_; // of all open objects, one after the other
  std::string_view duplicate_;
};

} // namespace plugboard::json
