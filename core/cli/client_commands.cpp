// plugboard client …: agent tools that may ask.
#include "core/cli/commands.hpp"
#include "core/cli/listing.hpp"
#include "core/json/reader.hpp"
#include "core/json/writer.hpp"

namespace plugboard::cli {

namespace {

void write_limits(json::Writer& writer, const ClientWords& words) {
  if (words.per_second) {
    writer.key("rate_limit").begin_object().member("per_second", *words.per_second);
    if (words.burst) writer.member("burst", *words.burst);
    writer.end_object();
  }
  if (words.contexts_per_day)
    writer.key("quota").begin_object().member("contexts_per_day", *words.contexts_per_day).end_object();
}

std::string path_of(const ClientWords& words, std::string_view verb = "") { // whose id is one of ours: see check_id
  return "/admin/v1/clients/" + words.id + std::string(verb) + (words.tenant.empty() ? "" : "?tenant=" + words.tenant);
}

// What the hub said of a client with a new key.
int show_key(Scene& scene, const Reply& reply, std::string_view done) {
  if (scene.json) {
    scene.out << reply.body << "\n";
    return 0;
  }
  json::Reader reader;
  auto page = reader.read(reply.body);
  if (!page) return refused(scene, page.error());
  scene.out << done << " " << text_of((*page)["client"]["id"]) << "; its key, shown this once:\n"
            << text_of((*page)["key"]) << "\n";
  if (const auto until = (*page)["old_key_until"])
    scene.out << "The key before is good until " << text_of(until) << ".\n";
  return 0;
}

} // namespace

int client_list(Scene& scene) {
  return show_list(scene, scene.ask.admin("GET", "/admin/v1/clients"), "clients",
                   {"client", "tenant", "channel", "purpose", "from", "sections", "scopes"}, [](json::Value c) {
                     return std::vector<std::string>{text_of(c["id"]),      text_of(c["tenant"]), text_of(c["channel"]),
                                                     text_of(c["purpose"]), text_of(c["from"]),   joined(c["sections"]),
                                                     joined(c["scopes"])};
                   });
}

int client_add(Scene& scene, const ClientWords& words) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().member("id", words.id);
  if (!words.tenant.empty()) writer.member("tenant", words.tenant);
  if (!words.channel.empty()) writer.member("channel", words.channel);
  if (!words.purpose.empty()) writer.member("purpose", words.purpose);
  write_texts(writer, "sections", words.sections);
  write_texts(writer, "scopes", words.scopes);
  write_limits(writer, words);
  writer.end_object();
  const auto reply = scene.ask.admin("POST", "/admin/v1/clients", std::move(body));
  return reply && reply->status == 201 ? show_key(scene, *reply, "added") : refused(scene, reply);
}

int client_rotate(Scene& scene, const ClientWords& words) {
  std::string body;
  json::Writer(body).begin_object().member("overlap_s", words.overlap_s).end_object();
  const auto reply = scene.ask.admin("POST", path_of(words, "/rotate"), std::move(body));
  return reply && reply->status == 200 ? show_key(scene, *reply, "rotated") : refused(scene, reply);
}

int client_remove(Scene& scene, const ClientWords& words) {
  const auto reply = scene.ask.admin("DELETE", path_of(words));
  if (!reply || reply->status != 204) return refused(scene, reply);
  if (scene.json)
    scene.out << "{\"removed\":true}\n";
  else
    scene.out << "removed: its keys are good for nothing, its sessions have ended\n";
  return 0;
}

} // namespace plugboard::cli
