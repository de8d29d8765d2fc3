// What is said to the company's sender: a JSON text with places for this code, in any of its strings. Immutable.
// [any thread]
#pragma once

#include "plugins/otp/json.hpp"

#include <map>
#include <string>
#include <string_view>

namespace otp {

using Words = std::map<std::string, std::string, std::less<>>; // by name, without braces: "to", "code"

class BodyTemplate {
 public:
  // JSON whose strings hold "{to}", "{code}" and the like; "{{" and "}}" are braces. Throws std::invalid_argument with
  // `where` and what is wrong: a place of no such name, or no place for the code or its recipient.
  static BodyTemplate read(const Value& value, const std::string& where);
  static BodyTemplate usual(); // when the configuration has none

  std::string fill(const Words& words) const;

 private:
  std::string json_; // compact; read again for each message: a tree's strings would be rewritten all the same
};

} // namespace otp
