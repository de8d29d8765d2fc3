#include "core/policy/policy.hpp"

#include "core/json/writer.hpp"
#include "core/policy/pattern.hpp"

#include <algorithm>

namespace plugboard::policy {

namespace {

bool any_covers(const std::vector<std::string>& patterns, std::string_view section) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const auto& pattern) { return pattern_covers(pattern, section); });
}

bool is_among(const std::vector<std::string>& list, std::string_view name) { // an empty list means all
  return list.empty() || std::find(list.begin(), list.end(), name) != list.end();
}

void collect_ages(const FieldNode& node, std::vector<std::chrono::seconds>& ages) {
  if (node.need && node.need->max_age) ages.push_back(*node.need->max_age);
  for (const auto& [token, child] : node.children) collect_ages(child, ages);
}

std::string fields_shown(const std::vector<FieldRow>& rows) {
  std::string text;
  json::Writer writer(text);
  writer.begin_array();
  for (const auto& row : rows)
    if (is_shown(row)) writer.value(row.field);
  writer.end_array();
  return text;
}

Rule everything() {
  Rule rule;
  rule.sections = {"*"};
  rule.passes_unknown = true;
  return rule;
}

} // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
  case Verdict::allowed:
    return "allowed";
  case Verdict::step_up:
    return "step_up_required";
  case Verdict::denied:
    return "denied";
  }
  return "denied";
}

std::string_view name_of(FieldRow::Fate fate) {
  switch (fate) {
  case FieldRow::Fate::visible:
    return "visible";
  case FieldRow::Fate::masked:
    return "masked";
  case FieldRow::Fate::withheld:
    return "step_up_required";
  case FieldRow::Fate::denied:
    return "denied";
  }
  return "denied";
}

bool is_shown(const FieldRow& row) {
  return row.fate == FieldRow::Fate::visible || row.fate == FieldRow::Fate::masked;
}

bool may_name(const Asker& asker, std::string_view section) {
  return asker.sections && any_covers(*asker.sections, section);
}

Policy::Policy(std::vector<PolicySection> sections, std::optional<std::vector<Rule>> rules,
               std::shared_ptr<const Pseudonyms> pseudonyms)
    : sections_(std::move(sections)), rules_(std::move(rules)), pseudonyms_(std::move(pseudonyms)) {
  if (!rules_) everything_.push_back(everything());
  for (const auto& rule : this->rules()) {
    if (rule.max_age) ages_.push_back(*rule.max_age);
    collect_ages(rule.fields, ages_);
  }
  std::sort(ages_.begin(), ages_.end());
  ages_.erase(std::unique(ages_.begin(), ages_.end()), ages_.end());
}

Misfit Policy::misfit(const Rule& rule, const Asker& asker, std::size_t section) const {
  if (!any_covers(rule.sections, sections_[section].name)) return Misfit::section;
  if (!is_among(rule.tenants, asker.tenant)) return Misfit::tenant;
  if (!is_among(rule.clients, asker.client)) return Misfit::client;
  if (!is_among(rule.channels, asker.channel)) return Misfit::channel;
  if (!is_among(rule.purposes, asker.purpose)) return Misfit::purpose;
  return Misfit::none;
}

Compiled Policy::compiled(const Asker& asker, std::size_t section) const {
  const auto& declared = sections_[section];
  std::vector<Applied> applied;
  for (std::size_t i = 0; i < rules().size(); ++i)
    if (misfit(rules()[i], asker, section) == Misfit::none) applied.push_back({&rules()[i], i});
  return compile(applied, declared.floor, declared.shape ? &declared.shape->root() : nullptr, asker.standing);
}

std::vector<FieldRow> Policy::rows(const Asker& asker, std::size_t section) const {
  auto rows = compiled(asker, section).rows;
  if (!has_rules())
    for (auto& row : rows) row.rules.clear();
  return rows;
}

View Policy::view(const Asker& asker, std::size_t section) const {
  auto compiled = this->compiled(asker, section);
  View view;
  for (const auto& row : compiled.rows)
    if (row.fate == FieldRow::Fate::withheld) view.withheld.push_back({row.field, row.needed});
  const auto* root = compiled.plan.root;
  if (root->kind == Plan::Kind::drop) {
    if (view.withheld.empty()) return view;
    view.verdict = Verdict::step_up;
    view.challenge = std::min_element(view.withheld.begin(), view.withheld.end(), [](const auto& a, const auto& b) {
                       return is_easier(a.challenge, b.challenge);
                     })->challenge;
    view.withheld.clear();
    return view;
  }
  view.verdict = Verdict::allowed;
  view.pseudonyms = pseudonyms_;
  view.tenant = asker.tenant;
  if (root->kind != Plan::Kind::keep || root->bares_accounts)
    view.plan = std::make_shared<const PlanTree>(std::move(compiled.plan));
  if (view.plan) view.shown = fields_shown(compiled.rows);
  return view;
}

std::string Policy::standing_key(const Standing& standing) const {
  std::string key;
  for (auto level : {Assurance::none, Assurance::asserted, Assurance::aal1, Assurance::aal2, Assurance::aal3}) {
    std::size_t longer = 0; // how many of the ages are not enough
    while (longer < ages_.size() && !standing.meets({level, ages_[longer]})) ++longer;
    key += (standing.meets({level}) ? "+" : "-") + std::to_string(longer);
  }
  return key;
}

} // namespace plugboard::policy
