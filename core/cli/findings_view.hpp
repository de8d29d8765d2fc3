// What was found wrong with a plugin, for people, as JSON, and for machines that run tests (JUnit). Pure.
#pragma once

#include "core/cli/terminal.hpp"
#include "core/conformance/rules.hpp"

#include <string>
#include <vector>

namespace plugboard::cli {

std::string findings_as_json(std::string_view file, const std::vector<conformance::Finding>& findings);
std::string findings_as_text(std::string_view file, const std::vector<conformance::Finding>& findings,
                             const Terminal& terminal);

} // namespace plugboard::cli
