#include "core/audit/record.hpp"

#include "core/base/text.hpp"

namespace plugboard::audit {
namespace {

constexpr std::size_t kUsual = 512; // most records are shorter: one allocation

void append(std::string& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  out += ",\"";
  out += name;
  out += "\":";
  append_json_string(out, text);
}

void append(std::string& out, std::string_view name, const std::vector<std::string_view>& texts) {
  if (texts.empty()) return;
  out += ",\"";
  out += name;
  out += "\":";
  char before = '[';
  for (const auto text : texts) {
    out += std::exchange(before, ',');
    append_json_string(out, text);
  }
  out += ']';
}

void append_sections(std::string& out, const std::vector<SectionView>& sections) {
  out += ",\"sections\":{";
  bool first = true;
  for (const auto& section : sections) {
    if (!std::exchange(first, false)) out += ',';
    append_json_string(out, section.name);
    out += ':';
    out += section.fields.empty() ? std::string_view("[\"*\"]") : section.fields;
  }
  out += '}';
}

} // namespace

std::string_view name_of(Ending ending) {
  switch (ending) {
  case Ending::shown:
    return "shown";
  case Ending::withheld:
    return "withheld";
  case Ending::failed:
    break;
  }
  return "failed";
}

std::string members_of(const Intent& intent) {
  std::string out;
  std::size_t size = kUsual;
  for (const auto& section : intent.sections) size += section.name.size() + section.fields.size() + 10;
  out.reserve(size);
  append(out, "tenant", intent.tenant);
  append(out, "client", intent.client);
  append(out, "actor", intent.actor);
  append(out, "customer", intent.customer);
  append(out, "session", intent.session);
  append(out, "purpose", intent.purpose);
  append(out, "context", intent.context_id);
  append(out, "trace", intent.trace_id);
  append(out, "decision", intent.sections.empty() && intent.identifiers.empty() ? "deny" : "allow");
  append_sections(out, intent.sections);
  append(out, "identifiers", intent.identifiers);
  append(out, "step_up", intent.step_up);
  append(out, "denied", intent.denied);
  return out;
}

std::string members_of(const Change& change) {
  std::string out;
  out.reserve(kUsual);
  append(out, "action", change.action);
  append(out, "by", change.by);
  append(out, "tenant", change.tenant);
  append(out, "actor", change.actor);
  append(out, "customer", change.customer);
  append(out, "session", change.session);
  append(out, "target", change.target);
  append(out, "trace", change.trace_id);
  if (change.details.empty()) return out;
  out += ",\"details\":{";
  bool first = true;
  for (const auto& [name, value] : change.details) {
    if (!std::exchange(first, false)) out += ',';
    append_json_string(out, name);
    out += ':';
    append_json_string(out, value);
  }
  out += '}';
  return out;
}

std::string members_of(const Receipt& of, const Outcome& outcome) {
  std::string out;
  out.reserve(kUsual);
  out += ",\"of\":" + std::to_string(of.seq);
  out += of.about;
  append(out, "result", name_of(outcome.ending));
  append(out, "sections", outcome.sections);
  append(out, "why", outcome.why);
  return out;
}

std::string about(const Intent& intent) {
  std::string out;
  append(out, "tenant", intent.tenant);
  append(out, "client", intent.client);
  append(out, "customer", intent.customer);
  append(out, "context", intent.context_id);
  return out;
}

std::string about(const Change& change) {
  std::string out;
  append(out, "action", change.action);
  append(out, "tenant", change.tenant);
  append(out, "customer", change.customer);
  append(out, "target", change.target);
  return out;
}

} // namespace plugboard::audit
