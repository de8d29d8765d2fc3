// What operators see and end of sessions, over the admin socket.
#include "core/base/url_text.hpp"
#include "core/cli/commands.hpp"
#include "core/cli/listing.hpp"
#include "core/json/writer.hpp"

#include <array>

namespace plugboard::cli {

namespace {

std::string joined_clients(json::Value clients) {
  std::string text;
  clients.each_element([&](json::Value client) { text += (text.empty() ? "" : " ") + text_of(client); });
  return text;
}

} // namespace

bool RevocationWords::names_something() const {
  return !(tenant + session + customer + client + channel + key + before).empty();
}

int session_list(Scene& scene, const RevocationWords& words) {
  std::string query;
  for (const auto& [name, value] : std::array<std::pair<const char*, const std::string&>, 3>{
           {{"tenant", words.tenant}, {"customer", words.customer}, {"client", words.client}}})
    if (!value.empty()) query += (query.empty() ? "?" : "&") + std::string(name) + "=" + url_escaped(value);
  return show_list(scene, scene.ask.admin("GET", "/admin/v1/sessions" + query), "sessions",
                   {"session", "tenant", "customer", "clients", "assurance", "last used", "expires"},
                   [](json::Value s) {
                     return std::vector<std::string>{text_of(s["id"]),        text_of(s["tenant"]),
                                                     text_of(s["customer"]),  joined_clients(s["clients"]),
                                                     text_of(s["assurance"]), text_of(s["last_used_at"]),
                                                     text_of(s["expires_at"])};
                   });
}

int session_revoke_all(Scene& scene, const RevocationWords& words) {
  std::string body;
  {
    json::Writer writer(body);
    writer.begin_object();
    for (const auto& [name, value] :
         std::array<std::pair<const char*, const std::string&>, 7>{{{"tenant", words.tenant},
                                                                    {"session", words.session},
                                                                    {"customer", words.customer},
                                                                    {"client", words.client},
                                                                    {"channel", words.channel},
                                                                    {"key", words.key},
                                                                    {"before", words.before}}})
      if (!value.empty()) writer.member(name, value);
    writer.end_object();
  }
  const auto reply = scene.ask.admin("POST", "/admin/v1/sessions/revoke", std::move(body));
  if (!reply || reply->status != 204) return refused(scene, reply);
  if (scene.json)
    scene.out << "{\"revoked\":true}\n";
  else
    scene.out << "revoked: all that fits is dead from now on\n";
  return 0;
}

} // namespace plugboard::cli
