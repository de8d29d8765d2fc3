// Calls as a hub makes them: what comes back, when, and how often.
#include "core/conformance/trials.hpp"

#include "core/connector/examine.hpp"
#include "core/connector/published_shapes.hpp"
#include "core/connector/wildcard.hpp"
#include "core/json/document.hpp"

#include <algorithm>
#include <thread>

namespace plugboard::conformance {
namespace {

using Answer = connector::Reply;

constexpr unsigned kMostAtOnce = 32;
constexpr auto kAfterwards = std::chrono::milliseconds(300); // for what should not come at all

struct Asking {
  std::int32_t operation;
  Question question;
  std::string called; // for people
  Expected expected{};
};

std::vector<Asking> all_of(const Subject& subject) {
  std::vector<Asking> all;
  const auto& scenario = subject.scenario;
  for (std::size_t i = 0; i < scenario.lookups.size(); ++i) {
    const auto& each = scenario.lookups[i];
    all.push_back(
        {operation_for(scenario, each), each, "The lookup of \"" + each.section + "\"", scenario.expected[i]});
  }
  for (const auto& each : subject.scenario.proofs) all.push_back({PLUGBOARD_AUTHENTICATE, each, "The authentication"});
  return all;
}

void check_hosts(Rig& rig, Findings& findings) {
  const auto& wishes = rig.subject().file.manifest.egress;
  for (const auto& sent : rig.host().sent()) {
    const auto origin = grant_of(sent);
    if (std::none_of(wishes.begin(), wishes.end(), [&](const auto& wish) { return connector::matches(wish, origin); }))
      return findings.add("manifest.hosts", "It asked " + origin + ", for which its manifest has no wish.",
                          "/grants/egress");
  }
}

void check_expected(const Asking& asking, const connector::Outcome& outcome, Findings& findings) {
  const auto& expected = asking.expected;
  if (expected.status.empty()) return;
  const auto status = std::string(connector::name_of(outcome.status));
  if (status != expected.status)
    findings.add("reply.expected", asking.called + " gives " + status + " instead of " + expected.status + ".");
  else if (!expected.data.empty() && !same_body(outcome.data, expected.data))
    findings.add("reply.expected",
                 asking.called + " gives " + std::string(outcome.data.view()) + " instead of " + expected.data + ".");
}

// By the hub's own judgement.
void check_section(const Subject& subject, const Asking& asking, const Answer& answer, Findings& findings) {
  const auto& sections = subject.scenario.sections;
  const auto section = std::find_if(sections.begin(), sections.end(),
                                    [&](const auto& each) { return each.name == asking.question.section; });
  if (section == sections.end()) return;
  const auto shapes = connector::published_shapes();
  const auto shape = shapes.find(section->shape);
  if (shape == shapes.end()) return;
  std::vector<Identifier> known;
  for (const auto& each : asking.question.identifiers) known.push_back(each);
  const connector::IdentifierRules rules;
  json::Reader reader;
  std::string why;
  const auto outcome = connector::examine_lookup(
      answer, {subject.file.manifest.name, *section, *shape->second, known, rules}, reader, why);
  if (outcome.reason == connector::Reason::plugin_protocol || outcome.reason == connector::Reason::upstream_malformed)
    findings.add("reply.protocol", asking.called + " was answered with what a hub refuses: " + why + ".");
  else if (outcome.reason == connector::Reason::shape)
    findings.add("reply.shape", asking.called + " does not follow " + section->shape + ": " + why + ".");
  else if (outcome.reason == connector::Reason::wrong_customer)
    findings.add("reply.customer", asking.called + " came with another customer's data: " + outcome.detail + ".");
  else
    check_expected(asking, outcome, findings);
}

void check_step(const Subject& subject, const Asking& asking, const Answer& answer, Findings& findings) {
  const connector::IdentifierRules rules;
  json::Reader reader;
  std::string why;
  auto types = subject.file.manifest.identifiers;
  const auto step = connector::examine_step(answer, subject.file.manifest.name, types, rules, reader, why);
  if (!step && step.error().outcome.reason == connector::Reason::plugin_protocol)
    findings.add("reply.protocol", asking.called + " was answered with what a hub refuses: " + why + ".");
}

bool is_dropped(const Answer& answer) {
  return answer.status == PLUGBOARD_INTERNAL || answer.status == PLUGBOARD_ABANDONED;
}

} // namespace

void try_answers(const Subject& subject, Findings& findings) {
  Rig& rig = Rig::of(subject);
  if (!comes_up(rig, findings)) return;
  std::vector<CallPtr> calls;
  std::vector<Answer> answers;
  std::vector<std::string> credentials;
  for (const auto& asking : all_of(subject)) {
    calls.push_back(rig.ask(asking.operation, asking.question));
    const auto answer = calls.back()->answer_within(kPatience);
    if (!answer) return findings.add("call.answered", asking.called + " was not answered in five seconds.");
    answers.push_back(*answer);
    credentials.push_back(asking.question.credential);
    if (is_dropped(*answer))
      findings.add("call.dropped",
                   asking.called + " ended without an answer of the plugin's: " + answer->message + ".");
    else if (asking.operation != PLUGBOARD_AUTHENTICATE)
      check_section(subject, asking, *answer, findings);
    else
      check_step(subject, asking, *answer, findings);
  }
  rig.stop();
  for (const auto& call : calls) {
    call->returns_within(kAfterwards); // one thread more may still be on its way out of it
    if (const int times = call->conversation().completions(); times > 1)
      findings.add("call.once", "A call was completed " + std::to_string(times) + " times.");
  }
  check_hosts(rig, findings);
  check_told(rig, answers, credentials, findings);
}

void try_health(const Subject& subject, Findings& findings) {
  Rig& rig = Rig::of(subject);
  if (!comes_up(rig, findings)) return;
  const auto check = rig.ask_health();
  if (!check) return;
  if (!check->answer_within(kPatience)) findings.add("health.answered", "It did not answer in five seconds.");
  rig.stop();
  check->returns_within(kAfterwards);
  if (const int times = check->conversation().completions(); times > 1)
    findings.add("health.answered", "It answered one check " + std::to_string(times) + " times.");
}

void try_waiting(const Subject& subject, Findings& findings) {
  for (const auto& asking : all_of(subject)) {
    for (const bool by_cancel : {false, true}) {
      Rig& rig = Rig::of(subject);
      if (!comes_up(rig, findings)) return;
      rig.upstream(Rig::Upstream::silent);
      auto call = rig.ask(asking.operation, asking.question);
      if (!rig.asks_upstream(*call)) break; // it waits for nothing
      if (subject.file.manifest.execution == connector::Execution::async && !call->returns_within(kPatience))
        return findings.add("call.returns", asking.called + " kept the hub's thread while its upstream was silent.");
      if (by_cancel)
        rig.cancel(*call);
      else
        rig.upstream({.error = PLUGBOARD_TIMEOUT}), rig.host().answer_all({.error = PLUGBOARD_TIMEOUT});
      const auto answer = call->answer_within(kPatience);
      if (!answer)
        findings.add(by_cancel ? "call.cancel" : "call.deadline",
                     asking.called + " was not answered after " +
                         (by_cancel ? "it was cancelled." : "its time was over."));
    }
  }
}

void try_stopping(const Subject& subject, Findings& findings) {
  for (const auto& asking : all_of(subject)) {
    Rig& rig = Rig::of(subject);
    if (!comes_up(rig, findings)) return;
    rig.upstream(Rig::Upstream::silent);
    auto call = rig.ask(asking.operation, asking.question);
    rig.asks_upstream(*call);
    rig.stop();
    const int before = call->conversation().completions();
    std::this_thread::sleep_for(kAfterwards); // it is that nothing comes which is waited for
    if (before == 0 && call->conversation().completions() > 0)
      return findings.add("call.after_stop", asking.called + " was answered after stop() had returned.");
  }
}

void try_crowd(const Subject& subject, Findings& findings) {
  const unsigned most = std::min(subject.file.manifest.max_concurrency, kMostAtOnce);
  for (const auto& asking : all_of(subject)) {
    if (asking.operation == PLUGBOARD_AUTHENTICATE) continue; // a proof has a time in it, a challenge a nonce
    Rig& rig = Rig::of(subject);
    if (!comes_up(rig, findings)) return;
    const auto alone = rig.ask(asking.operation, asking.question)->answer_within(kPatience);
    std::vector<CallPtr> calls;
    for (unsigned i = 0; i < most; ++i) calls.push_back(rig.ask(asking.operation, asking.question));
    for (const auto& call : calls) {
      const auto answer = call->answer_within(kPatience);
      if (answer && alone && answer->status == alone->status && answer->data == alone->data) continue;
      return findings.add(
          "call.concurrent",
          asking.called + ", " + std::to_string(most) + " times at once, was " +
              (answer ? "answered otherwise than alone: " + answer->message : std::string("not answered each time")) +
              ".",
          "/max_concurrency");
    }
  }
}

void try_undeclared(const Subject& subject, Findings& findings) {
  const auto& manifest = subject.file.manifest;
  Rig& rig = Rig::of(subject);
  if (!comes_up(rig, findings)) return;
  for (const auto& [operation, name, declared] :
       {std::tuple(PLUGBOARD_LOOKUP, "lookup", manifest.lookup),
        std::tuple(PLUGBOARD_DERIVE, "derive", manifest.derive),
        std::tuple(PLUGBOARD_AUTHENTICATE, "authenticate", manifest.authenticate),
        std::tuple(PLUGBOARD_LOGOUT, "logout", manifest.logout),
        std::tuple(PLUGBOARD_EXPORT_SUBJECT, "export", manifest.export_subject),
        std::tuple(PLUGBOARD_ERASE_SUBJECT, "erase", manifest.erase_subject)}) {
    if (declared) continue;
    const auto answer = rig.ask(operation, {})->answer_within(kPatience);
    if (!answer || answer->status != PLUGBOARD_UNSUPPORTED)
      findings.add("manifest.operations",
                   std::string("Asked to ") + name + ", which it does not declare, it does not answer `unsupported`.",
                   "/operations");
  }
  if (!manifest.lookup && !manifest.derive) return;
  auto strange = subject.scenario.lookups.empty() ? Question() : subject.scenario.lookups.front();
  const auto operation = operation_for(subject.scenario, strange);
  strange.section = "a_section_of_nobody";
  const auto answer = rig.ask(operation, strange)->answer_within(kPatience);
  if (!answer || answer->status == PLUGBOARD_OK)
    findings.add("manifest.sections", "It answers for the section \"" + strange.section + "\", too.", "/sections");
}

} // namespace plugboard::conformance
