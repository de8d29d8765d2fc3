#include "core/connector/tally.hpp"

#include "core/base/assert.hpp"

#include <plugboard/abi.h>

namespace plugboard::connector {
namespace {

struct Operation {
  std::int32_t number;
  std::string_view name;
};

constexpr std::array kOperations{Operation{PLUGBOARD_AUTHENTICATE, "authenticate"},
                                 Operation{PLUGBOARD_LOGOUT, "logout"}, Operation{PLUGBOARD_EXPORT_SUBJECT, "export"},
                                 Operation{PLUGBOARD_ERASE_SUBJECT, "erase"}}; // all but look-ups

std::size_t index_of(std::int32_t operation) {
  std::size_t index = 0;
  while (index < kOperations.size() && kOperations[index].number != operation) ++index;
  PLUGBOARD_ASSERT(index < kOperations.size());
  return index;
}

} // namespace

std::size_t Tally::section_of(std::int32_t operation) const {
  return by_status_.size() - kOperations.size() + index_of(operation);
}

std::string_view Tally::operation_name(std::int32_t operation) {
  return kOperations[index_of(operation)].name;
}

std::string_view name_of(Violation violation) {
  switch (violation) {
  case Violation::completed_twice:
    return "completed_twice";
  case Violation::unknown_call:
    return "unknown_call";
  case Violation::garbage:
    return "garbage";
  case Violation::bad_answer:
    return "bad_answer";
  case Violation::never_completed:
    return "never_completed";
  case Violation::broke_wire:
    return "broke_wire";
  }
  PLUGBOARD_ASSERT(!"a violation without a name");
}

namespace {

Counter& refused_identifiers(Metrics& metrics, const Settings& settings, std::string_view why) {
  return metrics.counter(
      "plugboard_connector_identifiers_refused_total",
      "Values that a connector gave as identifiers and that were not taken: words for nobody, not of "
      "their type's form, or several of one type in one answer",
      {{"connector", settings.name}, {"reason", why}});
}

} // namespace

Tally::Tally(Metrics& metrics, const Settings& settings)
    : nobody_(refused_identifiers(metrics, settings, "nobody")),
      malformed_(refused_identifiers(metrics, settings, "malformed")),
      several_(refused_identifiers(metrics, settings, "several")),
      late_(metrics.counter("plugboard_connector_late_replies_total", "Replies that came when nobody waited any more",
                            {{"connector", settings.name}})),
      cancelled_(metrics.counter("plugboard_connector_cancelled_total",
                                 "Calls that nobody waited for any more: the request was over, or the client gone",
                                 {{"connector", settings.name}})),
      seconds_(metrics.histogram("plugboard_connector_call_seconds", "From the start of a call to its answer",
                                 {{"connector", settings.name}})),
      running_(metrics.gauge("plugboard_connector_in_flight", "Calls that take up a place of max_concurrency",
                             {{"connector", settings.name}})),
      waiting_(
          metrics.gauge("plugboard_connector_waiting", "Calls that wait for a place", {{"connector", settings.name}})),
      isolation_(
          metrics.gauge("plugboard_connector_isolation",
                        "How its plugin is kept apart; in_process: it runs inside the hub, trusted as the hub is",
                        {{"connector", settings.name}, {"isolation", name_of(settings.isolation)}})) {
  isolation_.set(1);
  std::vector<std::string> sections;
  for (const SectionSpec& section : settings.sections) sections.push_back(section.name);
  for (const Operation& operation : kOperations) sections.emplace_back(operation.name);
  for (const std::string& section : sections) {
    auto& row = by_status_.emplace_back();
    for (std::size_t i = 1; i < kStatuses; ++i)
      row[i] = &metrics.counter(
          "plugboard_connector_calls_total", "Calls by how they ended",
          {{"connector", settings.name}, {"section", section}, {"status", name_of(static_cast<Status>(i))}});
  }
  for (std::size_t i = 1; i < kViolations; ++i)
    by_violation_[i] = &metrics.counter("plugboard_connector_protocol_violations_total",
                                        "What the plugin did against the rules between plugin and hub",
                                        {{"connector", settings.name}, {"kind", name_of(static_cast<Violation>(i))}});
}

void Tally::ended(std::size_t section, const Outcome& outcome) {
  ++calls_;
  if (outcome.status != Status::ok && outcome.status != Status::not_found && outcome.status != Status::ambiguous)
    ++failures_;
  by_status_.at(section).at(static_cast<std::size_t>(outcome.status))->add();
  if (outcome.refused.nobody > 0) nobody_.add(outcome.refused.nobody);
  if (outcome.refused.malformed > 0) malformed_.add(outcome.refused.malformed);
  if (!outcome.refused.several.empty()) several_.add(static_cast<double>(outcome.refused.several.size()));
  seconds_.observe(std::chrono::duration<double>(outcome.took).count());
}

void Tally::cancelled() {
  ++calls_;
  cancelled_.add();
}

void Tally::violated(Violation kind) {
  ++violations_;
  by_violation_.at(static_cast<std::size_t>(kind))->add();
}

void Tally::running(std::size_t running, std::size_t waiting) {
  running_.set(static_cast<double>(running));
  waiting_.set(static_cast<double>(waiting));
}

} // namespace plugboard::connector
