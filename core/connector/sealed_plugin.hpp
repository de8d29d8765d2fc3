// The bytes of a plugin that were inspected, in a sealed memory file: what is loaded is what was verified, whatever
// happens to the file meanwhile. [start-up, reload, restart of a worker]
#pragma once

#include "core/base/result.hpp"
#include "core/connector/plugin_file.hpp"

namespace plugboard::connector {

// The caller's descriptor, close-on-exec. Error: the file is not what it was when it was inspected, or the system's.
Result<int> seal_plugin(const PluginFile& file);

} // namespace plugboard::connector
