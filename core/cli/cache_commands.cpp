// What operators see and drop of kept answers, over the admin socket.
#include "core/cli/commands.hpp"
#include "core/cli/listing.hpp"
#include "core/json/reader.hpp"
#include "core/json/writer.hpp"

#include <array>

namespace plugboard::cli {

int cache_show(Scene& scene) {
  const auto reply = scene.ask.admin("GET", "/admin/v1/cache");
  if (!reply || reply->status != 200) return refused(scene, reply);
  json::Reader reader;
  const auto body = reader.read(reply->body);
  if (!body) return refused(scene, body.error());
  if (scene.json) {
    scene.out << reply->body << "\n";
    return 0;
  }
  const auto number = [&](std::string_view name) { return (*body)[name].integer().value_or(0); };
  scene.out << number("entries") << " answers kept in " << number("bytes") << " of " << number("max_bytes")
            << " bytes; " << number("evictions") << " made room for others\n";
  return 0;
}

int cache_purge(Scene& scene, const PurgeWords& words) {
  std::string text;
  {
    json::Writer writer(text);
    writer.begin_object();
    for (const auto& [name, value] :
         std::array<std::pair<const char*, const std::string&>, 4>{{{"tenant", words.tenant},
                                                                    {"customer", words.customer},
                                                                    {"connector", words.connector},
                                                                    {"section", words.section}}})
      if (!value.empty()) writer.member(name, value);
    writer.end_object();
  }
  const auto reply = scene.ask.admin("POST", "/admin/v1/cache/purge", std::move(text));
  if (!reply || reply->status != 200) return refused(scene, reply);
  json::Reader reader;
  const auto body = reader.read(reply->body);
  if (!body) return refused(scene, body.error());
  if (scene.json)
    scene.out << reply->body << "\n";
  else
    scene.out << "purged: " << (*body)["purged"].integer().value_or(0) << " answers\n";
  return 0;
}

} // namespace plugboard::cli
