#include "tests/support/json.hpp"

#include "core/json/document.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <stdexcept>

namespace plugboard::test {

namespace {

[[noreturn]] void wrong(std::string_view pointer, const std::string& what, const std::string& text) {
  throw std::runtime_error(std::string(pointer) + " " + what + " in " + text);
}

} // namespace

Json Json::parse(std::string_view text) {
  auto document = json::read_document(text, false);
  if (document.tree.IsNull() || !document.faults.empty())
    throw std::runtime_error("no JSON: " + std::string(text.substr(0, 2000)));
  Json parsed;
  parsed.tree_ = std::make_shared<const json::Tree>(std::move(document.tree));
  return parsed;
}

bool Json::is_json(std::string_view text) {
  auto document = json::read_document(text, false);
  return !document.tree.IsNull() && document.faults.empty();
}

bool Json::has(std::string_view pointer) const {
  return json::at_pointer(*tree_, pointer) != nullptr;
}

const json::TreeValue& Json::at(std::string_view pointer) const {
  const auto* value = json::at_pointer(*tree_, pointer);
  if (!value) wrong(pointer, "is not there", dump());
  return *value;
}

std::string Json::text(std::string_view pointer) const {
  if (!at(pointer).IsString()) wrong(pointer, "is no string", dump());
  return std::string(json::text_of(at(pointer)));
}

std::int64_t Json::integer(std::string_view pointer) const {
  if (!at(pointer).IsInt64()) wrong(pointer, "is no whole number", dump());
  return at(pointer).GetInt64();
}

double Json::number(std::string_view pointer) const {
  if (!at(pointer).IsNumber()) wrong(pointer, "is no number", dump());
  return at(pointer).GetDouble();
}

bool Json::truth(std::string_view pointer) const {
  if (!at(pointer).IsBool()) wrong(pointer, "is neither true nor false", dump());
  return at(pointer).GetBool();
}

std::size_t Json::size(std::string_view pointer) const {
  const auto& value = at(pointer);
  if (value.IsArray()) return value.Size();
  if (!value.IsObject()) wrong(pointer, "is neither array nor object", dump());
  return value.MemberCount();
}

std::vector<std::string> Json::names(std::string_view pointer) const {
  const auto& value = at(pointer);
  if (!value.IsObject()) wrong(pointer, "is no object", dump());
  std::vector<std::string> names;
  for (const auto& member : value.GetObject()) names.emplace_back(json::text_of(member.name));
  return names;
}

std::vector<std::string> Json::texts(std::string_view pointer) const {
  const auto& value = at(pointer);
  if (!value.IsArray()) wrong(pointer, "is no array", dump());
  std::vector<std::string> texts;
  for (const auto& entry : value.GetArray()) texts.emplace_back(json::text_of(entry));
  return texts;
}

std::string Json::dump(std::string_view pointer) const {
  return json::to_text(at(pointer));
}

std::string json_string(std::string_view text) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  return std::string(buffer.GetString(), buffer.GetSize());
}

} // namespace plugboard::test
