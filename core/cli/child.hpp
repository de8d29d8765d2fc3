// Another program, run to its end: what it wrote, and how it ended. [one thread]
#pragma once

#include "core/base/result.hpp"

#include <string>
#include <vector>

namespace plugboard::cli {

struct Ran {
  int exit_code = 0;  // 128 and the signal's number when one ended it
  std::string output; // both what it printed and what it complained of, as it came
};

// command: a program, looked for in PATH, and its arguments. Error: it can't be started, with what to install.
Result<Ran> run_program(const std::vector<std::string>& command);

} // namespace plugboard::cli
