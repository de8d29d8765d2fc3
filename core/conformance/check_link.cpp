#include "core/conformance/check_link.hpp"

#include <plugboard/abi.h>

#include <algorithm>

namespace plugboard::conformance {
namespace {

constexpr std::size_t kMostNames = 5;

// "a, b, c and 40 more"
std::string some_of(const std::vector<std::string_view>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMostNames); ++i)
    text += (i == 0 ? "" : ", ") + std::string(names[i].substr(0, 80));
  if (names.size() > kMostNames) text += " and " + std::to_string(names.size() - kMostNames) + " more";
  return text;
}

void check_exports(const std::vector<ElfExport>& exports, Findings& findings) {
  bool entry = false;
  std::vector<std::string_view> others, unique;
  for (const auto& each : exports) {
    if (each.unique)
      unique.push_back(each.name); // said once, not under symbols.exported again
    else if (each.name == PLUGBOARD_ENTRY_SYMBOL)
      entry = true;
    else
      others.push_back(each.name);
  }
  if (!entry) findings.add("symbols.entry", "It exports no " PLUGBOARD_ENTRY_SYMBOL ".");
  if (!others.empty()) findings.add("symbols.exported", "It exports " + some_of(others) + ".");
  if (!unique.empty()) findings.add("symbols.unique", "Unique in the whole process: " + some_of(unique) + ".");
}

} // namespace

void check_link(const ElfLibrary& library, const LibraryThere& library_there, Findings& findings) {
  check_exports(library.exports, findings);
  for (const auto name : library.needed) {
    if (name.find('/') != std::string_view::npos)
      findings.add("link.needed", "It needs a library by its path: " + std::string(name) + ".");
    else if (!library_there(name))
      findings.add("link.needed", "It needs " + std::string(name) + ", which is not among the system's libraries.");
  }
  for (const auto path : library.search_paths)
    findings.add("link.search_path", "It would have libraries looked for in \"" + std::string(path) + "\".");
  if (library.executable_stack) findings.add("link.stack", "It asks for an executable stack.");
  if (library.text_relocations) findings.add("link.text_relocations", "It has relocations within its code.");
}

} // namespace plugboard::conformance
