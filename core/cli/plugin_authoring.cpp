#include "core/base/ids.hpp"
#include "core/cli/commands.hpp"
#include "core/cli/plugin_folder.hpp"
#include "core/cli/plugin_scenario.hpp"
#include "core/json/writer.hpp"

namespace plugboard::cli {
namespace {

int complain(Scene& scene, const Error& error) {
  scene.err << "plugboard: " << error.message << (error.message.ends_with('\n') ? "" : "\n");
  return 1;
}

} // namespace

int plugin_new(Scene& scene, const AuthorWords& words) {
  if (!is_connector_name(words.name)) {
    scene.err << "plugboard: a plugin's name is a small letter, then up to 31 small letters, digits or _\n";
    return 2;
  }
  if (words.login && words.language == "c") {
    scene.err << "plugboard: --login has a template in C++ only\n";
    return 2;
  }
  const auto kind = words.login ? Template::cpp_login : words.language == "c" ? Template::c : Template::cpp;
  const auto written = make_plugin_folder(words.name, words.name, kind, sdk_prefix(words));
  if (!written) return complain(scene, written.error());
  if (scene.json) {
    std::string body;
    json::Writer writer(body);
    writer.begin_object().member("folder", words.name).key("files").begin_array();
    for (const auto& file : *written) writer.value(file);
    writer.end_array().end_object();
    scene.out << body << "\n";
    return 0;
  }
  for (const auto& file : *written) scene.out << file << "\n";
  scene.out << "Next: plugboard plugin build " << words.name << "\n";
  return 0;
}

int plugin_build(Scene& scene, const AuthorWords& words) {
  const auto file = build_plugin_folder(std::filesystem::absolute(words.folder).lexically_normal(), sdk_prefix(words));
  if (!file) return complain(scene, file.error());
  if (!scene.json) {
    scene.out << *file << "\n";
    return 0;
  }
  std::string body;
  json::Writer writer(body);
  writer.begin_object().member("file", *file).end_object();
  scene.out << body << "\n";
  return 0;
}

} // namespace plugboard::cli
