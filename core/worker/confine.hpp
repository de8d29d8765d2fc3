// What a worker puts on itself before it maps any byte of the plugin: no_new_privs, limits, Landlock, seccomp. What it
// must know for that crosses its exec as words of its command line, as it has no environment and no other descriptor.
// [the worker's only thread]
#pragma once

#include "core/wire/launch.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace plugboard::worker {

struct Confinement {
  std::string connector;              // for people who list processes
  std::string plugin;                 // where its bytes are to be loaded from
  std::vector<std::string> folders;   // granted, as the worker sees them
  std::vector<std::uint16_t> tunnels; // ports on its own loopback; none where that is not its own
  wire::Limits limits;
  std::uint32_t others = 0; // processes beside the worker that count as its user's
  bool own_user = false;    // only they and the worker's threads count as its user's
  std::vector<wire::Layer> without;
};

// argv of the worker: PROGRAM serve CONNECTOR and the rest as one word.
std::vector<std::string> command_line(const Confinement& confinement);
std::optional<Confinement> read_command_line(int argc, char** argv); // nothing: it is not that of a worker

// Applies them; what each layer came to. One that cannot be had is left out, and says why.
std::vector<wire::LayerState> confine(const Confinement& confinement);

} // namespace plugboard::worker
