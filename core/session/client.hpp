// Who calls: an agent tool with a key, scopes, a channel and the sections it may ask for. Bootstrap clients come from
// the configuration, others from the store; both are these values. [immutable once made: any thread]
#pragma once

#include "core/base/crypto.hpp"
#include "core/connector/rate.hpp"
#include "core/session/client_use.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::session {

enum class Scope : std::uint32_t {
  session_create = 1 << 0,
  session_read = 1 << 1,
  session_handoff = 1 << 2,
  session_assert = 1 << 3,
  context_read = 1 << 4,
  context_explain = 1 << 5,
};

struct ScopeName {
  Scope scope;
  std::string_view name; // "session:create"
};

const std::vector<ScopeName>& scope_names();
std::optional<Scope> parse_scope(std::string_view name);

struct Client {
  std::string id;
  std::string tenant = "default";
  std::string channel;
  std::string purpose; // when a request names none
  std::string criticality = "interactive";
  std::vector<std::string> sections; // patterns: "*", "crm.*", "crm.contact"
  std::uint32_t scopes = 0;          // Scope bits
  connector::Rate rate_limit{};      // of requests
  std::int64_t contexts_per_day = 0; // 0: no limit
  bool from_configuration = false;
  std::shared_ptr<ClientUse> use{}; // of these limits; there once it stands in a directory

  bool may(Scope scope) const { return (scopes & static_cast<std::uint32_t>(scope)) != 0; }
};

} // namespace plugboard::session
