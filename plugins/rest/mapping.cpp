#include "plugins/rest/mapping.hpp"

#include <algorithm>

namespace plugboard::rest {

namespace {

Outcome apply_from(const From& from, const Value& answer) {
  const auto* found = from.pointer.find(answer);
  if (!found) return std::monostate();
  auto converted = convert(from.conversion, *found);
  if (!converted.value) return Misfit{from.pointer.text(), std::string(converted.reason)};
  return std::move(*converted.value);
}

Outcome apply_join(const Join& join, const Value& answer) {
  std::string joined;
  for (const auto& part : join.parts) {
    const auto* found = part.find(answer);
    if (!found) continue;
    if (!found->is_scalar()) return Misfit{part.text(), "neither a string, a number nor a boolean"};
    auto text = found->scalar_text();
    if (text.empty()) continue;
    if (!joined.empty()) joined += join.with;
    joined += text;
  }
  if (joined.empty()) return std::monostate();
  return Value::of_string(std::move(joined));
}

Outcome apply_each(const Each& each, const Value& answer) {
  const auto* found = each.pointer.find(answer);
  if (!found) return std::monostate();
  if (!found->is(Value::Kind::array)) return Misfit{each.pointer.text(), "not an array"};
  auto array = Value::of_array();
  for (std::size_t i = 0; i < found->items.size(); ++i) {
    const auto& element = found->items[i];
    auto outcome = each.map ? each.map->apply(element) : each.item->apply(element);
    if (auto* misfit = std::get_if<Misfit>(&outcome)) {
      misfit->pointer = each.pointer.text() + "/" + std::to_string(i) + misfit->pointer;
      return outcome;
    }
    if (auto* value = std::get_if<Value>(&outcome)) array.items.push_back(std::move(*value));
  }
  return array;
}

} // namespace

Outcome Rule::apply(const Value& answer) const {
  Outcome outcome;
  if (const auto* constant = std::get_if<Value>(&source_))
    outcome = *constant;
  else if (const auto* from = std::get_if<From>(&source_))
    outcome = apply_from(*from, answer);
  else if (const auto* join = std::get_if<Join>(&source_))
    outcome = apply_join(*join, answer);
  else if (const auto* each = std::get_if<Each>(&source_))
    outcome = apply_each(*each, answer);
  if (std::holds_alternative<std::monostate>(outcome) && default_) return *default_;
  return outcome;
}

bool ObjectMap::add(std::string_view path, Rule rule) {
  auto dot = path.find('.');
  auto name = path.substr(0, dot);
  auto member = std::find_if(members_.begin(), members_.end(), [&](const auto& m) { return m.name == name; });
  if (dot == path.npos) {
    if (member != members_.end()) return false;
    members_.push_back({std::string(name), std::move(rule), nullptr});
    return true;
  }
  if (member == members_.end())
    member = members_.insert(members_.end(), {std::string(name), std::nullopt, std::make_shared<ObjectMap>()});
  return member->inner && member->inner->add(path.substr(dot + 1), std::move(rule));
}

bool ObjectMap::is_constant() const {
  return std::all_of(members_.begin(), members_.end(),
                     [](const auto& m) { return m.inner ? m.inner->is_constant() : m.rule->is_constant(); });
}

Outcome ObjectMap::apply_member(const Member& member, const Value& answer) const {
  if (!member.inner) return member.rule->apply(answer);
  auto object = Value::of_object();
  auto filled = member.inner->fill(answer, object);
  if (auto* misfit = std::get_if<Misfit>(&filled)) return std::move(*misfit);
  if (std::get<bool>(filled) || member.inner->is_constant()) return object;
  return std::monostate();
}

std::variant<bool, Misfit> ObjectMap::fill(const Value& answer, Value& object) const {
  bool found = false;
  for (const auto& member : members_) {
    auto outcome = apply_member(member, answer);
    if (auto* misfit = std::get_if<Misfit>(&outcome)) return std::move(*misfit);
    auto* value = std::get_if<Value>(&outcome);
    if (!value) continue;
    object.add(member.name, std::move(*value));
    found = found || !(member.inner ? member.inner->is_constant() : member.rule->is_constant());
  }
  return found;
}

Outcome ObjectMap::apply(const Value& answer) const {
  auto object = Value::of_object();
  auto filled = fill(answer, object);
  if (auto* misfit = std::get_if<Misfit>(&filled)) return std::move(*misfit);
  return object;
}

} // namespace plugboard::rest
