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

int plugin_check(Scene& scene, const std::string& file) {
  const auto bytes = connector::read_file_bytes(file, kMostFileBytes);
  if (!bytes) {
    scene.err << "plugboard: " << bytes.error().message << "\n";
    return 1;
  }
  conformance::Findings findings;
  conformance::check_file(*bytes, library_there, findings);
  if (scene.json)
    scene.out << findings_as_json(file, findings.all()) << "\n";
  else
    scene.out << findings_as_text(file, findings.all(), scene.terminal);
  return findings.all().empty() ? 0 : 1;
}

} // namespace plugboard::cli
