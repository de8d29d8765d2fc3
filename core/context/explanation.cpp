#include "core/context/explanation.hpp"

#include "core/json/writer.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace plugboard::context {

using connector::AnsweredBy;
using connector::Outcome;
using connector::Reason;
using connector::Status;

namespace {

double tenths(Duration duration) {
  return std::round(milliseconds(duration) * 10) / 10;
}

std::string_view name_of(AnsweredBy by) {
  switch (by) {
  case AnsweredBy::call:
    return "call";
  case AnsweredBy::cache:
    return "cache";
  case AnsweredBy::shared_call:
    return "shared_call";
  }
  return "call";
}

class ExplanationWriter {
 public:
  ExplanationWriter(const PayloadParts& parts, const std::vector<Identifier>& brought)
      : parts_(parts), brought_(brought), writer_(out_) {}

  std::string write(Duration allowed) {
    writer_.begin_object();
    writer_.member("context_id", parts_.context_id);
    writer_.member("assurance", plugboard::name_of(parts_.assurance));
    writer_.member("complete", is_complete(parts_));
    writer_.key("required_missing").begin_array();
    for (const auto name : required_missing(parts_)) writer_.value(name);
    writer_.end_array();
    writer_.member("deadline_ms", tenths(allowed));
    writer_.member("took_ms", tenths(parts_.took));
    known();
    writer_.key("sections").begin_object();
    for (const auto& result : *parts_.results)
      if (result.asked || may_be_named(result.section)) section(result);
    for (const auto& step_up : parts_.step_up) unasked(section_of(step_up.section).name, Status::step_up_required);
    for (const auto& name : parts_.denied) unasked(name, Status::denied);
    writer_.end_object().end_object();
    return std::move(out_);
  }

 private:
  const CatalogSection& section_of(std::size_t section) const { return parts_.catalog->sections()[section]; }

  bool may_be_named(std::size_t section) const { return parts_.sight->of(section).verdict != policy::Verdict::denied; }

  const std::string& type_name(TypeId type) const { return parts_.catalog->types()[type]; }

  bool is_brought(const CatalogNeed& need) const {
    return std::any_of(brought_.begin(), brought_.end(), [&](const Identifier& one) {
      return one.type == type_name(need.type) && (one.verified || !need.verified);
    });
  }

  void known() {
    std::set<std::string_view> types;
    for (const auto& identifier : brought_) types.insert(identifier.type);
    writer_.key("brought").begin_array();
    for (const auto type : types) writer_.value(type);
    writer_.end_array();
  }

  void section(const SectionResult& result) {
    const auto& declared = section_of(result.section);
    const auto& outcome = result.outcome;
    writer_.key(declared.name).begin_object();
    writer_.member("status", connector::name_of(outcome.status));
    writer_.member("asked", result.asked);
    if (outcome.reason != Reason::none) error(outcome);
    source(declared);
    needs(declared);
    waits_for(result);
    inputs(declared);
    yields(declared);
    if (result.called) {
      writer_.member("started_ms", tenths(result.started_after));
      writer_.member("took_ms", tenths(outcome.took));
      course(outcome.course);
    }
    writer_.end_object();
  }

  void unasked(std::string_view name, Status status) {
    writer_.key(name).begin_object();
    writer_.member("status", connector::name_of(status)).member("asked", true);
    writer_.end_object();
  }

  void error(const Outcome& outcome) {
    writer_.key("error").begin_object();
    writer_.member("reason", connector::name_of(outcome.reason));
    writer_.member("title", title_of(outcome.status, outcome.reason));
    if (!outcome.detail.empty()) writer_.member("detail", outcome.detail);
    if (outcome.retry_after > Duration::zero())
      writer_.member("retry_after_ms", static_cast<std::int64_t>(milliseconds(outcome.retry_after)));
    writer_.end_object();
  }

  void source(const CatalogSection& declared) {
    const auto& source = (*parts_.sources)[declared.connector];
    writer_.key("source").begin_object();
    writer_.member("connector", source.connector).member("plugin", source.plugin).member("version", source.version);
    writer_.end_object();
  }

  void needs(const CatalogSection& declared) {
    writer_.key("needs").begin_array();
    for (const auto& group : declared.needs) {
      writer_.begin_array();
      for (const auto& need : group) {
        writer_.begin_object().member("type", type_name(need.type)).member("verified", need.verified);
        writer_.end_object();
      }
      writer_.end_array();
    }
    writer_.end_array();
  }

  // What the session does not bring, and who in this plan may yield it.
  void waits_for(const SectionResult& result) {
    writer_.key("waits_for").begin_array();
    for (const auto& group : section_of(result.section).needs) {
      if (std::any_of(group.begin(), group.end(), [&](const auto& need) { return is_brought(need); })) continue;
      for (const auto& need : group)
        for (const auto& other : *parts_.results)
          if (other.section != result.section) wait(need, other.section);
    }
    writer_.end_array();
  }

  void wait(const CatalogNeed& need, std::size_t yielder) {
    const auto& declared = section_of(yielder);
    if (std::find(declared.yields.begin(), declared.yields.end(), need.type) == declared.yields.end()) return;
    writer_.begin_object().member("identifier", type_name(need.type));
    if (may_be_named(yielder)) writer_.member("section", declared.name);
    writer_.end_object();
  }

  // What it is computed from, and so waits for.
  void inputs(const CatalogSection& declared) {
    if (!declared.is_derived) return;
    writer_.key("inputs").begin_array();
    for (const auto& input : declared.inputs) {
      writer_.begin_object().member("input", input.name).member("optional", input.optional);
      if (may_be_named(input.section)) writer_.member("section", section_of(input.section).name);
      writer_.end_object();
    }
    writer_.end_array();
  }

  void yields(const CatalogSection& declared) {
    writer_.key("yields").begin_array();
    for (const auto type : declared.yields) writer_.value(type_name(type));
    writer_.end_array();
  }

  void course(const connector::Course& course) {
    writer_.key("course").begin_object();
    writer_.member("by", name_of(course.by));
    writer_.member("age_ms", tenths(course.age)).member("waited_ms", tenths(course.waited));
    writer_.member("calls", static_cast<std::int64_t>(course.calls));
    writer_.member("retries", static_cast<std::int64_t>(course.retries));
    writer_.member("hedges", static_cast<std::int64_t>(course.hedges));
    writer_.member("hedge_answered", course.hedge_answered);
    writer_.end_object();
  }

  const PayloadParts& parts_;
  const std::vector<Identifier>& brought_;
  std::string out_;
  json::Writer writer_;
};

} // namespace

std::string write_explanation(const PayloadParts& parts, const std::vector<Identifier>& brought, Duration allowed) {
  return ExplanationWriter(parts, brought).write(allowed);
}

} // namespace plugboard::context
