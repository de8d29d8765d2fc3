// The strict reader: UTF-8, no lone surrogates, no duplicate keys, no number beyond double or uint64, limits. Every
// JSON text from a client, a plugin or an upstream passes it before anything believes it. Reuses its tape from text to
// text: one Reader a thread. simdjson lives behind it; a Value is a view into the last text read.
//
// Valid JSON that is refused all the same: an integer outside int64 and uint64, and a number beyond double (1e400).
// Half the readers downstream would round it silently, each to something else;
// a system that has such values sends strings.
#pragma once

#include "core/base/result.hpp"
#include "core/json/limits.hpp"
#include "core/json/tape_walk.hpp"

#include <cstdint>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::json {

enum class Type : std::uint8_t { null = 1, boolean, integer, real, string, array, object };

// A view of one value; cheap to copy; alive until the Reader reads again or dies.
class Value {
 public:
  Value() = default; // no value: found() is false

  explicit Value(simdjson::dom::element element) : element_(element), found_(true) {}

  bool found() const { return found_; }

  explicit operator bool() const { return found_; }

  Type type() const; // integer covers int64 and uint64

  bool is_object() const { return found_ && element_.is_object(); }

  bool is_array() const { return found_ && element_.is_array(); }

  bool is_string() const { return found_ && element_.is_string(); }

  std::optional<std::string_view> string() const; // unescaped; view into the Reader
  std::optional<std::int64_t> integer() const;    // also a uint64 that fits
  std::optional<double> number() const;
  std::optional<bool> boolean() const;

  Value operator[](std::string_view key) const;     // member of an object; not found otherwise
  Value at_pointer(std::string_view pointer) const; // RFC 6901; "" is the value itself
  std::size_t size() const;                         // elements or members; 0 for anything else

  const simdjson::dom::element& element() const { return element_; } // for core/json and range-for below

  template <class F>
  void each_member(F&& f) const { // f(std::string_view key, Value)
    simdjson::dom::object object;
    if (!found_ || element_.get(object) != simdjson::SUCCESS) return;
    for (auto [key, value] : object) f(key, Value(value));
  }

  template <class F>
  void each_element(F&& f) const { // f(Value)
    simdjson::dom::array array;
    if (!found_ || element_.get(array) != simdjson::SUCCESS) return;
    for (auto value : array) f(Value(value));
  }

 private:
  simdjson::dom::element element_;
  bool found_ = false;
};

std::string to_text(Value value); // compact; what to_text gives, the reader reads again as the same

class Reader {
 public:
  explicit Reader(Limits limits = {});
  // Error: malformed (not JSON, too deep, a duplicate key; with what and where) or too_large (bytes, members). The text
  // is copied into this reader's padded buffer.
  Result<Value> read(std::string_view text);

 private:
  Limits limits_;
  simdjson::dom::parser parser_;
  std::vector<char> padded_;
  TapeWalk walk_;
};

} // namespace plugboard::json
