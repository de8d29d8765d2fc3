#include "tests/fuzz/plugin_readers.hpp"

#include "plugins/jwt/claims.hpp"
#include "plugins/rest/pointer.hpp"
#include "tests/fuzz/target.hpp"

#include <plugboard/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace plugboard::fuzz {
namespace {

std::string written(const JsonValue& value) {
  std::string out;
  switch (value.type()) {
  case JsonValue::Type::absent:
    require(false, "what was read is there");
    break;
  case JsonValue::Type::null:
    return "null";
  case JsonValue::Type::truth:
    return *value.truth() ? "true" : "false";
  case JsonValue::Type::number:
    return std::string(*value.number_text());
  case JsonValue::Type::text:
    return json_string(*value.text());
  case JsonValue::Type::array:
    for (const auto& item : value.items()) out += (out.empty() ? "" : ",") + written(item);
    return "[" + out + "]";
  case JsonValue::Type::object:
    for (const auto& member : value.members()) {
      out += (out.empty() ? "" : ",") + json_string(member.name) + ":" + written(member.value);
      require(&value[member.name] == &member.value, "a member is found by its name");
    }
    return "{" + out + "}";
  }
  return out;
}

} // namespace

std::optional<std::string> written_by_sdk(std::string_view text) {
  const auto value = parse_json(text);
  if (!value) {
    require(value.failure().status == Status::upstream_malformed || value.failure().status == Status::too_large,
            "a refusal is one of two");
    require(!value.failure().message.empty(), "and says why");
    return std::nullopt;
  }
  return written(*value);
}

std::optional<std::string> written_by_rest(std::string_view text) {
  auto value = rest::read_json(text);
  if (!value) return std::nullopt;
  auto written = rest::write_json(*value);
  auto again = rest::read_json(written);
  require(again && rest::write_json(*again) == written, "rest reads what it writes");
  return written;
}

bool is_taken_by_jwt(std::string_view text) {
  jwt::Document claims;
  return !jwt::read_json_object(text, claims).has_value();
}

bool has_large_exponent(std::string_view text) {
  for (auto at = text.find_first_of("eE"); at != std::string_view::npos; at = text.find_first_of("eE", at + 1)) {
    auto digits = text.substr(at + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    digits = digits.substr(0, digits.find_first_not_of("0123456789"));
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    if (digits.size() >= 3) return true;
  }
  return false;
}

Sought sought_by_rest(std::string_view pointer, std::string_view text) {
  const auto parsed = rest::Pointer::parse(pointer);
  if (!parsed) return {};
  auto value = rest::read_json(text);
  return {true, value && parsed->find(*value) != nullptr};
}

Sought sought_by_jwt(std::string_view pointer, std::string_view text) {
  jwt::Document document;
  if (jwt::read_json_object(text, document)) document.SetObject();
  try {
    return {true, jwt::ClaimPath{std::string(pointer)}.in(document) != nullptr};
  } catch (const std::invalid_argument&) {
    return {};
  }
}

} // namespace plugboard::fuzz
