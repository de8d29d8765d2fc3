// A plugin's folder of sources: made from a template of the SDK, and built. [one thread]
#pragma once

#include "core/base/result.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace plugboard::cli {

enum class Template : std::uint8_t { cpp = 1, cpp_login, c };

// Where the SDK lies that was installed with this program: the folder above bin/.
std::filesystem::path own_prefix();

// Makes folder/ from the template below `prefix`, all of it called `name`. The files it wrote; error: what is in the
// way, or that the SDK is not there, and what to do.
Result<std::vector<std::string>> make_plugin_folder(const std::filesystem::path& folder, const std::string& name,
                                                    Template kind, const std::filesystem::path& prefix);

// Configures and builds folder/ into folder/build. The plugin's file; error: what the tools said.
Result<std::string> build_plugin_folder(const std::filesystem::path& folder, const std::filesystem::path& prefix);

} // namespace plugboard::cli
