// How the command line's words are put together: a noun, a verb, and what is then to be done.
#pragma once

#include "core/cli/commands.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

namespace plugboard::cli {

using Command = std::function<int(Scene&)>;

inline CLI::App* verb(CLI::App* noun, const std::string& name, const std::string& help, Command run, Command& chosen) {
  auto* command = noun->add_subcommand(name, help);
  command->callback([run = std::move(run), &chosen] { chosen = run; });
  return command;
}

} // namespace plugboard::cli
