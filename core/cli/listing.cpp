#include "core/cli/listing.hpp"

namespace plugboard::cli {

std::string text_of(json::Value value) {
  if (value.is_string()) return harmless(*value.string());
  return value ? harmless(json::to_text(value)) : std::string();
}

std::string joined(json::Value array) {
  std::string text;
  array.each_element([&](json::Value element) { text += (text.empty() ? "" : " ") + text_of(element); });
  return text;
}

void write_texts(json::Writer& writer, std::string_view name, const std::vector<std::string>& texts) {
  writer.key(name).begin_array();
  for (const auto& text : texts) writer.value(text);
  writer.end_array();
}

int show_list(Scene& scene, const Result<Reply>& reply, std::string_view member, const std::vector<std::string>& heads,
              const Row& row) {
  if (!reply || reply->status != 200) return refused(scene, reply);
  if (scene.json) {
    scene.out << reply->body << "\n";
    return 0;
  }
  json::Reader reader;
  auto body = reader.read(reply->body);
  if (!body) return refused(scene, body.error());
  std::vector<std::vector<std::string>> rows;
  (*body)[member].each_element([&](json::Value entry) { rows.push_back(row(entry)); });
  scene.out << table(heads, rows, scene.terminal);
  return 0;
}

int show_one(Scene& scene, const Result<Reply>& reply, const std::string& kind, const std::string& name,
             const InFull& view) {
  if (!reply || reply->status != 200) return refused(scene, reply);
  json::Reader reader;
  auto body = reader.read(reply->body);
  if (!body) return refused(scene, body.error());
  bool found = false;
  (*body)[kind + "s"].each_element([&](json::Value entry) {
    if (entry["name"].string() != name) return;
    found = true;
    scene.out << (scene.json ? json::to_text(entry) + "\n" : view(entry));
  });
  if (!found)
    scene.err << "plugboard: this hub has no " << kind << " \"" << harmless(name) << "\"; see: plugboard " << kind
              << " list\n";
  return found ? 0 : 1;
}

} // namespace plugboard::cli
