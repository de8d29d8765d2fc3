#include "core/conformance/check_note.hpp"

#include "core/base/crypto.hpp"
#include "core/connector/plugin_file.hpp"

#include <plugboard/abi.h>

#include <algorithm>
#include <cstring>
#include <elf.h>

namespace plugboard::conformance {
namespace {

std::string version(const plugboard_note& head) {
  return std::to_string(head.abi_major) + "." + std::to_string(head.abi_minor);
}

void check_abi(const plugboard_note& head, Findings& findings) {
  if (head.abi_major != PLUGBOARD_ABI_MAJOR)
    findings.add("abi.major", "It was built for ABI " + version(head) + "; this hub speaks " +
                                  std::to_string(PLUGBOARD_ABI_MAJOR) + "." + std::to_string(PLUGBOARD_ABI_MINOR) +
                                  ".");
}

} // namespace

std::optional<std::string_view> check_note(const std::vector<connector::ElfNote>& notes, Findings& findings) {
  const connector::ElfNote* ours = nullptr;
  std::size_t count = 0;
  bool build_id = false;
  for (const auto& note : notes) {
    build_id = build_id || (note.name == "GNU" && note.type == NT_GNU_BUILD_ID);
    if (note.name != PLUGBOARD_NOTE_NAME || note.type != PLUGBOARD_NOTE_TYPE) continue;
    if (count++ == 0) ours = &note;
  }
  if (!build_id) findings.add("link.build_id", "It has no build-id.");
  if (ours == nullptr) return findings.add("note.missing", "It has no plugboard note."), std::nullopt;
  if (count > 1)
    findings.add("note.intact", "It carries " + std::to_string(count) + " plugboard notes; a hub reads the first.");
  plugboard_note head{};
  if (ours->descriptor.size() < sizeof head) return findings.add("note.intact", "Its note is cut short."), std::nullopt;
  std::memcpy(&head, ours->descriptor.data(), sizeof head);
  if (head.magic != PLUGBOARD_MAGIC)
    return findings.add("note.intact", "Its note begins with another magic number."), std::nullopt;
  check_abi(head, findings);
  const auto text = ours->descriptor.substr(sizeof head);
  if (text.size() != head.manifest_size)
    return findings.add("note.intact", "Its note holds " + std::to_string(text.size()) +
                                           " bytes of manifest and says " + std::to_string(head.manifest_size) + "."),
           std::nullopt;
  const Digest digest = sha256(text);
  if (!std::equal(digest.begin(), digest.end(), std::begin(head.manifest_hash)))
    findings.add("note.intact", "Its manifest was changed after the build: the hash is another's.");
  return text;
}

} // namespace plugboard::conformance
