#include "tests/support/provenance.hpp"

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <vector>

namespace plugboard::test {

namespace {

const std::set<std::string> kNone{""};
const std::set<std::string> kTimeouts{"deadline", "connector_timeout"};
const std::set<std::string> kErrors{"upstream_refused", "upstream_unauthorized", "upstream_rate_limited",
                                    "upstream_failed",  "upstream_malformed",    "unreachable",
                                    "egress_denied",    "plugin_failed"};
const std::set<std::string> kUnavailable{"breaker_open",   "plugin_crashed", "plugin_disabled",
                                         "plugin_revoked", "overloaded",     "starting"};
const std::set<std::string> kInvalid{"plugin_protocol", "shape", "too_large", "wrong_customer"};
const std::set<std::string> kSkipped{"identifier_unknown", "identifier_unverified", "input_missing"};

std::set<std::string> all_failures() {
  std::set<std::string> all;
  for (const auto* some : {&kTimeouts, &kErrors, &kUnavailable, &kInvalid}) all.insert(some->begin(), some->end());
  return all;
}

const std::map<std::string, std::set<std::string>> kReasons{
    {"ok", kNone},         {"stale", all_failures()},     {"not_found", kNone},  {"timeout", kTimeouts},
    {"error", kErrors},    {"unavailable", kUnavailable}, {"invalid", kInvalid}, {"ambiguous", kNone},
    {"skipped", kSkipped}, {"step_up_required", kNone},   {"denied", kNone}};

bool is_time(const std::string& text) {
  static const std::regex kTime(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)");
  return std::regex_match(text, kTime);
}

bool is_version(const std::string& text) {
  static const std::regex kVersion(R"(\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?)");
  return std::regex_match(text, kVersion);
}

class Section {
 public:
  Section(const Json& context, const std::string& name)
      : context_(context), name_(name), at_("/sections/" + name), status_(text("/status")) {}

  std::string faults() {
    const auto known = kReasons.find(status_);
    if (known == kReasons.end()) return says("has a status that is none: " + status_);
    const auto reason = text("/error/reason");
    need(known->second.contains(reason), "ended " + status_ + " with the reason \"" + reason + "\"");
    need(reason.empty() || !text("/error/title").empty(), "has an error without a title");
    const bool has_data = status_ == "ok" || status_ == "stale";
    need(context_.has(at_ + "/data") == has_data, has_data ? "has no data" : "has data all the same");
    if (status_ == "denied") {
      need(context_.size(at_) == 1, "is denied, and says more");
      return faults_;
    }
    source();
    if (has_data) fresh();
    if (status_ == "step_up_required") need(context_.has(at_ + "/challenge/acr_values"), "has no challenge");
    return faults_;
  }

 private:
  std::string text(const std::string& member) const {
    return context_.has(at_ + member) ? context_.text(at_ + member) : "";
  }

  std::string says(const std::string& what) const { return name_ + " " + what + "\n"; }

  void need(bool condition, const std::string& otherwise) {
    if (!condition) faults_ += says(otherwise);
  }

  void source() {
    need(text("/source/connector") == name_.substr(0, name_.find('.')), "does not come from its own connector");
    need(!text("/source/plugin").empty(), "does not say which plugin made it");
    need(is_version(text("/source/version")), "does not say which version made it: " + text("/source/version"));
  }

  void fresh() {
    need(!text("/shape").empty(), "does not say which shape it has");
    need(is_time(text("/fetched_at")), "does not say when it was fetched");
    need(context_.has(at_ + "/age_ms") && context_.integer(at_ + "/age_ms") >= 0, "does not say how old it is");
    need(context_.has(at_ + "/took_ms") || context_.integer(at_ + "/age_ms") > 0, "does not say how long it took");
  }

  const Json& context_;
  std::string name_, at_, status_, faults_;
};

} // namespace

std::string provenance_faults(const Json& context) {
  std::string faults;
  bool whole = true;
  for (const auto& name : context.names("/sections")) {
    faults += Section(context, name).faults();
    const auto status = context.text("/sections/" + name + "/status");
    whole = whole && (status == "ok" || status == "not_found");
  }
  if (context.truth("/complete") && !whole) faults += "complete, with sections that are not\n";
  for (const auto* member : {"/context_id", "/customer/id", "/assurance"})
    if (!context.has(member)) faults += std::string("it lacks ") + member + "\n";
  for (std::size_t i = 0; i < context.size("/customer/identifiers"); ++i)
    for (const auto* member : {"/type", "/value", "/verified", "/source"})
      if (!context.has("/customer/identifiers/" + std::to_string(i) + member))
        faults += std::string("an identifier lacks ") + member + "\n";
  return faults;
}

} // namespace plugboard::test
