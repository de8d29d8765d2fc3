// What the person behind the data has a right to: that it is exported, and erased.
#include "core/conformance/trials.hpp"

#include "core/connector/examine.hpp"

namespace plugboard::conformance {
namespace {

using connector::Right;

// None: it was not answered, or not with what a hub takes, and that is found.
std::optional<connector::Outcome> asked(Rig& rig, Right right, Findings& findings) {
  Question who;
  who.section.clear();
  who.identifiers = rig.subject().scenario.subject;
  const bool erases = right == Right::erase;
  const std::string called = erases ? "The erasure" : "The export";
  const auto call = rig.ask(erases ? PLUGBOARD_ERASE_SUBJECT : PLUGBOARD_EXPORT_SUBJECT, who);
  auto answer = call->answer_within(kPatience);
  if (!answer) {
    findings.add("call.answered", called + " was not answered in five seconds.");
    return std::nullopt;
  }
  json::Reader reader;
  std::string why;
  const auto examined = connector::examine_subject(std::move(*answer), right, reader, why);
  if (examined) return connector::Outcome{};
  auto outcome = examined.error().outcome;
  if (outcome.status != connector::Status::invalid && outcome.reason != connector::Reason::upstream_malformed)
    return outcome;
  findings.add("subject.answered", called + " was answered with what a hub refuses: " + why + ".");
  return std::nullopt;
}

bool is_done(const connector::Outcome& outcome) {
  return outcome.status == connector::Status::ok || outcome.status == connector::Status::not_found;
}

} // namespace

void try_subject(const Subject& subject, Findings& findings) {
  const auto& manifest = subject.file.manifest;
  if (!manifest.export_subject && !manifest.erase_subject) return;
  Rig& rig = Rig::of(subject);
  if (!comes_up(rig, findings)) return;
  if (manifest.export_subject) asked(rig, Right::export_data, findings);
  if (!manifest.erase_subject) return;
  const auto first = asked(rig, Right::erase, findings);
  if (!first || !is_done(*first)) return;
  const auto again = asked(rig, Right::erase, findings);
  if (again && !is_done(*again))
    findings.add("subject.again",
                 "What it erased before, it fails to erase: " + std::string(connector::name_of(again->reason)) + ".");
}

} // namespace plugboard::conformance
