#include "plugins/rest/settings.hpp"

namespace plugboard::rest {

namespace {

// The hub reads `needs` too and judges it; here only the names count: "email" or {"type": "email", "verified": true}.
Vocabulary read_needs(const Value* needs) {
  Vocabulary vocabulary;
  if (!needs) return vocabulary;
  for (const auto& group : needs->items)
    for (const auto& need : group.items) {
      const auto* type = need.is(Value::Kind::string) ? &need : need.member("type");
      if (type) vocabulary.identifiers.push_back(type->text);
    }
  return vocabulary;
}

void read_yields(Fields& fields, SectionSettings& section) {
  const auto* yields = fields.object("yields");
  if (!yields) return;
  for (std::size_t i = 0; i < yields->items.size(); ++i) {
    Fields one(yields->items[i], below(fields.at("yields"), yields->names[i]), fields.problems());
    auto from = one.pointer("from");
    auto verified = one.boolean("verified").value_or(false);
    one.all_read();
    if (from)
      section.yields.push_back({yields->names[i], std::move(*from), verified});
    else if (!yields->items[i].member("from"))
      fields.problems().add(one.at(), "say where it stands in the answer: \"from\" with a JSON Pointer");
  }
}

void read_request(Fields& fields, SectionSettings& section) {
  auto vocabulary = read_needs(fields.array("needs"));
  section.method = fields.string("method").value_or("GET");
  if (section.method != "GET" && section.method != "POST")
    fields.problems().add(fields.at("method"), "a section only reads: write \"GET\" or \"POST\"");
  if (auto url = fields.string("url"))
    section.url = UrlTemplate::read(*url, vocabulary, fields.at("url"), fields.problems());
  else
    fields.problems().add(fields.at("url"), "say what to ask, such as \"/customers/{customer_id}\"");
  section.asked_with = section.url.identifiers();
  const auto* body = fields.any("body");
  if (!body) return;
  if (section.method != "POST") fields.problems().add(fields.at("body"), "only a POST has a body: set the method");
  section.body = BodyTemplate::read(*body, vocabulary, fields.at("body"), fields.problems());
  for (auto& name : section.body->identifiers()) section.asked_with.push_back(std::move(name));
}

void read_section_mapping(Fields& fields, SectionSettings& section) {
  const auto* mapping = fields.any("mapping");
  if (mapping && mapping->is(Value::Kind::object))
    section.mapping = read_mapping(*mapping, fields.at("mapping"), fields.problems());
  else if (!mapping || !mapping->is(Value::Kind::string) || mapping->text != "identity")
    fields.problems().add(fields.at("mapping"), "write \"identity\", when the answer has the section's shape "
                                                "already, or an object that says what fills each member");
}

SectionSettings read_section(const Value& config, std::string_view at, Problems& problems) {
  Fields fields(config, at, problems);
  SectionSettings section;
  for (const char* the_hubs : {"shape", "description", "echo"}) static_cast<void>(fields.any(the_hubs));
  read_request(fields, section);
  section.headers.read(fields);
  read_section_mapping(fields, section);
  read_yields(fields, section);
  fields.all_read();
  return section;
}

} // namespace

Settings read_settings(std::string_view config) {
  auto root = read_json(config);
  if (!root) throw std::invalid_argument("the configuration: " + root.failure().message);
  Problems problems;
  Fields fields(*root, "", problems);
  Settings settings;
  if (auto base = fields.string("base_url"))
    settings.base_url = read_base_url(*base, fields.at("base_url"), problems).value_or("");
  else
    problems.add("/base_url", "say where the system is, such as \"https://api.example.com/v1\"");
  Headers defaults;
  defaults.read(fields);
  defaults.read_basic(fields);
  const auto* sections = fields.object("sections");
  if (!sections || sections->items.empty())
    problems.add("/sections", "name at least one section");
  else
    for (std::size_t i = 0; i < sections->items.size(); ++i) {
      auto section = read_section(sections->items[i], below("/sections", sections->names[i]), problems);
      section.headers = section.headers.over(defaults);
      settings.sections.emplace(sections->names[i], std::move(section));
    }
  fields.all_read();
  problems.raise();
  return settings;
}

} // namespace plugboard::rest
