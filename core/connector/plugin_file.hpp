// A plugin's file, judged by its bytes: an ELF library for this machine with our note, right ABI, intact manifest. A
// bounds-checked reader; nothing of the file is run or mapped executable.
#pragma once

#include "core/base/result.hpp"
#include "core/connector/manifest.hpp"

#include <string>
#include <string_view>

namespace plugboard::connector {

struct PluginFile {
  std::string path; // absolute
  Manifest manifest;
  std::string build_id; // hex
  std::string sha256;   // of the whole file, hex
  int abi_major = 0, abi_minor = 0;
};

// Error (malformed): what it is instead and what to do, "…/crm.so is not an ELF library", "was built for ABI 2.0; this
// hub speaks 1.0: rebuild it with this hub's SDK".
Result<PluginFile> inspect_plugin(std::string_view bytes, std::string path);
Result<PluginFile> inspect_plugin_file(const std::string& path);

// plugins_dir/NAME/VERSION/NAME.so: the file of that version, or of the highest (SemVer) when version is empty.
// Error: not_found, saying which versions or plugins there are.
Result<std::string> find_plugin(const std::string& plugins_dir, std::string_view name, std::string_view version);
std::vector<std::string> list_plugin_files(const std::string& plugins_dir);

} // namespace plugboard::connector
