// A JSON text, looked into by JSON Pointer. A value; copies share the tree.
#pragma once

#include "core/json/document.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::test {

class Json {
 public:
  static Json parse(std::string_view text); // throws, with the text, when it is none
  static bool is_json(std::string_view text);

  bool has(std::string_view pointer) const;
  std::string text(std::string_view pointer) const;     // throws when there is no string
  std::int64_t integer(std::string_view pointer) const; // throws when there is no such number
  double number(std::string_view pointer) const;
  bool truth(std::string_view pointer) const;
  std::size_t size(std::string_view pointer) const;               // of an array or object
  std::vector<std::string> names(std::string_view pointer) const; // an object's members, in order
  std::vector<std::string> texts(std::string_view pointer) const; // an array of strings
  std::string dump(std::string_view pointer = "") const;          // compact

 private:
  const json::TreeValue& at(std::string_view pointer) const;
  std::shared_ptr<const json::Tree> tree_;
};

std::string json_string(std::string_view text); // as a JSON string

} // namespace plugboard::test
