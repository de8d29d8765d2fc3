// plugins_dir: which plugins lie there, and which file is meant by a name and a version.
#include "core/base/ids.hpp"
#include "core/base/names_in.hpp"
#include "core/connector/plugin_file.hpp"
#include "core/connector/semver.hpp"

#include <filesystem>

namespace plugboard::connector {
namespace {

namespace fs = std::filesystem;

struct Candidate {
  SemVer version;
  std::string text; // the version as the folder is called
  std::string path;
};

// None when it can't be read.
std::vector<std::string> folders_in(const fs::path& folder) {
  auto names = names_in(folder.string());
  if (!names) return {};
  std::erase_if(*names, [&](const std::string& name) {
    std::error_code no;
    return !fs::is_directory(folder / name, no);
  });
  return std::move(*names);
}

std::vector<Candidate> candidates(const std::string& plugins_dir, std::string_view name) { // lowest version first
  std::vector<Candidate> found;
  const fs::path folder = fs::path(plugins_dir) / name;
  for (const std::string& text : folders_in(folder)) {
    const auto version = SemVer::parse(text);
    const fs::path file = folder / text / (std::string(name) + ".so");
    std::error_code ignored;
    if (version && fs::is_regular_file(file, ignored))
      found.push_back({*version, text, fs::absolute(file, ignored).string()});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Candidate& a, const Candidate& b) { return a.version < b.version; });
  return found;
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::vector<std::string> plugin_names(const std::string& plugins_dir) {
  std::vector<std::string> names;
  for (const std::string& name : folders_in(plugins_dir))
    if (is_connector_name(name) && !candidates(plugins_dir, name).empty()) names.push_back(name);
  return names;
}

Error no_such_plugin(const std::string& plugins_dir, std::string_view name) {
  const auto names = plugin_names(plugins_dir);
  const std::string there = names.empty()
                                ? "there is no plugin at all: is this the right plugins_dir, and was it built?"
                                : "there are: " + listed(names);
  return fail(Code::not_found, "no plugin \"" + std::string(name) + "\" in " + plugins_dir + " (a plugin lies at " +
                                   "NAME/VERSION/NAME.so); " + there);
}

} // namespace

Result<std::string> find_plugin(const std::string& plugins_dir, std::string_view name, std::string_view version) {
  if (!is_connector_name(name)) return no_such_plugin(plugins_dir, name);
  const auto found = candidates(plugins_dir, name);
  if (found.empty()) return no_such_plugin(plugins_dir, name);
  if (version.empty()) return found.back().path;
  std::vector<std::string> versions;
  for (const Candidate& candidate : found) {
    if (candidate.text == version) return candidate.path;
    versions.push_back(candidate.text);
  }
  return fail(Code::not_found, "plugin \"" + std::string(name) + "\" has no version " + std::string(version) + " in " +
                                   plugins_dir + "; there are: " + listed(versions));
}

std::vector<std::string> list_plugin_files(const std::string& plugins_dir) {
  std::vector<std::string> files;
  for (const std::string& name : plugin_names(plugins_dir))
    for (const Candidate& candidate : candidates(plugins_dir, name)) files.push_back(candidate.path);
  return files;
}

} // namespace plugboard::connector
