// The words of `plugboard plugin`, for operators (list, info) and for those who write plugins.
#pragma once

#include "core/cli/verb.hpp"

namespace plugboard::cli {

struct PluginWords { // what the arguments fill in
  std::string plugin, file;
  AuthorWords author;
};

void add_plugin(CLI::App& app, PluginWords& words, Command& chosen);

} // namespace plugboard::cli
