// A hub's list as a table: one row for each entry, or the answer as it is with --json.
#pragma once

#include "core/cli/commands.hpp"
#include "core/json/reader.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::cli {

using Row = std::function<std::vector<std::string>(json::Value entry)>;

// reply: of a call that answers 200 with {MEMBER: […]}. Returns the process's exit code.
int show_list(Scene& scene, const Result<Reply>& reply, std::string_view member, const std::vector<std::string>& heads,
              const Row& row);

std::string text_of(json::Value value); // what stands there, harmless; "" for nothing

} // namespace plugboard::cli
