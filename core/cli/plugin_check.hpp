// A plugin's file on this machine, held to the rules for files. [any thread]
#pragma once

#include "core/base/result.hpp"
#include "core/conformance/rules.hpp"

#include <string>

namespace plugboard::cli {

Result<conformance::Findings> check_plugin_file(const std::string& file); // error: it can't be read

} // namespace plugboard::cli
