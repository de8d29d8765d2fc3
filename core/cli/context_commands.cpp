#include "core/cli/commands.hpp"
#include "core/cli/context_view.hpp"
#include "core/cli/explanation_view.hpp"
#include "core/cli/listing.hpp"
#include "core/json/reader.hpp"
#include "core/json/writer.hpp"

namespace plugboard::cli {

namespace {

void write_texts(json::Writer& writer, std::string_view name, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  writer.key(name).begin_array();
  for (const auto& text : texts) writer.value(text);
  writer.end_array();
}

void write_word(json::Writer& writer, std::string_view name, const std::string& word) {
  if (!word.empty()) writer.member(name, word);
}

std::string context_body(const ContextWords& words) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().member("session", words.session);
  if (words.params.empty()) {
    write_texts(writer, "sections", words.sections);
  } else {
    writer.key("sections").begin_array().begin_object();
    writer.member("name", words.sections.front()).key("params").raw(words.params);
    writer.end_object().end_array();
  }
  write_texts(writer, "required", words.required);
  if (words.deadline_ms) writer.member("deadline_ms", *words.deadline_ms);
  write_word(writer, "purpose", words.purpose);
  write_word(writer, "actor", words.actor);
  write_word(writer, "language", words.language);
  writer.end_object();
  return body;
}

std::string needs_text(json::Value needs) {
  std::string text;
  needs.each_element([&](json::Value group) {
    std::string any;
    group.each_element([&](json::Value need) {
      any += (any.empty() ? "" : " or ") + harmless(need["type"].string().value_or(""));
      if (need["verified"].boolean().value_or(false)) any += " (verified)";
    });
    text += (text.empty() ? "" : ", and ") + any;
  });
  return text;
}

} // namespace

namespace {

// Asks at this path, and shows the answer.
template <class View>
int show_context(Scene& scene, std::string_view path, const ContextWords& words, View&& view) {
  json::Limits limits;
  limits.bytes = 256 << 20;
  limits.members = 10'000'000;
  json::Reader reader(limits);
  if (!words.params.empty()) {
    auto params = reader.read(words.params);
    if (!params || !params->is_object() || words.sections.size() != 1) {
      scene.err << "plugboard: --params takes a JSON object, together with exactly one --section\n";
      return 2;
    }
  }
  auto reply = scene.ask.agent("POST", path, context_body(words));
  if (!reply || reply->status != 200) return refused(scene, reply);
  if (scene.json) {
    scene.out << reply->body << "\n";
    return 0;
  }
  auto context = reader.read(reply->body);
  if (!context) return refused(scene, context.error());
  scene.out << view(*context);
  return 0;
}

} // namespace

int context_get(Scene& scene, const ContextWords& words) {
  return show_context(scene, "/v1/context", words,
                      [&](json::Value context) { return view_context(context, scene.terminal, words.data); });
}

int context_explain(Scene& scene, const ContextWords& words) {
  return show_context(scene, "/v1/context/explain", words,
                      [&](json::Value explanation) { return view_explanation(explanation, scene.terminal); });
}

int section_list(Scene& scene) {
  return show_list(scene, scene.ask.agent("GET", "/v1/sections"), "sections",
                   {"section", "shape", "needs", "assurance", ""}, [](json::Value section) {
                     return std::vector<std::string>{text_of(section["name"]), text_of(section["shape"]),
                                                     needs_text(section["needs"]), text_of(section["assurance"]),
                                                     text_of(section["description"])};
                   });
}

} // namespace plugboard::cli
