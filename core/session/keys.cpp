#include "core/session/keys.hpp"

#include <utility>

namespace plugboard::session {
namespace {

constexpr std::size_t kShortestKey = 32;

KeyedHash hash_with(const std::string& key_id, const Secret& key, std::string_view purpose, std::string_view token) {
  std::string text(purpose);
  text += '\0'; // no purpose has one, so no two pairs make one text
  text += token;
  const Secret message(std::move(text));
  return {key_id, hex(hmac_sha256(key, message.reveal()))};
}

} // namespace

Result<Keys> Keys::make(std::string current, std::map<std::string, Secret> keys) {
  if (!keys.contains(current)) {
    return fail(Code::invalid_argument, "the current key \"" + current + "\" is not among the keys", "keys");
  }
  for (const auto& [name, key] : keys) {
    if (key.reveal().size() >= kShortestKey) continue;
    return fail(Code::invalid_argument,
                "key \"" + name + "\" has " + std::to_string(key.reveal().size()) +
                    " bytes; it must have at least 32 random ones (head -c 32 /dev/urandom > FILE)",
                "keys");
  }
  Keys made;
  made.current_ = std::move(current);
  for (auto& [name, key] : keys) made.keys_.emplace(name, Secret::kept(std::move(key)));
  return made;
}

KeyedHash Keys::hash(std::string_view purpose, std::string_view token) const {
  return hash_with(current_, keys_.at(current_), purpose, token);
}

std::optional<KeyedHash> Keys::hash_under(const std::string& key_id, std::string_view purpose,
                                          std::string_view token) const {
  const auto key = keys_.find(key_id);
  if (key == keys_.end()) return std::nullopt;
  return hash_with(key_id, key->second, purpose, token);
}

std::optional<Secret> Keys::derived(const std::string& key_id, std::string_view purpose) const {
  const auto key = keys_.find(key_id);
  if (key == keys_.end()) return std::nullopt;
  std::string text("derived"); // no purpose of a hash
  text += '\0';
  text += purpose;
  const Digest digest = hmac_sha256(key->second, text);
  return Secret(std::string(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

std::vector<KeyedHash> Keys::candidates(std::string_view purpose, std::string_view token) const {
  std::vector<KeyedHash> hashes{hash(purpose, token)};
  for (const auto& [name, key] : keys_) {
    if (name != current_) hashes.push_back(hash_with(name, key, purpose, token));
  }
  return hashes;
}

} // namespace plugboard::session
