#include "core/session/client.hpp"

#include <algorithm>

namespace plugboard::session {

const std::vector<ScopeName>& scope_names() {
  static const std::vector<ScopeName> kNames{
      {Scope::session_create, "session:create"},   {Scope::session_read, "session:read"},
      {Scope::session_handoff, "session:handoff"}, {Scope::session_assert, "session:assert"},
      {Scope::context_read, "context:read"},       {Scope::context_explain, "context:explain"}};
  return kNames;
}

std::optional<Scope> parse_scope(std::string_view name) {
  const auto& names = scope_names();
  const auto found =
      std::find_if(names.begin(), names.end(), [&](const ScopeName& scope) { return scope.name == name; });
  if (found == names.end()) return std::nullopt;
  return found->scope;
}

} // namespace plugboard::session
