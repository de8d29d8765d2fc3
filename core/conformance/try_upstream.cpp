// An upstream that refuses, fails and talks nonsense: each is told apart, since customers' agents and operators do
// something else about each. Look-ups only: what a credential's check is answered with means what its protocol says.
#include "core/conformance/trials.hpp"

#include <algorithm>

namespace plugboard::conformance {
namespace {

using Answer = connector::Reply;

constexpr const char* kPayload = "payload-that-nobody-is-told";

struct Trouble {
  std::string_view rule;
  Scripted answer;
  std::string called;
  std::vector<std::int32_t> fitting; // what it may be answered with
};

Scripted plain(int status) {
  return {.status = status,
          .headers = {{"content-type", "application/json"}},
          .body = std::string(R"({"error": ")") + kPayload + R"("})"};
}

Scripted with(Scripted answer, const char* header, const char* value) {
  answer.headers.push_back({header, value});
  return answer;
}

std::vector<Trouble> troubles() {
  const std::vector<std::int32_t> broken = {PLUGBOARD_UPSTREAM_MALFORMED, PLUGBOARD_UPSTREAM_FAILED};
  std::vector<Trouble> all = {
      {"upstream.unauthorized", plain(401), "401", {PLUGBOARD_UPSTREAM_UNAUTHORIZED}},
      {"upstream.unauthorized", plain(403), "403", {PLUGBOARD_UPSTREAM_UNAUTHORIZED, PLUGBOARD_UPSTREAM_REFUSED}},
      {"upstream.not_found", plain(404), "404", {PLUGBOARD_NOT_FOUND}},
      {"upstream.refused",
       plain(408),
       "408",
       {PLUGBOARD_TIMEOUT, PLUGBOARD_UPSTREAM_REFUSED, PLUGBOARD_UPSTREAM_FAILED, PLUGBOARD_UNREACHABLE}},
      {"upstream.rate_limited", with(plain(429), "retry-after", "7"), "429", {PLUGBOARD_UPSTREAM_RATE_LIMITED}},
      {"upstream.failed", plain(500), "500", {PLUGBOARD_UPSTREAM_FAILED}},
      {"upstream.failed", plain(503), "503", {PLUGBOARD_UPSTREAM_FAILED, PLUGBOARD_BUSY}},
      {"upstream.redirect",
       with(plain(302), "location", "https://elsewhere.example/"),
       "302 to elsewhere.example",
       {PLUGBOARD_UPSTREAM_REFUSED, PLUGBOARD_UPSTREAM_FAILED, PLUGBOARD_UPSTREAM_MALFORMED}},
      {"upstream.garbage", {.status = 200, .body = "<html>Sorry</html>"}, "an HTML page", broken},
      {"upstream.garbage", {.status = 200, .body = R"({"customer_id": "7", "name": "A)"}, "half an object", broken},
      {"upstream.garbage", {.status = 200}, "nothing at all", broken},
  };
  for (const std::int32_t told :
       {PLUGBOARD_TIMEOUT, PLUGBOARD_UNREACHABLE, PLUGBOARD_TOO_LARGE, PLUGBOARD_EGRESS_DENIED})
    all.push_back({"upstream.passed_on", {.error = told}, "no answer", {told}});
  return all;
}

bool fits(const Trouble& trouble, const Answer& answer) {
  // Handed on unread, the hub finds out, and says whose fault it is.
  if (trouble.rule == "upstream.garbage" && answer.status == PLUGBOARD_OK && answer.verbatim) return true;
  return std::find(trouble.fitting.begin(), trouble.fitting.end(), answer.status) != trouble.fitting.end();
}

bool asks_for(const Subject& subject, const Question& question, Findings& findings) {
  Rig& rig = Rig::of(subject);
  if (!comes_up(rig, findings)) return false;
  rig.ask(operation_for(subject.scenario, question), question)->answer_within(kPatience);
  return !rig.host().sent().empty();
}

} // namespace

void try_upstream(const Subject& subject, Findings& findings) {
  for (const auto& question : subject.scenario.lookups) {
    if (!asks_for(subject, question, findings)) continue;
    for (const auto& trouble : troubles()) {
      Rig& rig = Rig::of(subject);
      if (!comes_up(rig, findings)) return;
      rig.upstream(trouble.answer);
      const auto answer = rig.ask(operation_for(subject.scenario, question), question)->answer_within(kPatience);
      const std::string seen = "Its upstream gave " + trouble.called + " for \"" + question.section + "\"; ";
      if (!answer) {
        findings.add(trouble.rule, seen + "it gave no answer.");
        continue;
      }
      if (!fits(trouble, *answer))
        findings.add(trouble.rule, seen + "it ended the call with status " + std::to_string(answer->status) + ".");
      else if (trouble.rule == "upstream.rate_limited" && answer->retry_after != std::chrono::seconds(7))
        findings.add(trouble.rule, seen + "with Retry-After: 7, of which nothing reached the hub.");
      check_told(rig, {*answer}, {kPayload}, findings);
    }
  }
}

void check_told(Rig& rig, const std::vector<Answer>& answers, const std::vector<std::string>& besides,
                Findings& findings) {
  constexpr std::size_t kShortest = 6; // what is shorter stands in other words, too
  std::vector<std::string> kept = besides;
  for (const auto& [handle, value] : rig.subject().scenario.secrets) kept.push_back(value);
  std::vector<std::string> told;
  for (const auto& line : rig.host().logs()) told.push_back(line);
  for (const auto& answer : answers) told.push_back(answer.message);
  for (const auto& secret : kept)
    for (const auto& text : told)
      if (secret.size() >= kShortest && text.find(secret) != std::string::npos)
        return findings.add("secrets.kept",
                            "A log line or a message holds a secret, a credential or an answer's text.");
}

} // namespace plugboard::conformance
