#include "core/wire/launch.hpp"

#include "core/wire/frame.hpp"

#include <array>

namespace plugboard::wire {
namespace {

constexpr std::uint32_t kMostEntries = 256;

constexpr std::array<std::string_view, kLayers> kNames{"user",     "pid",     "network",      "ipc",     "mount",
                                                       "landlock", "seccomp", "no_new_privs", "rlimits", "cgroup"};

bool read_layer(FieldReader& fields, Layer& layer) {
  layer = static_cast<Layer>(fields.u8());
  return !name_of(layer).empty();
}

void write_texts(FieldWriter& fields, const std::vector<std::string>& texts) {
  fields.u32(static_cast<std::uint32_t>(texts.size()));
  for (const std::string& text : texts) fields.text(text);
}

void read_texts(FieldReader& fields, std::vector<std::string>& texts) {
  for (std::uint32_t left = fields.count(kMostEntries, 4); left > 0; --left) texts.emplace_back(fields.text());
}

void write_limits(FieldWriter& fields, const Limits& limits) {
  fields.u64(limits.memory_bytes);
  fields.u32(limits.threads);
  fields.u32(limits.descriptors);
  fields.u32(limits.cpu_percent);
}

Limits read_limits(FieldReader& fields) {
  Limits limits;
  limits.memory_bytes = fields.u64();
  limits.threads = fields.u32();
  limits.descriptors = fields.u32();
  limits.cpu_percent = fields.u32();
  return limits;
}

} // namespace

std::string_view name_of(Layer layer) {
  const auto index = static_cast<std::size_t>(layer);
  return index >= 1 && index <= kLayers ? kNames[index - 1] : std::string_view();
}

std::optional<Layer> layer_named(std::string_view name) {
  for (std::size_t i = 0; i < kLayers; ++i)
    if (kNames[i] == name) return static_cast<Layer>(i + 1);
  return std::nullopt;
}

std::string folder_in_worker(std::size_t index) {
  return "/files/" + std::to_string(index);
}

std::string tunnel_address(std::size_t index) {
  return "127.0.0." + std::to_string(index + 1);
}

void write_layers(FieldWriter& fields, const std::vector<LayerState>& layers) {
  fields.u32(static_cast<std::uint32_t>(layers.size()));
  for (const LayerState& state : layers) {
    fields.u8(static_cast<std::uint8_t>(state.layer));
    fields.flag(state.present);
    fields.text(state.why_not);
  }
}

bool read_layers(FieldReader& fields, std::vector<LayerState>& layers) {
  for (std::uint32_t left = fields.count(kLayers, 6); left > 0; --left) {
    LayerState state;
    if (!read_layer(fields, state.layer)) return false;
    state.present = fields.flag();
    state.why_not = fields.text();
    layers.push_back(std::move(state));
  }
  return fields.sound();
}

void write(std::string& out, const Launch& launch) {
  FrameWriter frame(out, Type::launch);
  frame.u32(kVersion);
  frame.text(launch.connector);
  frame.u32(static_cast<std::uint32_t>(launch.without.size()));
  for (const Layer layer : launch.without) frame.u8(static_cast<std::uint8_t>(layer));
  write_texts(frame, launch.folders);
  frame.u32(static_cast<std::uint32_t>(launch.tunnels.size()));
  for (const std::uint16_t port : launch.tunnels) frame.u16(port);
  write_texts(frame, launch.cgroups);
  frame.text(launch.no_cgroup);
  write_limits(frame, launch.limits);
  frame.u32(launch.uid);
}

std::optional<Launch> read_launch(std::string_view body) {
  FieldReader fields(body);
  if (fields.u32() != kVersion) return std::nullopt;
  Launch launch;
  launch.connector = fields.text();
  for (std::uint32_t left = fields.count(kLayers, 1); left > 0; --left)
    if (!read_layer(fields, launch.without.emplace_back())) return std::nullopt;
  read_texts(fields, launch.folders);
  for (std::uint32_t left = fields.count(kMostTunnels, 2); left > 0; --left) launch.tunnels.push_back(fields.u16());
  read_texts(fields, launch.cgroups);
  launch.no_cgroup = fields.text();
  launch.limits = read_limits(fields);
  launch.uid = fields.u32();
  return fields.finished() ? std::optional(std::move(launch)) : std::nullopt;
}

void write(std::string& out, const Launched& launched) {
  FrameWriter frame(out, Type::launched);
  write_layers(frame, launched.layers);
  frame.u32(launched.pid);
  frame.u32(launched.listeners);
  frame.text(launched.refused);
}

std::optional<Launched> read_launched(std::string_view body) {
  FieldReader fields(body);
  Launched launched;
  if (!read_layers(fields, launched.layers)) return std::nullopt;
  launched.pid = fields.u32();
  launched.listeners = fields.u32();
  launched.refused = fields.text();
  return fields.finished() ? std::optional(std::move(launched)) : std::nullopt;
}

} // namespace plugboard::wire
