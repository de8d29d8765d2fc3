#include "core/conformance/suite.hpp"

#include "core/conformance/apart.hpp"
#include "core/conformance/trials.hpp"

#include <array>

namespace plugboard::conformance {
namespace {

struct Step {
  std::string_view name;
  void (*run)(const Subject&, Findings&);
  bool needed; // by those that follow
};

constexpr std::array kSteps = {
    Step{"loads and starts", try_loading, true},
    Step{"ends, also unstarted and twice", try_ending, false},
    Step{"answers", try_answers, true},
    Step{"honours deadline and cancellation", try_waiting, false},
    Step{"is silent after stop", try_stopping, false},
    Step{"answers many at once", try_crowd, false},
    Step{"does what it declares only", try_undeclared, false},
    Step{"says how it is, if it does", try_health, false},
    Step{"exports and erases, if it does", try_subject, false},
    Step{"tells an upstream's troubles apart", try_upstream, false},
    Step{"computes with what has come", try_inputs, false},
    Step{"lives a thousand times", try_again_and_again, false},
};

constexpr Duration kLongest = std::chrono::minutes(2);

bool stands_in_the_way(const std::vector<Finding>& findings) {
  for (const auto& finding : findings)
    if (finding.rule == "process.survives" || finding.rule.starts_with("life.") || finding.rule == "call.answered")
      return true;
  return false;
}

} // namespace

Trial replay(const Subject& subject, const Clock& clock) {
  Trial trial{"gives what was recorded", {}, true};
  Findings found;
  run_apart([&](Findings& findings) { try_answers(subject, findings); }, kLongest, clock, found);
  trial.findings = found.all();
  return trial;
}

std::vector<Trial> run_suite(const Subject& subject, const Clock& clock) {
  std::vector<Trial> trials;
  bool in_the_way = false;
  for (const auto& step : kSteps) {
    Trial trial{step.name, {}, !in_the_way};
    if (trial.made) {
      Findings found;
      run_apart([&](Findings& findings) { step.run(subject, findings); }, kLongest, clock, found);
      trial.findings = found.all();
    }
    in_the_way = in_the_way || (step.needed && stands_in_the_way(trial.findings));
    trials.push_back(std::move(trial));
  }
  return trials;
}

} // namespace plugboard::conformance
