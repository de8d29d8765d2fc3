// A connector as people look at it: what it is, how far it is kept from the hub, and how its worker fared. Pure.
#pragma once

#include "core/base/clock.hpp"
#include "core/cli/terminal.hpp"
#include "core/json/reader.hpp"

#include <string>
#include <vector>

namespace plugboard::cli {

std::vector<std::string> connector_heads();
std::vector<std::string> connector_row(json::Value connector); // of the admin API

std::string view_connector(json::Value connector, const Terminal& terminal, WallTime now);

} // namespace plugboard::cli
