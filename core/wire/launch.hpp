// What the hub asks of a launcher, and what the launcher made of it: the walls around a worker, by name. Said once, in
// the first frame each way, before any byte of the plugin is looked at. Values.
#pragma once

#include "core/wire/fields.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::wire {

enum class Layer : std::uint8_t { // in the order in which people read of them
  user = 1,                       // a user namespace, and as root a user of the worker's own
  pid,
  network,
  ipc,
  mount,
  landlock,
  seccomp,
  no_new_privs,
  rlimits,
  cgroup,
};

inline constexpr std::size_t kLayers = static_cast<std::size_t>(Layer::cgroup);

inline constexpr std::uint32_t kMostTunnels = 64;

std::string_view name_of(Layer layer); // "user", "no_new_privs"; "" of none
std::optional<Layer> layer_named(std::string_view name);

struct LayerState {
  Layer layer = Layer::user;
  bool present = false;
  std::string why_not; // missing: for the operator, what stood in the way
};

struct Limits { // 0: not limited
  std::uint64_t memory_bytes = 0;
  std::uint32_t threads = 0;
  std::uint32_t descriptors = 0;
  std::uint32_t cpu_percent = 0; // of one core; by the cgroup only
};

struct Launch {
  std::string connector;              // for messages
  std::vector<Layer> without;         // which the operator leaves out
  std::vector<std::string> folders;   // granted, absolute; seen by the worker as folder_in_worker(i), read-only
  std::vector<std::uint16_t> tunnels; // ports of the granted tcp:HOST:PORT; listener i is on tunnel_address(i)
  std::vector<std::string> cgroups;   // folders that the hub made for this worker, one a hierarchy; to be joined
  std::string no_cgroup;              // why there are none
  Limits limits;
  std::uint32_t uid = 0; // as root: the worker's own user, outside; 0: stay who we are
};

struct Launched {
  std::vector<LayerState> layers; // those that the launcher makes
  std::uint32_t pid = 0;          // of the worker, as the hub sees it
  std::uint32_t listeners = 0;    // descriptors that come with the frame, in the order of Launch::tunnels
  std::string refused;            // not empty: it could not be launched at all, and why
};

std::string folder_in_worker(std::size_t index); // "/files/0"
std::string tunnel_address(std::size_t index);   // "127.0.0.1", "127.0.0.2", …

// Appends one frame; reads the body of one. Nothing: it is none.
void write(std::string& out, const Launch& launch);
void write(std::string& out, const Launched& launched);
std::optional<Launch> read_launch(std::string_view body);
std::optional<Launched> read_launched(std::string_view body);

void write_layers(FieldWriter& fields, const std::vector<LayerState>& layers);
bool read_layers(FieldReader& fields, std::vector<LayerState>& layers);

} // namespace plugboard::wire
