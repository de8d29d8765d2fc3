// scan_artifacts FOLDER: looks through what all hubs of a test run left there (tests/support/artifacts.hpp) for what
// must not stand in it. Leaves with 0 when nothing does, with 1 when something does or when there was nothing to look
// through.
#include "tests/support/artifacts.hpp"
#include "tests/support/temp_folder.hpp"

#include <cstdio>
#include <exception>
#include <filesystem>

namespace {

namespace fs = std::filesystem;
using namespace plugboard::test;

struct Scanned {
  std::size_t hubs = 0, files = 0, bytes = 0, canaries = 0;
  std::vector<Finding> findings;
};

void scan_hub(const fs::path& folder, Scanned& scanned) {
  const auto canaries = canaries_in(read_text(folder / "canaries"));
  const CanaryScanner scanner(canaries);
  ++scanned.hubs;
  scanned.canaries += canaries.size();
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    if (!entry.is_regular_file() || name == "canaries") continue;
    const auto text = read_text(entry.path());
    ++scanned.files;
    scanned.bytes += text.size();
    scanner.scan(text, entry.path(), name.starts_with("plugboard.db"), scanned.findings);
  }
}

int scan(const fs::path& folder) {
  Scanned scanned;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_directory() && fs::exists(entry.path() / "canaries")) scan_hub(entry.path(), scanned);
  for (const auto& finding : scanned.findings)
    std::printf("%s holds %s, %s\n", finding.where.c_str(), finding.canary.c_str(), finding.how.c_str());
  std::printf("%zu values looked for in %zu files (%zu kB) that %zu hubs left: %zu found\n", scanned.canaries,
              scanned.files, scanned.bytes / 1024, scanned.hubs, scanned.findings.size());
  if (scanned.canaries == 0) std::printf("that is no scan: run the tests with PLUGBOARD_ARTIFACTS set first\n");
  return scanned.findings.empty() && scanned.canaries > 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 2) return scan(argv[1]);
    std::fprintf(stderr, "usage: scan_artifacts FOLDER\n");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "scan_artifacts: %s\n", error.what());
  }
  return 2;
}
