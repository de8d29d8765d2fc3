#include "core/conformance/rules.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace plugboard::conformance {
namespace {

constexpr std::size_t kMostFindings = 200;
constexpr std::size_t kMostSeen = 600; // bytes

constexpr std::array kRules = {
    // Read from the file, before any of it runs.
    Rule{"file.library", "It is a shared ELF library for this kind of machine, and whole.",
         "Build it here with plugboard_add_plugin(), and copy it whole."},
    Rule{"note.missing", "It carries a plugboard note.",
         "Build it with plugboard_add_plugin(), which writes manifest and ABI into the file."},
    Rule{"note.intact", "It carries one note, whose hash is that of its bytes.",
         "Build it again, and change nothing in the file after that."},
    Rule{"abi.major", "It was built for the ABI's major version that this hub speaks.",
         "Build it with an SDK of this hub's version."},
    Rule{"abi.draft", "While the ABI is a draft: it was built with exactly this hub's abi.h.",
         "Build it with this hub's own SDK."},
    Rule{"manifest.json", "Its note holds JSON that can be relied on: no member stands twice.",
         "Mend manifest.json or config.schema.json there."},
    Rule{"manifest.schema", "Its manifest follows manifest.schema.json.", "Mend manifest.json there."},
    Rule{"manifest.identifiers", "Identifier types are published ones, or of the form CONNECTOR.NAME.",
         "Write a published type, or \".NAME\" for one of this connector's own."},
    Rule{"manifest.shapes", "Sections follow shapes that this hub knows.",
         "Name a published shape; record/v1 takes any object."},
    Rule{"manifest.hub", "This hub takes its manifest.", "Mend manifest.json as it is said."},
    Rule{"config.schema", "Its configuration's schema is JSON Schema 2020-12, of the part that a hub enforces.",
         "Mend config.schema.json there; a keyword that can't be enforced is better said in a description."},
    Rule{"symbols.entry", "It exports plugboard_connector_entry_v1.",
         "End one source file with PLUGBOARD_EXPORT(…), or define that function in C."},
    Rule{
        "symbols.exported", "It exports nothing else.",
        "Link it with the SDK's version script, as plugboard_add_plugin() does: what else is exported can stand in for "
        "another library's."},
    Rule{"symbols.unique", "None of its symbols is unique to the process.",
         "Compile with -fno-gnu-unique and link with the SDK's version script: two plugins would share that variable."},
    Rule{"link.needed", "It needs only libraries of the distribution, by their names.",
         "Link what else it needs statically: a worker's sandbox has the system's libraries only."},
    Rule{"link.search_path", "It names no folder to look for libraries in.",
         "Set CMAKE_SKIP_RPATH, or link without -rpath: such a folder is of the machine it was built on."},
    Rule{"link.stack", "Its stack is not executable.",
         "Give each assembler source a .note.GNU-stack section, and link without -z execstack."},
    Rule{"link.text_relocations", "Its code is not written to when it is loaded.",
         "Compile all of it with -fPIC, and link without -z notext."},
    Rule{"link.build_id", "It has a build-id.", "Link with -Wl,--build-id=sha1, as plugboard_add_plugin() does."},
};

} // namespace

std::span<const Rule> rules() {
  return kRules;
}

const Rule& rule(std::string_view id) {
  const auto* found = std::find_if(kRules.begin(), kRules.end(), [&](const Rule& each) { return each.id == id; });
  assert(found != kRules.end());
  return *found;
}

void Findings::add(std::string_view rule, std::string seen, std::string where) {
  if (all_.size() >= kMostFindings) return;
  if (seen.size() > kMostSeen) seen = seen.substr(0, kMostSeen) + "…";
  all_.push_back({conformance::rule(rule).id, std::move(where), std::move(seen)});
}

bool Findings::has(std::string_view rule) const {
  return std::any_of(all_.begin(), all_.end(), [&](const Finding& finding) { return finding.rule == rule; });
}

} // namespace plugboard::conformance
