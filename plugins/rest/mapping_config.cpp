#include "plugins/rest/mapping.hpp"

namespace plugboard::rest {

namespace {

std::optional<Rule> read_rule(const Value& config, std::string_view at, Problems& problems);

std::optional<Rule> read_from(Fields& fields, std::optional<Value> otherwise) {
  auto pointer = fields.pointer("from");
  auto conversion = read_conversion(fields);
  if (!pointer) return std::nullopt;
  return Rule(From{std::move(*pointer), std::move(conversion)}, std::move(otherwise));
}

std::optional<Rule> read_join(Fields& fields, std::optional<Value> otherwise) {
  Join join;
  join.with = fields.string("with").value_or("");
  const auto* parts = fields.array("join");
  if (!parts) return std::nullopt;
  if (parts->items.empty()) fields.problems().add(fields.at("join"), "name at least one JSON Pointer");
  for (std::size_t i = 0; i < parts->items.size(); ++i) {
    const auto& part = parts->items[i];
    auto pointer = part.is(Value::Kind::string) ? Pointer::parse(part.text) : std::nullopt;
    if (pointer)
      join.parts.push_back(std::move(*pointer));
    else
      fields.problems().add(below(fields.at("join"), std::to_string(i)), "write a JSON Pointer, \"/member\"");
  }
  return Rule(std::move(join), std::move(otherwise));
}

std::optional<Rule> read_each(Fields& fields, std::optional<Value> otherwise) {
  auto pointer = fields.pointer("each");
  const auto* map = fields.object("map");
  const auto* item = fields.any("item");
  Each each;
  if ((map == nullptr) == (item == nullptr)) {
    fields.problems().add(fields.at(), "\"each\" goes with either a \"map\" (an object for each element) or an "
                                       "\"item\" (one value for each): write one of them");
    return std::nullopt;
  }
  if (map) each.map = std::make_shared<ObjectMap>(read_mapping(*map, fields.at("map"), fields.problems()));
  if (item) {
    auto rule = read_rule(*item, fields.at("item"), fields.problems());
    if (!rule) return std::nullopt;
    each.item = std::make_shared<Rule>(std::move(*rule));
  }
  if (!pointer) return std::nullopt;
  each.pointer = std::move(*pointer);
  return Rule(std::move(each), std::move(otherwise));
}

std::optional<Rule> read_rule_object(const Value& config, std::string_view at, Problems& problems) {
  Fields fields(config, at, problems);
  std::optional<Value> otherwise;
  std::optional<Rule> rule;
  if (const auto* given = fields.any("default")) otherwise = *given;
  if (config.member("from")) {
    rule = read_from(fields, std::move(otherwise));
  } else if (config.member("join")) {
    rule = read_join(fields, std::move(otherwise));
  } else if (config.member("each")) {
    rule = read_each(fields, std::move(otherwise));
  } else if (const auto* constant = fields.any("const")) {
    if (otherwise) problems.add(fields.at("default"), "a constant needs no default: remove it");
    rule = Rule(*constant);
  } else {
    problems.add(at, "say where the value comes from: \"from\", \"join\", \"each\" or \"const\"");
    return std::nullopt;
  }
  fields.all_read();
  return rule;
}

std::optional<Rule> read_rule(const Value& config, std::string_view at, Problems& problems) {
  if (config.is(Value::Kind::object)) return read_rule_object(config, at, problems);
  if (config.is(Value::Kind::string))
    if (auto pointer = Pointer::parse(config.text)) return Rule(From{std::move(*pointer), {}});
  problems.add(at, "write a JSON Pointer (\"/member\") or an object such as {\"const\": …}");
  return std::nullopt;
}

bool is_path(std::string_view path) {
  return !path.empty() && path.front() != '.' && path.back() != '.' && path.find("..") == path.npos;
}

} // namespace

ObjectMap read_mapping(const Value& config, std::string_view pointer, Problems& problems) {
  ObjectMap mapping;
  if (config.items.empty()) problems.add(pointer, "the mapping is empty: name at least one member of the shape");
  for (std::size_t i = 0; i < config.items.size(); ++i) {
    const auto& path = config.names[i];
    auto at = below(pointer, path);
    auto rule = read_rule(config.items[i], at, problems);
    if (!is_path(path))
      problems.add(at, "write the path of a member of the shape: names with dots between");
    else if (rule && !mapping.add(path, std::move(*rule)))
      problems.add(at, "another line of this mapping fills the same member, or a part of it: keep one");
  }
  return mapping;
}

} // namespace plugboard::rest
