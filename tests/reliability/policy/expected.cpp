#include "tests/reliability/policy/expected.hpp"

#include <algorithm>
#include <sstream>

namespace plugboard::test {

namespace {

std::vector<std::string> split(const std::string& pointer) {
  std::vector<std::string> tokens;
  std::istringstream words(pointer.substr(std::min<std::size_t>(1, pointer.size())));
  for (std::string token; std::getline(words, token, '/');) tokens.push_back(token);
  return tokens;
}

bool is_index(const std::string& token) {
  return !token.empty() && std::all_of(token.begin(), token.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// `pattern` is the leaf or something that it is in.
bool holds(const std::string& pattern, const std::vector<std::string>& leaf) {
  const auto tokens = split(pattern);
  if (tokens.size() > leaf.size()) return false;
  for (std::size_t i = 0; i < tokens.size(); ++i)
    if (tokens[i] != "*" && tokens[i] != leaf[i]) return false;
  return true;
}

bool names_whole(const std::string& pattern, const std::vector<std::string>& leaf) {
  const auto tokens = split(pattern);
  return holds(pattern, leaf) && !tokens.empty() && tokens.back() != "*";
}

} // namespace

int level_of(const std::string& assurance) {
  static const std::vector<std::string> kLevels{"none", "asserted", "aal1", "aal2", "aal3"};
  return static_cast<int>(std::find(kLevels.begin(), kLevels.end(), assurance) - kLevels.begin());
}

std::map<std::string, std::string> leaves_of(const Json& json, const std::string& pointer) {
  const auto text = json.dump(pointer);
  if (text.front() != '{' && text.front() != '[') return {{pointer, text}};
  std::map<std::string, std::string> leaves;
  std::vector<std::string> tokens;
  if (text.front() == '{')
    tokens = json.names(pointer);
  else
    for (std::size_t i = 0; i < json.size(pointer); ++i) tokens.push_back(std::to_string(i));
  for (const auto& token : tokens) leaves.merge(leaves_of(json, pointer + "/" + token));
  return leaves;
}

Expected::Proof Expected::proof_of(const Json& policy, const std::string& place) {
  Proof proof;
  if (policy.has(place + "/assurance")) proof.assurance = level_of(policy.text(place + "/assurance"));
  if (policy.has(place + "/max_age_s")) proof.age = policy.integer(place + "/max_age_s");
  return proof;
}

Expected::Expected(const Json& policy, std::map<std::string, int> floors,
                   std::map<std::string, std::vector<std::string>> known)
    : floors_(std::move(floors)), known_(std::move(known)) {
  const auto escaped = [](std::string pointer) {
    for (std::size_t at = 0; (at = pointer.find('/', at)) != std::string::npos; at += 2) pointer.replace(at, 1, "~1");
    return pointer;
  };
  for (std::size_t i = 0; i < policy.size("/rules"); ++i) {
    const auto at = "/rules/" + std::to_string(i);
    Rule rule;
    for (const auto* list : {"tenants", "clients", "channels", "purposes", "sections", "fields"})
      if (policy.has(at + "/" + list)) rule.lists[list] = policy.texts(at + "/" + list);
    rule.passes = policy.has(at + "/unknown_fields") && policy.text(at + "/unknown_fields") == "pass";
    rule.proof = proof_of(policy, at);
    if (policy.has(at + "/masks"))
      for (const auto& field : policy.names(at + "/masks"))
        rule.masks[field] = policy.text(at + "/masks/" + escaped(field));
    if (policy.has(at + "/need"))
      for (const auto& field : policy.names(at + "/need"))
        rule.needs[field] = proof_of(policy, at + "/need/" + escaped(field));
    rules_.push_back(std::move(rule));
  }
}

bool Expected::fits(const Rule& rule, const Person& person, const std::string& section) {
  const auto among = [&](const std::string& list, const std::string& name) {
    const auto found = rule.lists.find(list);
    return found == rule.lists.end() ||
           std::find(found->second.begin(), found->second.end(), name) != found->second.end();
  };
  const auto& patterns = rule.lists.at("sections");
  const bool covered = std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return pattern == "*" || pattern == section || pattern == section.substr(0, section.find('.')) + ".*";
  });
  return covered && among("tenants", person.tenant) && among("clients", person.client) &&
         among("channels", person.channel) && among("purposes", person.purpose);
}

std::optional<Fate> Expected::by(const Rule& rule, const Person& person, const std::string& section,
                                 const std::vector<std::string>& leaf, bool is_known) const {
  const auto fields = rule.lists.find("fields");
  bool granted = fields == rule.lists.end() && (is_known || rule.passes);
  if (fields != rule.lists.end())
    for (const auto& pattern : fields->second)
      granted = granted || (holds(pattern, leaf) && (is_known || rule.passes || names_whole(pattern, leaf)));
  if (!granted) return std::nullopt;

  auto level = std::max(floors_.at(section), rule.proof.assurance);
  auto age = rule.proof.age;
  for (const auto& [field, proof] : rule.needs) {
    if (!holds(field, leaf)) continue;
    level = std::max(level, proof.assurance);
    if (proof.age) age = std::min(age.value_or(*proof.age), *proof.age);
  }
  auto fate = Fate::visible;
  for (const auto& [field, mask] : rule.masks) {
    if (!holds(field, leaf)) continue;
    if (mask == "remove") return std::nullopt;
    fate = std::min(fate, mask == "hash" ? Fate::hash : mask == "last4" ? Fate::last4 : Fate::year_only);
  }
  if (person.assurance < level || (age && person.age > *age)) return Fate::withheld;
  return fate;
}

Fate Expected::of(const Person& person, const std::string& section, const std::string& leaf) const {
  auto tokens = split(leaf);
  std::string place;
  for (auto& token : tokens) {
    if (is_index(token)) token = "*";
    place += "/" + token;
  }
  const auto& known = known_.at(section);
  const bool is_known = std::find(known.begin(), known.end(), place) != known.end();
  auto best = Fate::denied;
  for (const auto& rule : rules_) {
    if (!fits(rule, person, section)) continue;
    if (const auto fate = by(rule, person, section, tokens, is_known)) best = std::max(best, *fate);
  }
  return best;
}

} // namespace plugboard::test
