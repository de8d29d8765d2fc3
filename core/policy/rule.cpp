#include "core/policy/rule.hpp"

#include "core/json/pointer.hpp"

#include <algorithm>

namespace plugboard::policy {

namespace {

using json::member;
using json::text_of;
using Value = json::TreeValue;

std::vector<std::string> texts_of(const Value& rule, std::string_view name) {
  std::vector<std::string> texts;
  if (const auto* list = member(rule, name); list && list->IsArray())
    for (const auto& entry : list->GetArray()) texts.emplace_back(text_of(entry));
  return texts;
}

std::optional<Assurance> assurance_of(const Value& value) {
  const auto* name = member(value, "assurance");
  return name ? parse_assurance(text_of(*name)) : std::nullopt;
}

std::optional<std::chrono::seconds> max_age_of(const Value& value) {
  const auto* age = member(value, "max_age_s");
  return age && age->IsUint() ? std::optional(std::chrono::seconds(age->GetUint())) : std::nullopt;
}

class Reading {
 public:
  Reading(const Value& value, std::string pointer, std::vector<json::Fault>& faults) : value_(value), faults_(faults) {
    rule_.pointer = std::move(pointer);
  }

  Rule read() {
    rule_.tenants = texts_of(value_, "tenants");
    rule_.clients = texts_of(value_, "clients");
    rule_.channels = texts_of(value_, "channels");
    rule_.purposes = texts_of(value_, "purposes");
    rule_.sections = texts_of(value_, "sections");
    rule_.assurance = assurance_of(value_);
    rule_.max_age = max_age_of(value_);
    if (const auto* unknown = member(value_, "unknown_fields")) rule_.passes_unknown = text_of(*unknown) == "pass";
    rule_.all_fields = member(value_, "fields") == nullptr;
    fields();
    each("masks", Mention::What::mask, [](FieldNode& node, Mention& mention, const Value& value) {
      mention.mask = parse_mask(text_of(value)).value_or(Mask::remove);
      node.mask = mention.mask;
    });
    each("need", Mention::What::need, [](FieldNode& node, Mention&, const Value& value) {
      node.need = Challenge{assurance_of(value).value_or(Assurance::none), max_age_of(value)};
    });
    return std::move(rule_);
  }

 private:
  FieldNode* take(Mention::What what, std::string_view field, std::string pointer) {
    auto tokens = json::pointer_tokens(field);
    if (!tokens || tokens->empty()) {
      faults_.push_back({std::move(pointer), "\"" + std::string(field) +
                                                 "\" is no field; write it as a JSON Pointer, "
                                                 "* for each element: \"/emails/*/address\""});
      return nullptr;
    }
    rule_.mentions.push_back({what, std::string(field), std::move(*tokens), std::move(pointer)});
    return &rule_.fields.place(rule_.mentions.back().tokens);
  }

  void fields() {
    const auto texts = texts_of(value_, "fields");
    for (std::size_t i = 0; i < texts.size(); ++i)
      if (auto* node = take(Mention::What::field, texts[i], rule_.pointer + "/fields/" + std::to_string(i)))
        node->granted = true;
  }

  template <class Fill>
  void each(const std::string& name, Mention::What what, Fill&& fill) {
    const auto* values = member(value_, name);
    if (!values || !values->IsObject()) return;
    for (const auto& entry : values->GetObject()) {
      const auto field = text_of(entry.name);
      if (auto* node = take(what, field, json::pointer_append(rule_.pointer + "/" + name, field)))
        fill(*node, rule_.mentions.back(), entry.value);
    }
  }

  const Value& value_;
  std::vector<json::Fault>& faults_;
  Rule rule_;
};

} // namespace

std::string_view name_of(Mask mask) {
  switch (mask) {
  case Mask::none:
    return "none";
  case Mask::year_only:
    return "year_only";
  case Mask::last4:
    return "last4";
  case Mask::hash:
    return "hash";
  case Mask::remove:
    return "remove";
  }
  return "remove";
}

std::optional<Mask> parse_mask(std::string_view name) {
  for (auto mask : {Mask::none, Mask::year_only, Mask::last4, Mask::hash, Mask::remove})
    if (name_of(mask) == name) return mask;
  return std::nullopt;
}

FieldNode& FieldNode::place(const std::vector<std::string>& tokens) {
  auto* node = this;
  for (const auto& token : tokens) node = &node->children[token];
  return *node;
}

Challenge Rule::challenge(Assurance floor) const {
  return combined({floor}, {assurance.value_or(floor), max_age});
}

std::vector<Rule> read_rules(const Value& policy, std::vector<json::Fault>& faults) {
  std::vector<Rule> rules;
  const auto* list = member(policy, "rules");
  if (!list || !list->IsArray()) return rules;
  for (rapidjson::SizeType i = 0; i < list->Size(); ++i)
    rules.push_back(Reading((*list)[i], "/policy/rules/" + std::to_string(i), faults).read());
  return rules;
}

} // namespace plugboard::policy
