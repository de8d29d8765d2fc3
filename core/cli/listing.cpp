#include "core/cli/listing.hpp"

namespace plugboard::cli {

std::string text_of(json::Value value) {
  if (value.is_string()) return harmless(*value.string());
  return value ? harmless(json::to_text(value)) : std::string();
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

} // namespace plugboard::cli
