#include "core/api/context_ask.hpp"

#include "core/base/ids.hpp"
#include "core/json/fields.hpp"
#include "core/policy/pattern.hpp"

#include <algorithm>

namespace plugboard::api {

namespace {

constexpr std::size_t kMostSections = 256;

// One entry of `sections`: a pattern, or {"name", "params"}.
Result<SectionAsk> read_section(json::Value entry, const std::string& pointer) {
  SectionAsk one;
  if (auto pattern = entry.string()) {
    one.pattern = *pattern;
  } else if (entry.is_object()) {
    json::Fields section(entry, pointer);
    one.pattern = section.required_string("name");
    if (one.pattern.find('*') != std::string::npos)
      section.refuse("name", "must name one section: params go to one section each");
    if (auto params = section.object("params")) one.params = json::to_text(params);
    if (auto read = section.finish(); !read) return read.error();
  } else {
    return fail(Code::invalid_argument,
                pointer + ": must be a section's name, a pattern such as \"crm.*\", or {\"name\", \"params\"}");
  }
  if (!policy::is_section_pattern(one.pattern))
    return fail(Code::invalid_argument, pointer + ": must be \"*\", \"CONNECTOR.*\" or \"CONNECTOR.SECTION\"");
  return one;
}

// fault: of an entry; those of the array go to fields.
void read_sections(json::Value array, json::Fields& fields, ContextAsk& ask, std::optional<Error>& fault) {
  if (array.size() > kMostSections) return fields.refuse("sections", "must hold at most 256 entries");
  if (array.found() && array.size() == 0)
    return fields.refuse("sections", "must not be empty; leave it out to ask for everything");
  std::size_t index = 0;
  array.each_element([&](json::Value entry) {
    auto one = read_section(entry, "/sections/" + std::to_string(index++));
    if (one)
      ask.sections.push_back(std::move(*one));
    else if (!fault)
      fault = one.error();
  });
  std::vector<std::string_view> names;
  for (const auto& section : ask.sections) names.push_back(section.pattern);
  std::sort(names.begin(), names.end());
  auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) fields.refuse("sections", "names \"" + std::string(*twice) + "\" twice");
}

void read_required(json::Value array, json::Fields& fields, ContextAsk& ask) {
  if (array.size() > kMostSections) return fields.refuse("required", "must hold at most 256 names");
  array.each_element([&](json::Value entry) {
    auto name = entry.string();
    if (!name || !policy::is_section_pattern(*name) || name->find('*') != std::string_view::npos)
      return fields.refuse("required", "must hold names of sections, such as \"crm.contact\"");
    ask.required.emplace_back(*name);
  });
}

std::string read_word(json::Fields& fields, std::string_view key, bool (*good)(std::string_view),
                      std::string_view why) {
  auto word = fields.string(key);
  if (!word) return {};
  if (!good(*word)) fields.refuse(key, why);
  return std::string(*word);
}

} // namespace

Result<ContextAsk> read_context_ask(json::Value body) {
  json::Fields fields(body, "");
  ContextAsk ask;
  ask.session = fields.required_string("session");
  std::optional<Error> in_section;
  read_sections(fields.array("sections"), fields, ask, in_section);
  read_required(fields.array("required"), fields, ask);
  ask.deadline_ms = fields.integer("deadline_ms", 1, 30'000).value_or(ask.deadline_ms);
  ask.max_age_ms = fields.integer("max_age_ms", 0, std::int64_t{30} * 24 * 3600 * 1000);
  ask.purpose =
      read_word(fields, "purpose", is_client_id, "must be one of the purposes that the hub's configuration names");
  ask.actor = read_word(
      fields, "actor", [](std::string_view text) { return is_plain_text(text, 128); },
      "must be 1 to 128 characters without control characters");
  ask.language = read_word(fields, "language", is_language_tag, "must be a BCP 47 tag such as \"sv\" or \"en-GB\"");
  ask.criticality = read_word(
      fields, "criticality",
      [](std::string_view text) { return text == "interactive" || text == "background" || text == "bulk"; },
      "must be \"interactive\", \"background\" or \"bulk\"");
  if (auto read = fields.finish(); !read) return read.error();
  if (in_section) return *in_section;
  return ask;
}

bool is_language_tag(std::string_view text) {
  if (text.size() < 2 || text.size() > 35) return false;
  std::size_t run = 0;
  for (char c : text) {
    bool dash = c == '-';
    if (dash ? run == 0 : !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) return false;
    run = dash ? 0 : run + 1;
    if (run > 8) return false;
  }
  return run > 0;
}

bool is_plain_text(std::string_view text, std::size_t longest) {
  if (text.empty() || text.size() > longest) return false;
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
}

} // namespace plugboard::api
