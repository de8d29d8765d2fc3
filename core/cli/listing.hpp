// A hub's list as a table, or one entry of it in full; the JSON as it is with --json.
#pragma once

#include "core/cli/commands.hpp"
#include "core/json/reader.hpp"
#include "core/json/writer.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::cli {

using Row = std::function<std::vector<std::string>(json::Value entry)>;
using InFull = std::function<std::string(json::Value entry)>;

// reply: of a call that answers 200 with {MEMBER: […]}. Returns the process's exit code.
int show_list(Scene& scene, const Result<Reply>& reply, std::string_view member, const std::vector<std::string>& heads,
              const Row& row);

// The entry that is called `name`, of a call that answers 200 with {KINDs: [{"name": …}]}. kind: "plugin". Returns the
// process's exit code; 1 when there is none of that name.
int show_one(Scene& scene, const Result<Reply>& reply, const std::string& kind, const std::string& name,
             const InFull& view);

std::string text_of(json::Value value); // what stands there, harmless; "" for nothing
std::string joined(json::Value array);  // its elements as text_of() has them, a blank between
void write_texts(json::Writer& writer, std::string_view name, const std::vector<std::string>& texts); // a member

} // namespace plugboard::cli
