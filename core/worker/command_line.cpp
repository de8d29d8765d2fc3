#include "core/wire/fields.hpp"
#include "core/worker/confine.hpp"

#include <string_view>

namespace plugboard::worker {
namespace {

constexpr std::string_view kServe = "serve", kDigits = "0123456789abcdef";
constexpr std::uint32_t kMostEntries = 256;

std::string to_hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    text += kDigits[static_cast<unsigned char>(c) >> 4];
    text += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = kDigits.find(text[i]), low = kDigits.find(text[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

std::optional<Confinement> read_confinement(std::string_view bytes) {
  wire::FieldReader fields(bytes);
  Confinement confinement;
  confinement.plugin = fields.text();
  for (auto left = fields.count(kMostEntries, 4); left > 0; --left) confinement.folders.emplace_back(fields.text());
  for (auto left = fields.count(wire::kMostTunnels, 2); left > 0; --left) confinement.tunnels.push_back(fields.u16());
  confinement.limits.memory_bytes = fields.u64();
  confinement.limits.threads = fields.u32();
  confinement.limits.descriptors = fields.u32();
  confinement.limits.cpu_percent = fields.u32();
  confinement.others = fields.u32();
  confinement.own_user = fields.flag();
  for (auto left = fields.count(wire::kLayers, 1); left > 0; --left)
    confinement.without.push_back(static_cast<wire::Layer>(fields.u8()));
  return fields.finished() ? std::optional(std::move(confinement)) : std::nullopt;
}

} // namespace

std::vector<std::string> command_line(const Confinement& confinement) {
  std::string bytes;
  wire::FieldWriter fields(bytes);
  fields.text(confinement.plugin);
  fields.u32(static_cast<std::uint32_t>(confinement.folders.size()));
  for (const std::string& folder : confinement.folders) fields.text(folder);
  fields.u32(static_cast<std::uint32_t>(confinement.tunnels.size()));
  for (const std::uint16_t port : confinement.tunnels) fields.u16(port);
  fields.u64(confinement.limits.memory_bytes);
  fields.u32(confinement.limits.threads);
  fields.u32(confinement.limits.descriptors);
  fields.u32(confinement.limits.cpu_percent);
  fields.u32(confinement.others);
  fields.flag(confinement.own_user);
  fields.u32(static_cast<std::uint32_t>(confinement.without.size()));
  for (const wire::Layer layer : confinement.without) fields.u8(static_cast<std::uint8_t>(layer));
  return {"plugboard-worker", std::string(kServe), confinement.connector, to_hex(bytes)};
}

std::optional<Confinement> read_command_line(int argc, char** argv) {
  if (argc != 4 || argv[1] != kServe) return std::nullopt;
  const auto bytes = from_hex(argv[3]);
  auto confinement = bytes ? read_confinement(*bytes) : std::nullopt;
  if (confinement) confinement->connector = argv[2];
  return confinement;
}

} // namespace plugboard::worker
