// `plugboardd --check`: every fault of a configuration in one go, without running any plugin's code
// or touching the store.
#pragma once

#include "core/daemon/build.hpp"

#include <ostream>
#include <string>

namespace plugboard::daemon {

// Writes a line a fault, "FILE: POINTER: what, and what to do", and a line a warning. Returns the process's exit code.
int check_config(const std::string& path, const ResolveSecret& resolve, std::ostream& out);

// What `plugboard policy … --config` asks of a configuration that no hub runs on, as JSON: what would leave (question:
// {"client", "section", …}), and a table of expectations (a file) held against it.
int explain_config_policy(const std::string& path, const ResolveSecret& resolve, std::string_view question,
                          std::ostream& out);
int test_config_policy(const std::string& path, const ResolveSecret& resolve, const std::string& table,
                       std::ostream& out);

} // namespace plugboard::daemon
