#include "core/cli/plugin_check.hpp"
#include "core/cli/commands.hpp"
#include "core/cli/findings_view.hpp"
#include "core/conformance/check_file.hpp"
#include "core/connector/file_bytes.hpp"
#include "core/connector/library_folders.hpp"

#include <algorithm>
#include <filesystem>

namespace plugboard::cli {
namespace {

constexpr std::size_t kMostFileBytes = std::size_t{512} << 20;

#if defined(__x86_64__)
constexpr const char* kOfThisMachine = "x86_64-linux-gnu";
#elif defined(__aarch64__)
constexpr const char* kOfThisMachine = "aarch64-linux-gnu";
#else
constexpr const char* kOfThisMachine = "riscv64-linux-gnu";
#endif

bool library_there(std::string_view name) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  return std::any_of(connector::kLibraryFolders.begin(), connector::kLibraryFolders.end(), [&](const char* folder) {
    return fs::exists(fs::path(folder) / name, ignored) ||
           fs::exists(fs::path(folder) / kOfThisMachine / name, ignored);
  });
}

} // namespace

Result<conformance::Findings> check_plugin_file(const std::string& file) {
  const auto bytes = connector::read_file_bytes(file, kMostFileBytes);
  if (!bytes) return bytes.error();
  conformance::Findings findings;
  conformance::check_file(*bytes, library_there, findings);
  return findings;
}

int plugin_check(Scene& scene, const std::string& file) {
  const auto checked = check_plugin_file(file);
  if (!checked) {
    scene.err << "plugboard: " << checked.error().message << "\n";
    return 1;
  }
  const auto& findings = *checked;
  if (scene.json)
    scene.out << findings_as_json(file, findings.all()) << "\n";
  else
    scene.out << findings_as_text(file, findings.all(), scene.terminal);
  return findings.all().empty() ? 0 : 1;
}

} // namespace plugboard::cli
