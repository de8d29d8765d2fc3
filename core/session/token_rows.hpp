// A session's tokens, and the codes that hand it to another client, as rows of the store. Each is sealed with all that
// it gives. [the store's thread that runs the job]
#pragma once

#include "core/session/session_rows.hpp"

namespace plugboard::session {

// The row's session has one more.
Result<void> insert_token(store::Connection& connection, const Keys& keys, const SessionRow& row,
                          const KeyedHash& token);

// Whichever client presents it. Neither judged for time nor whether it was used; a revoked one is not there, nor one
// whose row is not what the hub wrote, which is logged.
Result<std::optional<SessionRow>> load_session(store::Connection& connection, const Keys& keys,
                                               const std::string& tenant, const std::vector<KeyedHash>& hashes,
                                               Log& log, Counter& damaged);

Result<void> mark_rotated(store::Connection& connection, const Keys& keys, const SessionRow& row); // as it says
Result<void> delete_token(store::Connection& connection, const SessionRow& row);
Result<void> delete_old_handoffs(store::Connection& connection, WallTime now);

} // namespace plugboard::session
