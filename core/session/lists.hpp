// Lists as they stand in a row of the store: JSON. [any thread]
#pragma once

#include "core/base/result.hpp"
#include "core/session/session_rows.hpp"

namespace plugboard::session {

std::string to_json(const std::vector<std::string>& texts);
std::string to_json(const std::vector<Identifier>& identifiers);
std::string to_json(const Session& session); // its authentications, each with how long before the session it ends

// Error: malformed: the row is not what we wrote.
Result<std::vector<std::string>> texts_of(std::string_view json);
Result<std::vector<Identifier>> identifiers_of(std::string_view json);

struct StoredAuthentication {
  Authentication authentication; // `ends` says nothing yet
  Duration before_end{};         // of the session, by the steady clock
};

std::string to_json(const Handoff& handoff);
Result<Handoff> handoff_of(std::string_view json);

Result<std::vector<StoredAuthentication>> authentications_of(std::string_view json);

} // namespace plugboard::session
