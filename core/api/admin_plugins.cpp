// The plugins that lie in the hub's folder, usable or not.
#include "core/api/admin_pages.hpp"
#include "core/json/writer.hpp"

namespace plugboard::api {

namespace {

void write_plugin(json::Writer& writer, const connector::PluginFile& plugin, const Generation& generation) {
  const auto& manifest = plugin.manifest;
  writer.member("name", manifest.name).member("version", manifest.version).member("usable", true);
  writer.member("summary", manifest.summary).member("license", manifest.license);
  writer.key("operations").begin_array();
  if (manifest.lookup) writer.value("lookup");
  if (manifest.derive) writer.value("derive");
  if (manifest.authenticate) writer.value("authenticate");
  if (manifest.logout) writer.value("logout");
  if (manifest.export_subject) writer.value("export");
  if (manifest.erase_subject) writer.value("erase");
  writer.end_array();
  writer.member("execution", manifest.execution == connector::Execution::async ? "async" : "blocking");
  writer.member("max_concurrency", manifest.max_concurrency);
  writer.member("abi", std::to_string(plugin.abi_major) + "." + std::to_string(plugin.abi_minor));
  writer.member("build_id", plugin.build_id).member("sha256", plugin.sha256);
  writer.key("used_by").begin_array();
  for (const auto& connector : generation.connectors)
    if (connector->settings().plugin.sha256 == plugin.sha256) writer.value(connector->settings().name);
  writer.end_array();
}

} // namespace

void list_plugins(const AdminVisit& visit, http::Responder responder) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("plugins").begin_array();
  for (const auto& listing : visit.rooms.plugins()) {
    writer.begin_object();
    if (listing.plugin)
      write_plugin(writer, *listing.plugin, *visit.generation);
    else
      writer.member("file", listing.file).member("usable", false).member("fault", listing.plugin.error().message);
    writer.end_object();
  }
  writer.end_array().end_object();
  responder.send(admin_page(std::move(body)));
}

} // namespace plugboard::api
