// What a customer has a right to, asked of all systems by an admin.
#include "core/cli/commands.hpp"
#include "core/cli/listing.hpp"
#include "core/json/reader.hpp"
#include "core/json/writer.hpp"

namespace plugboard::cli {
namespace {

// TYPE=VALUE, none of them empty?
bool is_identifier(const std::string& word) {
  const auto equals = word.find('=');
  return equals != std::string::npos && equals > 0 && equals + 1 < word.size();
}

std::string body_of(const CustomerWords& words) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object().member("reason", words.reason);
  if (!words.tenant.empty()) writer.member("tenant", words.tenant);
  if (words.deadline_ms) writer.member("deadline_ms", std::int64_t{*words.deadline_ms});
  writer.key("identifiers").begin_array();
  for (const std::string& one : words.identifiers) {
    const auto equals = one.find('=');
    writer.begin_object().member("type", one.substr(0, equals)).member("value", one.substr(equals + 1)).end_object();
  }
  writer.end_array().end_object();
  return text;
}

void show_part(Scene& scene, json::Value part, bool erases) {
  const std::string status = text_of(part["status"]);
  const bool well = status == "ok" || status == "not_found";
  scene.out << scene.terminal.paint(Colour::bold, text_of(part["connector"])) << "  "
            << (well ? status : scene.terminal.paint(Colour::yellow, status));
  if (!well) scene.out << ": " << text_of(part["title"]);
  if (part["detail"]) scene.out << " (" << text_of(part["detail"]) << ")";
  if (erases && status == "ok") scene.out << ", " << text_of(part["erased"]) << " records erased";
  scene.out << "\n";
  part["kept"].each_element([&](json::Value kept) {
    scene.out << "  stays: " << text_of(kept["what"]) << ", for " << text_of(kept["why"]) << "\n";
  });
}

int ask_for(Scene& scene, const CustomerWords& words, bool erases) {
  for (const std::string& word : words.identifiers) {
    if (is_identifier(word)) continue;
    scene.err << "plugboard: --identifier " << word << ": write it TYPE=VALUE, such as email=ada@example.com\n";
    return 2;
  }
  const auto reply = scene.ask.admin("POST", "/admin/v1/customers/" + words.customer + (erases ? "/erase" : "/export"),
                                     body_of(words));
  if (!reply || reply->status != 200) return refused(scene, reply);
  json::Reader reader;
  const auto report = reader.read(reply->body);
  if (!report) return refused(scene, report.error());
  const bool complete = (*report)["complete"].boolean().value_or(false);
  // An export is for the customer, as it came; a person is told of an erasure.
  if (scene.json || !erases) {
    scene.out << reply->body << "\n";
  } else {
    (*report)["connectors"].each_element([&](json::Value part) { show_part(scene, part, erases); });
    scene.out << "the hub: sessions ended, " << text_of((*report)["hub"]["answers_purged"])
              << " kept answers dropped\n";
  }
  if (!complete)
    scene.err << "plugboard: not complete: a connector failed, or was not asked for want of an identifier\n";
  return complete ? 0 : 1;
}

} // namespace

int customer_export(Scene& scene, const CustomerWords& words) {
  return ask_for(scene, words, false);
}

int customer_erase(Scene& scene, const CustomerWords& words) {
  return ask_for(scene, words, true);
}

} // namespace plugboard::cli
