// What is computed from others, when not all of that has come, and when what has come is nothing that a hub would take.
#include "core/conformance/trials.hpp"

#include <algorithm>

namespace plugboard::conformance {
namespace {

bool is_optional(const Subject& subject, const Question& question, const connector::Input& given) {
  for (const auto& section : subject.scenario.sections)
    for (const auto& input : section.from)
      if (section.name == question.section && input.name == given.name) return input.optional;
  return false;
}

std::optional<connector::Reply> derived(const Subject& subject, const Question& question, Findings& findings) {
  Rig& rig = Rig::of(subject);
  if (!comes_up(rig, findings)) return std::nullopt;
  return rig.ask(PLUGBOARD_DERIVE, question)->answer_within(kPatience);
}

bool is_dropped(const std::optional<connector::Reply>& answer) {
  return !answer || answer->status == PLUGBOARD_INTERNAL || answer->status == PLUGBOARD_ABANDONED;
}

void without_optional(const Subject& subject, Question question, Findings& findings) {
  const auto whole = derived(subject, question, findings);
  std::erase_if(question.inputs, [&](const auto& input) { return is_optional(subject, question, input); });
  const auto answer = derived(subject, question, findings);
  if (is_dropped(answer) || (whole && whole->status == PLUGBOARD_OK && answer->status != PLUGBOARD_OK))
    findings.add("derive.inputs", "Without its optional inputs \"" + question.section + "\" is not computed: " +
                                      (answer ? answer->message : std::string("there was no answer")) + ".");
}

void with_rubbish(const Subject& subject, const Question& question, Findings& findings) {
  for (std::size_t i = 0; i < question.inputs.size(); ++i)
    for (const char* rubbish : {"{", "[]", "{}", ""}) {
      Question spoilt = question;
      spoilt.inputs[i].data = rubbish;
      if (is_dropped(derived(subject, spoilt, findings)))
        return findings.add("derive.inputs", "With \"" + spoilt.inputs[i].name + "\" as " +
                                                 (*rubbish == '\0' ? "nothing" : rubbish) + ", the call for \"" +
                                                 question.section + "\" ended without an answer of the plugin's.");
    }
}

} // namespace

void try_inputs(const Subject& subject, Findings& findings) {
  for (const auto& question : subject.scenario.lookups) {
    if (operation_for(subject.scenario, question) != PLUGBOARD_DERIVE) continue;
    without_optional(subject, question, findings);
    with_rubbish(subject, question, findings);
  }
}

} // namespace plugboard::conformance
