// Is what a library's entry gave a table that the hub can call? Pure.
#pragma once

#include "core/base/result.hpp"
#include "core/connector/plugin_file.hpp"

#include <plugboard/abi.h>

namespace plugboard::connector {

// A copy, as long as this hub knows the table; what the plugin's is shorter, is null. Error (malformed): what is wrong,
// with the file's path.
Result<plugboard_connector> check_table(const plugboard_connector* table, const PluginFile& file);

} // namespace plugboard::connector
