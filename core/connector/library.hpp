// A plugin's library, mapped for good. What is mapped are the bytes that were inspected, in a sealed memory file of its
// own: two connectors that run at one time share nothing, and a file that is replaced meanwhile changes nothing.
// Boost.DLL lives behind it. [start-up and reload]
#pragma once

#include "core/base/result.hpp"
#include "core/connector/plugin_file.hpp"

#include <plugboard/abi.h>

namespace plugboard::connector {

// The table that the library's entry gave, unchecked (see check_table). Error: what is wrong with the file, and what to
// do. Never unloaded: a plugin may have left threads and destructors behind, and the same name would be the old code.
Result<const plugboard_connector*> load_library(const PluginFile& file);

// The same of bytes that somebody else verified and put at `where`, an absolute path. shown: how messages call it.
Result<const plugboard_connector*> map_library(const std::string& where, const std::string& shown);

} // namespace plugboard::connector
