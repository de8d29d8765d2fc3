// What `plugin test` and `plugin run` try a plugin with.
#pragma once

#include "core/cli/commands.hpp"
#include "core/conformance/scenario.hpp"

#include <filesystem>

namespace plugboard::cli {

std::filesystem::path sdk_prefix(const AuthorWords& words);

// Its conformance.json, or what its author named; made of the manifest where there is none. Error: what is wrong with
// it.
Result<conformance::Scenario> scenario_for(const AuthorWords& words, const std::filesystem::path& folder,
                                           const connector::Manifest& manifest);

// Error: what is wrong with it.
Result<conformance::Scenario> scenario_at(const std::filesystem::path& place, const connector::Manifest& manifest);

} // namespace plugboard::cli
