#include "core/cli/plugin_folder.hpp"

#include "core/cli/child.hpp"
#include "core/connector/file_bytes.hpp"
#include "core/json/document.hpp"

#include <algorithm>
#include <fstream>

namespace plugboard::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostTextBytes = std::size_t{1} << 20;

struct Names { // of a template, as they stand in its files
  const char* folder;
  const char* name;
  const char* type; // "" when it has none
};

Names names_of(Template kind) {
  switch (kind) {
  case Template::cpp:
    return {"template", "hello", "Hello"};
  case Template::cpp_login:
    return {"template_login", "verify", "Verify"};
  case Template::c:
    return {"template_c", "minimal_c", ""};
  }
  return {"template", "hello", "Hello"};
}

// "acme_crm" is AcmeCrmConnector: a name that no class of the SDK has.
std::string type_name(const std::string& name) {
  std::string type;
  bool begins = true;
  for (const char c : name) {
    if (c != '_') type += begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    begins = c == '_';
  }
  return type + "Connector";
}

std::string replaced(std::string text, std::string_view was, const std::string& is) {
  if (was.empty()) return text;
  for (auto at = text.find(was); at != std::string::npos; at = text.find(was, at + is.size()))
    text.replace(at, was.size(), is);
  return text;
}

Error no_sdk(const fs::path& place) {
  return fail(Code::not_found, "the SDK's template " + place.string() +
                                   " is not there: install the SDK (libplugboard-dev, or cmake --install), or say its "
                                   "prefix with --sdk");
}

bool has_program(const char* name) {
  const auto ran = run_program({name, "--version"});
  return ran && ran->exit_code == 0;
}

Result<void> run_step(const std::vector<std::string>& command, const char* what) {
  const auto ran = run_program(command);
  if (!ran) return ran.error();
  if (ran->exit_code != 0) return fail(Code::invalid_argument, std::string(what) + " failed:\n" + ran->output);
  return {};
}

// Where plugboard_add_plugin() puts what manifest.json names.
Result<std::string> built_file(const fs::path& folder, const fs::path& build) {
  const auto text = connector::read_file_bytes((folder / "manifest.json").string(), kMostTextBytes);
  if (!text) return text.error();
  const auto manifest = json::read_document(*text, false);
  const auto* name = json::member(manifest.tree, "name");
  const auto* version = json::member(manifest.tree, "version");
  if (name == nullptr || version == nullptr)
    return fail(Code::malformed, (folder / "manifest.json").string() + ": must be an object with name and version");
  const std::string called(json::text_of(*name));
  auto file = build / "plugins" / called / json::text_of(*version) / (called + ".so");
  if (fs::exists(file)) return file.string();
  return fail(Code::not_found, "the build made no " + file.string() +
                                   ": CMakeLists.txt there must say plugboard_add_plugin(" + called + " …)");
}

} // namespace

fs::path own_prefix() {
  std::error_code ignored;
  return fs::read_symlink("/proc/self/exe", ignored).parent_path().parent_path();
}

Result<std::vector<std::string>> make_plugin_folder(const fs::path& folder, const std::string& name, Template kind,
                                                    const fs::path& prefix) {
  const Names names = names_of(kind);
  const auto source = prefix / "share/plugboard" / names.folder;
  std::error_code error;
  if (!fs::is_directory(source, error)) return no_sdk(source);
  if (fs::exists(folder, error) && !fs::is_empty(folder, error))
    return fail(Code::conflict,
                folder.string() + " is there already, and not empty: choose another name, or remove it");
  fs::create_directories(folder, error);
  std::vector<std::string> written;
  for (const auto& entry : fs::directory_iterator(source, error)) {
    auto text = connector::read_file_bytes(entry.path().string(), kMostTextBytes);
    if (!text) return text.error();
    *text = replaced(replaced(std::move(*text), names.type, type_name(name)), names.name, name);
    const auto file = folder / replaced(entry.path().filename().string(), names.name, name);
    if (!(std::ofstream(file) << *text)) return fail(Code::io, file.string() + " can't be written");
    written.push_back(file.string());
  }
  if (!(std::ofstream(folder / ".gitignore") << "/build/\n"))
    return fail(Code::io, (folder / ".gitignore").string() + " can't be written");
  std::sort(written.begin(), written.end());
  return written;
}

Result<std::string> build_plugin_folder(const fs::path& folder, const fs::path& prefix) {
  if (!fs::exists(folder / "CMakeLists.txt") || !fs::exists(folder / "manifest.json"))
    return fail(Code::not_found, folder.string() +
                                     " is no plugin's folder: it has no CMakeLists.txt and manifest.json; "
                                     "plugboard plugin new NAME makes one");
  const auto build = folder / "build";
  std::vector<std::string> configure = {"cmake", "-S",           folder.string(),
                                        "-B",    build.string(), "-DCMAKE_PREFIX_PATH=" + prefix.string()};
  if (!fs::exists(build / "CMakeCache.txt")) { // what its author chose there stays
    configure.emplace_back("-DCMAKE_BUILD_TYPE=Release");
    if (has_program("ninja")) configure.insert(configure.end(), {"-G", "Ninja"});
  }
  if (auto done = run_step(configure, "configuring it with cmake"); !done) return done.error();
  if (auto done = run_step({"cmake", "--build", build.string()}, "building it"); !done) return done.error();
  return built_file(folder, build);
}

} // namespace plugboard::cli
