#include "core/cli/accesses.hpp"

#include "core/json/writer.hpp"

#include <algorithm>

namespace plugboard::cli {

namespace {

std::string text_at(json::Value record, std::string_view name) {
  return std::string(record[name].string().value_or(""));
}

std::vector<std::string> texts_of(json::Value array) {
  std::vector<std::string> texts;
  array.each_element([&](json::Value text) { texts.emplace_back(text.string().value_or("")); });
  return texts;
}

void write_texts(json::Writer& writer, std::string_view name, const std::vector<std::string>& texts) {
  writer.key(name).begin_array();
  for (const auto& text : texts) writer.value(text);
  writer.end_array();
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : ", ") + harmless(text);
  return all;
}

std::string fields_of(const std::vector<std::string>& fields) {
  const bool is_whole = fields.size() == 1 && fields.front() == "*";
  return is_whole ? "all fields" : joined(fields);
}

// What was shown of it; when that is not known, what might have been.
std::vector<std::string> sections_of(const Access& access) {
  if (access.result == "shown") return access.shown;
  std::vector<std::string> names;
  for (const auto& [name, fields] : access.sections) names.push_back(name);
  return names;
}

} // namespace

void Accesses::take(json::Value record) {
  const auto kind = text_at(record, "kind");
  if (kind == "outcome") {
    const auto of = by_seq_.find(record["of"].integer().value_or(0));
    if (of == by_seq_.end()) return;
    of->second.result = text_at(record, "result");
    of->second.shown = texts_of(record["sections"]);
  } else if (kind == "disclosure") {
    Access access;
    access.seq = record["seq"].integer().value_or(0);
    access.time = text_at(record, "time");
    access.tenant = text_at(record, "tenant");
    access.client = text_at(record, "client");
    access.actor = text_at(record, "actor");
    access.purpose = text_at(record, "purpose");
    access.context = text_at(record, "context");
    access.identifiers = texts_of(record["identifiers"]);
    record["sections"].each_member(
        [&](std::string_view name, json::Value fields) { access.sections[std::string(name)] = texts_of(fields); });
    by_seq_[access.seq] = std::move(access);
  }
}

std::vector<Access> Accesses::all() const {
  std::vector<Access> accesses;
  for (const auto& [seq, access] : by_seq_)
    if (access.result != "withheld") accesses.push_back(access);
  return accesses;
}

std::string Accesses::as_json(std::string_view customer) const {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().member("customer", customer).key("accesses").begin_array();
  for (const auto& access : all()) {
    writer.begin_object().member("seq", access.seq).member("time", access.time).member("tenant", access.tenant);
    writer.member("client", access.client);
    if (!access.actor.empty()) writer.member("actor", access.actor);
    if (!access.purpose.empty()) writer.member("purpose", access.purpose);
    if (!access.context.empty()) writer.member("context", access.context);
    writer.member("certain", access.result == "shown");
    write_texts(writer, "identifiers", access.identifiers);
    writer.key("sections").begin_object();
    for (const auto& name : sections_of(access)) {
      const auto fields = access.sections.find(name);
      write_texts(writer, name, fields == access.sections.end() ? std::vector<std::string>() : fields->second);
    }
    writer.end_object().end_object();
  }
  writer.end_array().end_object();
  return body;
}

std::string Accesses::as_text(std::string_view customer, const Terminal& terminal) const {
  const auto accesses = all();
  std::string text = terminal.paint(Colour::bold, "Who saw what of the customer " + harmless(customer)) + "\n";
  if (accesses.empty()) return text + "Nobody, as far as the records reach.\n";
  for (const auto& access : accesses) {
    text += "\n" + harmless(access.time) + "  " + terminal.paint(Colour::bold, harmless(access.client));
    if (!access.actor.empty()) text += " (" + harmless(access.actor) + ")";
    if (!access.purpose.empty()) text += " for " + harmless(access.purpose);
    if (access.result != "shown") text += "  may have seen: the hub ended before it was known";
    text += "\n";
    for (const auto& name : sections_of(access)) {
      const auto fields = access.sections.find(name);
      text += "  " + harmless(name) + ": " + (fields == access.sections.end() ? "" : fields_of(fields->second)) + "\n";
    }
    if (!access.identifiers.empty()) text += "  who the customer is: " + joined(access.identifiers) + "\n";
  }
  return text + "\n" + std::to_string(accesses.size()) + (accesses.size() == 1 ? " access\n" : " accesses\n");
}

} // namespace plugboard::cli
