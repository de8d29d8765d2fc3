// What sessions are looked up by in memory: the parts side by side, never joined into one text. [values]
#pragma once

#include "core/session/session.hpp"

#include <functional>
#include <string>
#include <tuple>

namespace plugboard::session {

struct SessionKey {
  std::string tenant, id;
  friend bool operator==(const SessionKey&, const SessionKey&) = default;
};

inline SessionKey key_of(const Session& session) {
  return {session.tenant, session.id};
}

inline SessionKey key_of(const Access& access) {
  return key_of(access.session);
}

// A token as presented: under another client or tenant the same token is another key, so it is not there.
struct TokenKey {
  std::string tenant, client;
  std::string digest; // under the current key, whichever key the store's row has
  friend bool operator==(const TokenKey&, const TokenKey&) = default;
};

struct HashOfKey {
  static std::size_t mix(std::size_t seed, std::string_view text) {
    return (seed ^ std::hash<std::string_view>{}(text)) * 0x9E3779B97F4A7C15U;
  }

  std::size_t operator()(const SessionKey& key) const { return mix(mix(1, key.tenant), key.id); }

  std::size_t operator()(const TokenKey& key) const { return mix(mix(mix(2, key.tenant), key.client), key.digest); }
};

} // namespace plugboard::session
