// Revocations as rows of the store. [the store's thread that runs the job]
#pragma once

#include "core/base/log.hpp"
#include "core/session/revocations.hpp"
#include "core/store/database.hpp"

namespace plugboard::session {

struct StoredRevocations {
  std::uint64_t base = 0; // above every number given away before: kept in the store before this is told
  std::vector<NumberedRevocation> revocations;
};

// Once a start. A row that is not what the hub wrote may have ended anything, so everything from before it is ended.
Result<StoredRevocations> load_revocations(store::Connection& connection, WallTime now, Log& log, Counter& damaged);

// In place of an earlier one of the same.
Result<void> insert_revocation(store::Connection& connection, const NumberedRevocation& revocation, WallTime now);

// Those up to `most` under which no session that there is was begun. The highest number that went.
Result<std::uint64_t> delete_idle_revocations(store::Connection& connection, std::uint64_t most);

} // namespace plugboard::session
