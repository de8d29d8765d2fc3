#include "core/json/schema_findings.hpp"

#include "core/base/text.hpp"

#include <algorithm>

namespace plugboard::json {
namespace {

bool is_type_of_whole(const Findings& branch, const std::string& pointer) {
  return branch.size() == 1 && branch.front().kind == Finding::Kind::type && branch.front().fault.pointer == pointer;
}

bool is_missing_only(const Findings& branch, const std::string& pointer) {
  return std::all_of(branch.begin(), branch.end(), [&](const Finding& finding) {
    return finding.kind == Finding::Kind::missing && finding.fault.pointer == pointer;
  });
}

// How far a branch is from the value: another type or another constant says that this branch was not meant at all.
std::size_t strangeness(const Findings& branch, const std::string& pointer) {
  std::size_t score = 0;
  for (const Finding& finding : branch) {
    const bool here = finding.fault.pointer == pointer;
    if (finding.kind == Finding::Kind::type && here)
      score += 1'000'000;
    else if (finding.kind == Finding::Kind::constant)
      score += 1'000;
    else
      score += 1;
  }
  return score;
}

std::string missing_together(const Findings& branch) {
  std::string text;
  for (const Finding& finding : branch) text.append(text.empty() ? "" : " with ").append(quoted(finding.member));
  return text;
}

void add_once(std::vector<std::string>& words, std::string word) {
  if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(std::move(word));
}

} // namespace

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string either(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

Findings choose_among(const std::vector<Findings>& refused, const std::string& pointer) {
  std::vector<std::string> words;
  const auto every = [&](auto fits) {
    return std::all_of(refused.begin(), refused.end(), [&](const Findings& branch) { return fits(branch, pointer); });
  };
  if (every(is_type_of_whole)) {
    for (const Findings& branch : refused) add_once(words, branch.front().member);
    const std::string want = either(words);
    return {{Finding::Kind::type, {pointer, "must be " + want}, want}};
  }
  if (every(is_missing_only)) {
    for (const Findings& branch : refused) add_once(words, missing_together(branch));
    return {{Finding::Kind::other, {pointer, "one of these members is required: " + either(words)}, ""}};
  }
  std::size_t least = SIZE_MAX;
  for (const Findings& branch : refused) least = std::min(least, strangeness(branch, pointer));
  std::vector<const Findings*> closest;
  for (const Findings& branch : refused) {
    if (strangeness(branch, pointer) == least) closest.push_back(&branch);
  }
  if (closest.size() == 1) return *closest.front();
  for (const Findings* branch : closest) {
    const Fault& first = branch->front().fault;
    const std::string place = first.pointer == pointer ? "" : first.pointer.substr(pointer.size()) + " ";
    add_once(words, place + first.message);
  }
  if (words.size() == 1) return *closest.front();
  return {{Finding::Kind::other, {pointer, "fits none of the forms allowed here: " + either(words)}, ""}};
}

Finding several_fit(const TreeValue& branches, const TreeValue& value, const std::string& pointer) {
  std::vector<std::string> words;
  for (const auto& branch : branches.GetArray()) {
    const TreeValue* required = member(branch, "required");
    if (required == nullptr || required->Size() != 1) continue;
    const std::string_view name = text_of((*required)[0]);
    if (member(value, name) != nullptr) words.push_back(quoted(name));
  }
  std::string message = "fits several of the forms allowed here, of which it must fit exactly one";
  if (words.size() > 1) message = "only one of these members may be there: " + either(words);
  return {Finding::Kind::other, {pointer, std::move(message)}, ""};
}

} // namespace plugboard::json
