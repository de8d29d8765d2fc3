#include "plugins/sql/shape.hpp"

#include <rapidjson/memorystream.h>

#include <algorithm>
#include <stdexcept>

namespace plugboard::sql {
namespace {

std::string_view text_of(const TreeValue& value) {
  return {value.GetString(), value.GetStringLength()};
}

std::string_view text_member(const TreeValue& object, const char* name) {
  auto found = object.FindMember(name);
  return found != object.MemberEnd() && found->value.IsString() ? text_of(found->value) : std::string_view();
}

const TreeValue* find(const TreeValue& object, std::string_view name) {
  const TreeValue key(rapidjson::StringRef(name.data(), static_cast<rapidjson::SizeType>(name.size())));
  auto found = object.FindMember(key);
  return found == object.MemberEnd() ? nullptr : &found->value;
}

} // namespace

bool is_index(std::string_view token) {
  return !token.empty() && token.size() <= 3 && token.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<Path> parse_pointer(std::string_view pointer) {
  Path path;
  for (std::size_t at = 0; at < pointer.size(); ++at) {
    if (at == 0 && pointer[at] != '/') return std::nullopt;
    if (pointer[at] == '/') {
      path.emplace_back();
    } else if (pointer[at] == '~') {
      if (++at == pointer.size() || (pointer[at] != '0' && pointer[at] != '1')) return std::nullopt;
      path.back().push_back(pointer[at] == '0' ? '~' : '/');
    } else {
      path.back().push_back(pointer[at]);
    }
  }
  return path;
}

Shape::Shape(std::string_view schema) {
  auto document = std::make_shared<Document>();
  document->Parse<rapidjson::kParseIterativeFlag>(std::string(schema).c_str());
  if (document->HasParseError() || !document->IsObject()) throw std::runtime_error("a shape is no JSON object");
  schema_ = document;
  name_ = text_member(*document, "$id");
  auto rows = parse_pointer(text_member(*document, "x-rows"));
  if (name_.empty() || !rows) throw std::runtime_error("a shape needs $id, and x-rows as a JSON Pointer");
  rows_ = *rows;
  bool open = false;
  if (many() && !walk(schema_.get(), rows_, open))
    throw std::runtime_error("shape " + name_ + ": x-rows names no member");
}

// Follows "#/$defs/…" as far as it goes; a chain that ends nowhere, or never, is nothing.
Shape::Node Shape::resolve(Node node) const {
  for (int steps = 0; node && node->IsObject() && steps < 16; ++steps) {
    auto reference = text_member(*node, "$ref");
    if (reference.empty()) return node;
    auto path = reference[0] == '#' ? parse_pointer(reference.substr(1)) : std::nullopt;
    if (!path) return nullptr;
    node = schema_.get();
    for (const auto& token : *path) node = node && node->IsObject() ? find(*node, token) : nullptr;
  }
  return nullptr;
}

Shape::Node Shape::member(Node node, const std::string& name) const {
  if (is_index(name))
    if (auto* items = find(*node, "items")) return resolve(items);
  if (auto* properties = find(*node, "properties"))
    if (auto* found = properties->IsObject() ? find(*properties, name) : nullptr) return resolve(found);
  auto* rest = find(*node, "additionalProperties");
  return rest && rest->IsObject() ? resolve(rest) : nullptr;
}

// open: the path ended where the shape leaves everything free.
Shape::Node Shape::walk(Node node, const Path& path, bool& open) const {
  node = resolve(node);
  for (const auto& token : path) {
    if (!node) return nullptr;
    auto* next = member(node, token);
    if (!next) {
      auto* rest = find(*node, "additionalProperties");
      open = rest && rest->IsTrue();
      return nullptr;
    }
    node = next;
  }
  return node;
}

FieldType Shape::type_of(Node node) {
  auto* type = find(*node, "type");
  std::string_view name = type && type->IsString() ? text_of(*type) : std::string_view();
  if (type && type->IsArray())
    for (const auto& each : type->GetArray())
      if (name.empty() && each.IsString() && text_of(each) != "null") name = text_of(each);
  if (name == "string") return text_member(*node, "format") == "date-time" ? FieldType::date_time : FieldType::text;
  if (name == "integer") return FieldType::integer;
  if (name == "number") return FieldType::number;
  if (name == "boolean") return FieldType::boolean;
  if (name == "object" || name == "array") return FieldType::structure;
  return FieldType::any;
}

std::optional<FieldType> Shape::field(const Path& path, bool from_row) const {
  bool open = false;
  Node start = schema_.get();
  if (from_row && many()) {
    Path element = rows_;
    element.emplace_back("0");
    start = walk(start, element, open);
    if (!start) return FieldType::any;
  }
  auto* node = walk(start, path, open);
  if (node) return type_of(node);
  return open ? std::optional(FieldType::any) : std::nullopt;
}

} // namespace plugboard::sql
