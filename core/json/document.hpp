// JSON that people wrote (configuration, manifests, schemas): comments allowed, every duplicate key reported with its
// pointer rather than one fault at a time. A tree; never on the way of a request.
// RapidJSON lives in its .cpp's and here.
#pragma once

#include "core/base/result.hpp"
#include "core/json/tree.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace plugboard::json {

struct Fault {
  std::string pointer; // where, RFC 6901
  std::string message; // what, and what to do
};

struct Document {
  Tree tree;                 // null when the text is not JSON at all
  std::vector<Fault> faults; // duplicate keys; or one fault that says line, column and what was expected
};

Document read_document(std::string_view text, bool comments_allowed);

Tree copy_of(const TreeValue& value);
std::string to_text(const TreeValue& value);      // compact
std::string_view text_of(const TreeValue& value); // a string's characters; "" for anything else
const TreeValue* member(const TreeValue& object,
                        std::string_view key); // null: not an object, or not there
const TreeValue* at_pointer(const TreeValue& root, std::string_view pointer);

} // namespace plugboard::json
