#include "core/connector/plugin_file.hpp"

#include "core/base/crypto.hpp"
#include "core/connector/elf_notes.hpp"
#include "core/connector/file_bytes.hpp"

#include <plugboard/abi.h>

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <span>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostFileBytes = std::size_t{512} << 20;

Error refuse(const std::string& path, std::string_view sentence) {
  return fail(Code::malformed, path + " " + std::string(sentence));
}

// Checks the fixed part of our note; the manifest's bytes come back.
Result<std::string_view> open_note(std::string_view descriptor, const std::string& path, plugboard_note& head) {
  if (descriptor.size() < sizeof head) return refuse(path, "has a plugboard note that is cut short: build it again");
  std::memcpy(&head, descriptor.data(), sizeof head);
  if (head.magic != PLUGBOARD_MAGIC)
    return refuse(path, "has a plugboard note with a wrong magic number: build it with plugboard_add_plugin()");
  if (head.abi_major != PLUGBOARD_ABI_MAJOR)
    return refuse(path, "was built for ABI " + std::to_string(head.abi_major) + "." + std::to_string(head.abi_minor) +
                            "; this hub speaks " + std::to_string(PLUGBOARD_ABI_MAJOR) + "." +
                            std::to_string(PLUGBOARD_ABI_MINOR) + ": rebuild it with this hub's SDK");
  const std::string_view manifest = descriptor.substr(sizeof head);
  if (manifest.size() != head.manifest_size)
    return refuse(path, "has a note whose manifest is not as long as it says: build or copy it again");
  const Digest digest = sha256(manifest);
  if (!std::equal(digest.begin(), digest.end(), std::begin(head.manifest_hash)))
    return refuse(path, "has a manifest that was changed after the build: build or copy it again");
  return manifest;
}

const ElfNote* find_note(const std::vector<ElfNote>& notes, std::string_view name, std::uint32_t type) {
  const auto found = std::find_if(notes.begin(), notes.end(),
                                  [&](const ElfNote& note) { return note.name == name && note.type == type; });
  return found == notes.end() ? nullptr : &*found;
}

std::span<const unsigned char> octets(std::string_view bytes) {
  return {reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()};
}

} // namespace

Result<PluginFile> inspect_plugin(std::string_view bytes, std::string path) {
  const auto notes = read_elf_notes(bytes);
  if (!notes) return refuse(path, notes.error().message);
  const ElfNote* note = find_note(*notes, PLUGBOARD_NOTE_NAME, PLUGBOARD_NOTE_TYPE);
  if (note == nullptr)
    return refuse(path, "is a library but no plugin: it has no plugboard note; build it with plugboard_add_plugin()");
  plugboard_note head{};
  const auto text = open_note(note->descriptor, path, head);
  if (!text) return text.error();
  auto manifest = parse_manifest(*text);
  if (!manifest) return fail(Code::malformed, path + ": " + manifest.error().message);
  PluginFile file{std::move(path), std::move(*manifest), {}, hex(sha256(bytes)), head.abi_major, head.abi_minor};
  if (const ElfNote* build = find_note(*notes, "GNU", NT_GNU_BUILD_ID)) file.build_id = hex(octets(build->descriptor));
  return file;
}

Result<PluginFile> inspect_plugin_file(const std::string& path) {
  const auto bytes = read_file_bytes(path, kMostFileBytes);
  if (!bytes) return bytes.error();
  return inspect_plugin(*bytes, path);
}

} // namespace plugboard::connector
