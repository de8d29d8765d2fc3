// Writes JSON, member by member: what is unknown (an empty optional) is left out, as shapes want it; a text that is no
// UTF-8 is mended with U+FFFD, so that one bad byte of a system spoils no answer. Values. [any thread, one at a time]
#pragma once

#include <plugboard/json_value.hpp>
#include <plugboard/text.hpp>

#include <concepts>

namespace plugboard {

class JsonArray;
class JsonObject;

namespace detail {

inline std::string mended_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto size = utf8_size(text);
    if (size == 0)
      out += "\xef\xbf\xbd";
    else
      out.append(text, 0, size);
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return out;
}

inline std::string json_of(std::string_view text) {
  return json_string(mended_utf8(text));
}

inline std::string json_of(const std::string& text) {
  return json_of(std::string_view(text));
}

inline std::string json_of(const char* text) {
  return json_of(std::string_view(text));
}

template <std::same_as<bool> T>
std::string json_of(T truth) {
  return truth ? "true" : "false";
}

template <std::integral T>

requires(!std::same_as<T, bool> && !std::same_as<T, char>) std::string json_of(T number) {
  return std::to_string(number);
}

// Shortest text that reads as the same number; what is no number is null.
inline std::string json_of(double number) {
  if (!std::isfinite(number)) return "null";
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number).ptr;
  return std::string(text, end);
}

inline std::string json_of(const JsonObject& object);
inline std::string json_of(const JsonArray& array);
inline std::string json_of(const JsonValue& value);

} // namespace detail

class JsonArray {
 public:
  template <class T>
  JsonArray& add(const T& value) {
    text_ += text_.empty() ? "" : ",";
    text_ += detail::json_of(value);
    return *this;
  }

  bool empty() const { return text_.empty(); }

  std::string text() const { return "[" + text_ + "]"; }

 private:
  std::string text_;
};

class JsonObject {
 public:
  // Set again, it is the new value's.
  template <class T>
  JsonObject& set(std::string_view name, const T& value) {
    auto text = detail::json_of(value);
    for (auto& member : members_)
      if (member.first == name) return member.second = std::move(text), *this;
    members_.emplace_back(name, std::move(text));
    return *this;
  }

  template <class T>
  JsonObject& set(std::string_view name, const std::optional<T>& value) {
    return value ? set(name, *value) : *this;
  }

  bool empty() const { return members_.empty(); }

  std::string text() const {
    std::string out = "{";
    for (const auto& [name, value] : members_) {
      out += out.size() > 1 ? "," : "";
      out += detail::json_of(name) + ":" + value;
    }
    return out + "}";
  }

 private:
  std::vector<std::pair<std::string, std::string>> members_;
};

namespace detail {

std::string json_of(const JsonObject& object) {
  return object.text();
}

std::string json_of(const JsonArray& array) {
  return array.text();
}

// As it was read; of what is absent, null.
std::string json_of(const JsonValue& value) {
  switch (value.type()) {
  case JsonValue::Type::truth:
    return *value.truth() ? "true" : "false";
  case JsonValue::Type::number:
    return std::string(*value.number_text());
  case JsonValue::Type::text:
    return json_of(*value.text());
  case JsonValue::Type::array: {
    JsonArray array;
    for (const auto& item : value.items()) array.add(item);
    return array.text();
  }
  case JsonValue::Type::object: {
    std::string out = "{";
    for (const auto& [name, member] : value.members()) {
      out += out.size() > 1 ? "," : "";
      out += json_of(name) + ":" + json_of(member);
    }
    return out + "}";
  }
  default:
    return "null";
  }
}

} // namespace detail

} // namespace plugboard
