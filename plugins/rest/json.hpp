// JSON as this plugin reads and writes it: a small tree that keeps numbers as they were written, so that no amount of
// money ever passes through floating point. Values; the reader is strict
// (depth, duplicate keys, UTF-8, nothing after the end).
#pragma once

#include <plugboard/types.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace plugboard::rest {

struct Value {
  enum class Kind : std::uint8_t { null = 1, boolean, number, string, array, object };

  Kind kind = Kind::null;
  bool truth = false;             // boolean
  std::string text;               // string; number: as it was written
  std::vector<std::string> names; // object: names[i] is the name of items[i]
  std::vector<Value> items;       // array, object

  static Value of_string(std::string text) { return {Kind::string, false, std::move(text), {}, {}}; }

  static Value of_number(std::string text) { return {Kind::number, false, std::move(text), {}, {}}; }

  static Value of_boolean(bool truth) { return {Kind::boolean, truth, {}, {}, {}}; }

  static Value of_object() { return {Kind::object, false, {}, {}, {}}; }

  static Value of_array() { return {Kind::array, false, {}, {}, {}}; }

  bool is(Kind asked) const { return kind == asked; }

  bool is_scalar() const { return is(Kind::string) || is(Kind::number) || is(Kind::boolean); }

  const Value* member(std::string_view name) const; // null: no object, or it has none of that name
  Value& add(std::string name, Value value);        // object; the name must be new
  // A scalar as text: a string's own, a number as written, "true" or "false".
  std::string_view scalar_text() const;
};

// The failure is upstream_malformed and says what is wrong and at which byte, never what stood there.
// kept: how many levels of members and elements; of what lies deeper only the syntax counts, for texts that
// the hub has read before.
inline constexpr std::size_t kMaxDepth = 64;
Result<Value> read_json(std::string_view text, std::size_t kept = kMaxDepth);

std::string write_json(const Value& value);

} // namespace plugboard::rest
