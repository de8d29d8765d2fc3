// What was found wrong with a plugin, for people, as JSON, and for machines that run tests (JUnit). Pure.
#pragma once

#include "core/cli/terminal.hpp"
#include "core/conformance/suite.hpp"

#include <string>
#include <vector>

namespace plugboard::cli {

std::string findings_as_json(std::string_view file, const std::vector<conformance::Finding>& findings);
std::string findings_as_text(std::string_view file, const std::vector<conformance::Finding>& findings,
                             const Terminal& terminal);

std::string trials_as_json(std::string_view file, const std::vector<conformance::Trial>& trials);
std::string trials_as_text(std::string_view file, const std::vector<conformance::Trial>& trials,
                           const Terminal& terminal);
std::string trials_as_junit(std::string_view file, const std::vector<conformance::Trial>& trials);

} // namespace plugboard::cli
