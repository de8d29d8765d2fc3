#include "core/json/reader.hpp"

#include <limits>

namespace plugboard::json {
namespace {

template <class T>
std::optional<T> get(const simdjson::dom::element& element) {
  T value{};
  if (element.get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

} // namespace

Type Value::type() const {
  if (!found_) return Type::null;
  switch (element_.type()) {
  case simdjson::dom::element_type::ARRAY:
    return Type::array;
  case simdjson::dom::element_type::OBJECT:
    return Type::object;
  case simdjson::dom::element_type::INT64:
  case simdjson::dom::element_type::UINT64:
    return Type::integer;
  case simdjson::dom::element_type::DOUBLE:
    return Type::real;
  case simdjson::dom::element_type::STRING:
    return Type::string;
  case simdjson::dom::element_type::BOOL:
    return Type::boolean;
  case simdjson::dom::element_type::NULL_VALUE:
    return Type::null;
  }
  return Type::null;
}

std::optional<std::string_view> Value::string() const {
  return found_ ? get<std::string_view>(element_) : std::nullopt;
}

std::optional<std::int64_t> Value::integer() const {
  return found_ ? get<std::int64_t>(element_) : std::nullopt;
}

std::optional<double> Value::number() const {
  return found_ ? get<double>(element_) : std::nullopt;
}

std::optional<bool> Value::boolean() const {
  return found_ ? get<bool>(element_) : std::nullopt;
}

Value Value::operator[](std::string_view key) const {
  simdjson::dom::object object;
  simdjson::dom::element member;
  if (!found_ || element_.get(object) != simdjson::SUCCESS) return {};
  return object.at_key(key).get(member) == simdjson::SUCCESS ? Value(member) : Value();
}

Value Value::at_pointer(std::string_view pointer) const {
  simdjson::dom::element element;
  if (!found_) return {};
  return element_.at_pointer(pointer).get(element) == simdjson::SUCCESS ? Value(element) : Value();
}

std::size_t Value::size() const {
  if (!found_) return 0;
  if (const auto array = get<simdjson::dom::array>(element_)) return array->size();
  if (const auto object = get<simdjson::dom::object>(element_)) return object->size();
  return 0;
}

std::string to_text(Value value) {
  return value.found() ? simdjson::minify(value.element()) : std::string("null");
}

} // namespace plugboard::json
