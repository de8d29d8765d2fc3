#include "plugins/rest/problems.hpp"

#include <algorithm>

namespace plugboard::rest {

Fields::Fields(const Value& object, std::string_view pointer, Problems& problems)
    : object_(object), pointer_(pointer), problems_(problems) {
  if (!object.is(Value::Kind::object)) problems.add(pointer, "write a JSON object here");
}

const Value* Fields::any(std::string_view name) {
  asked_.push_back(name);
  return object_.member(name);
}

const Value* Fields::of(std::string_view name, Value::Kind kind, const char* what) {
  const auto* found = any(name);
  if (!found || found->is(kind)) return found;
  problems_.add(at(name), std::string("write ") + what + " here");
  return nullptr;
}

std::optional<std::string> Fields::string(std::string_view name) {
  const auto* found = of(name, Value::Kind::string, "a string");
  return found ? std::optional(found->text) : std::nullopt;
}

std::optional<bool> Fields::boolean(std::string_view name) {
  const auto* found = of(name, Value::Kind::boolean, "true or false");
  return found ? std::optional(found->truth) : std::nullopt;
}

std::optional<Pointer> Fields::pointer(std::string_view name) {
  auto text = string(name);
  if (!text) return std::nullopt;
  auto pointer = Pointer::parse(*text);
  if (!pointer)
    problems_.add(at(name), "\"" + *text + "\" is no JSON Pointer: write \"/member/0\", or \"\" for the whole");
  return pointer;
}

void Fields::all_read() {
  for (const auto& name : object_.names)
    if (std::find(asked_.begin(), asked_.end(), name) == asked_.end())
      problems_.add(at(name), "nothing of this name is known here: correct or remove it");
}

} // namespace plugboard::rest
