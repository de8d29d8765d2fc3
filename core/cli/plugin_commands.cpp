#include "core/cli/commands.hpp"
#include "core/cli/listing.hpp"
#include "core/connector/plugin_file.hpp"
#include "core/json/writer.hpp"

#include <filesystem>

namespace plugboard::cli {

namespace {

int show_plugin(Scene& scene, const connector::PluginFile& plugin) {
  const auto& manifest = plugin.manifest;
  const char* execution = manifest.execution == connector::Execution::async ? "async" : "blocking";
  if (scene.json) {
    std::string body;
    json::Writer writer(body);
    writer.begin_object().member("name", manifest.name).member("version", manifest.version);
    writer.member("summary", manifest.summary).member("license", manifest.license).member("execution", execution);
    writer.member("max_concurrency", manifest.max_concurrency)
        .member("build_id", plugin.build_id)
        .member("sha256", plugin.sha256);
    write_texts(writer, "egress", manifest.egress);
    write_texts(writer, "files", manifest.files);
    writer.end_object();
    scene.out << body << "\n";
    return 0;
  }
  scene.out << scene.terminal.paint(Colour::bold, harmless(manifest.name + " " + manifest.version)) << "  "
            << harmless(manifest.summary) << "\n  " << (manifest.lookup ? "lookup " : "")
            << (manifest.derive ? "derive " : "") << (manifest.authenticate ? "authenticate " : "")
            << (manifest.logout ? "logout " : "") << (manifest.export_subject ? "export " : "")
            << (manifest.erase_subject ? "erase " : "") << execution << ", up to " << manifest.max_concurrency
            << " calls at once, ABI " << plugin.abi_major << "." << plugin.abi_minor << "\n  asks for:";
  for (const auto& wish : manifest.egress) scene.out << " " << harmless(wish);
  for (const auto& wish : manifest.files) scene.out << " " << harmless(wish);
  scene.out << "\n  build-id " << plugin.build_id << "\n  sha256 " << plugin.sha256 << "\n";
  return 0;
}

} // namespace

int plugin_list(Scene& scene) {
  return show_list(
      scene, scene.ask.admin("GET", "/admin/v1/plugins"), "plugins", {"plugin", "version", "operations", "used by", ""},
      [](json::Value p) {
        if (!p["usable"].boolean().value_or(false))
          return std::vector<std::string>{text_of(p["file"]), "", "", "", "unusable: " + text_of(p["fault"])};
        return std::vector<std::string>{text_of(p["name"]), text_of(p["version"]), joined(p["operations"]),
                                        joined(p["used_by"]), text_of(p["summary"])};
      });
}

// A file is judged here and now, without running any of it; a name is looked up in the hub.
int plugin_info(Scene& scene, const std::string& plugin) {
  if (plugin.find('/') != std::string::npos || std::filesystem::exists(plugin)) {
    auto file = connector::inspect_plugin_file(std::filesystem::absolute(plugin).string());
    if (file) return show_plugin(scene, *file);
    scene.err << "plugboard: " << file.error().message << "\n";
    return 1;
  }
  return show_one(scene, scene.ask.admin("GET", "/admin/v1/plugins"), "plugin", plugin, [&](json::Value entry) {
    return scene.terminal.paint(Colour::bold, plugin + " " + text_of(entry["version"])) + "  " +
           text_of(entry["summary"]) + "\n  " + joined(entry["operations"]) + " " + text_of(entry["execution"]) +
           ", ABI " + text_of(entry["abi"]) + "\n  used by: " + joined(entry["used_by"]) + "\n  build-id " +
           text_of(entry["build_id"]) + "\n  sha256 " + text_of(entry["sha256"]) + "\n";
  });
}

} // namespace plugboard::cli
