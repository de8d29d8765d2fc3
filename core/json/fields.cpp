#include "core/json/fields.hpp"

#include "core/json/pointer.hpp"
#include "core/json/suggestion.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::json {
namespace {

Error refusal(const std::string& pointer, std::string_view why) {
  return fail(Code::invalid_argument, pointer.empty() ? std::string(why) : pointer + ": " + std::string(why));
}

} // namespace

Fields::Fields(Value object, std::string pointer) : object_(object), pointer_(std::move(pointer)) {
  if (!object_.is_object()) fault_ = refusal(pointer_, "must be an object");
}

std::string Fields::pointer_to(std::string_view key) const {
  return pointer_append(pointer_, key);
}

void Fields::refuse(std::string_view key, std::string_view why) {
  if (!fault_) fault_ = refusal(pointer_to(key), why);
}

Value Fields::take(std::string_view key) {
  known_.push_back(key);
  return fault_ ? Value() : object_[key];
}

std::optional<std::string_view> Fields::string(std::string_view key) {
  const Value value = take(key);
  if (value && !value.is_string()) refuse(key, "must be a string");
  return value.string();
}

std::optional<std::int64_t> Fields::integer(std::string_view key, std::int64_t min, std::int64_t max) {
  const Value value = take(key);
  if (!value) return std::nullopt;
  const auto integer = value.integer();
  if (integer && *integer >= min && *integer <= max) return integer;
  refuse(key, "must be an integer from " + std::to_string(min) + " to " + std::to_string(max));
  return std::nullopt;
}

std::optional<bool> Fields::boolean(std::string_view key) {
  const Value value = take(key);
  if (value && !value.boolean()) refuse(key, "must be true or false");
  return value.boolean();
}

Value Fields::object(std::string_view key) {
  const Value value = take(key);
  if (value && !value.is_object()) refuse(key, "must be an object");
  return value.is_object() ? value : Value();
}

Value Fields::array(std::string_view key) {
  const Value value = take(key);
  if (value && !value.is_array()) refuse(key, "must be an array");
  return value.is_array() ? value : Value();
}

Value Fields::any(std::string_view key) {
  return take(key);
}

std::string_view Fields::required_string(std::string_view key) {
  const Value value = take(key);
  const auto text = value.string();
  if (!value)
    refuse(key, "is missing; must be a string");
  else if (!text)
    refuse(key, "must be a string");
  else if (text->empty())
    refuse(key, "must not be empty");
  return text.value_or(std::string_view{});
}

Result<void> Fields::finish() {
  if (!fault_) {
    object_.each_member([this](std::string_view key, Value) {
      if (fault_) return; // what was meant is looked for once, however many nobody asked for
      if (std::find(known_.begin(), known_.end(), key) == known_.end()) refuse(key, unknown_member(key, known_));
    });
  }
  if (fault_) return *fault_;
  return {};
}

} // namespace plugboard::json
