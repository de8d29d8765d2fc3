#include "core/session/revocation_rows.hpp"

#include "core/session/columns.hpp"
#include "core/session/seal.hpp"

#include <algorithm>

namespace plugboard::session {
namespace {

// What one run of the hub may give away. As numbers are given away before they are stored, and may never be stored,
// each run begins above all that the run before could have given.
constexpr std::int64_t kNumbersOfARun = std::int64_t{1} << 40;
constexpr std::string_view kAllTenants = "*";

std::string seal_of(std::string_view tenant, std::int64_t number, std::string_view what) {
  Seal seal("revocations");
  seal.add(tenant).add(number).add(what);
  return seal.digest();
}

Result<void> insert(store::Connection& connection, std::string_view tenant, std::int64_t number, std::string_view what,
                    WallTime now) {
  auto same = connection.prepare("DELETE FROM revocations WHERE tenant = ?1 AND what = ?2 AND number < ?3");
  if (!same) return same.error();
  if (const auto gone = run((*same)->bind(1, tenant).bind(2, what).bind(3, number)); !gone) return gone;
  auto added = connection.prepare("INSERT OR IGNORE INTO revocations (tenant, number, what, made_at, seal) "
                                  "VALUES (?1, ?2, ?3, ?4, ?5)");
  if (!added) return added.error();
  const std::string seal = seal_of(tenant, number, what);
  (*added)->bind(1, tenant).bind(2, number).bind(3, what).bind(4, nanoseconds(now)).bind(5, seal);
  return run(**added);
}

} // namespace

Result<StoredRevocations> load_revocations(store::Connection& connection, WallTime now, Log& log, Counter& damaged) {
  StoredRevocations stored;
  auto rows = connection.prepare("SELECT tenant, number, what, seal FROM revocations ORDER BY number");
  if (!rows) return rows.error();
  std::int64_t highest = 0;
  for (;;) {
    const auto row = (*rows)->step();
    if (!row) return row.error();
    if (!*row) break;
    const std::string tenant((*rows)->text(0)), what((*rows)->text(2));
    const std::int64_t number = (*rows)->integer(1);
    highest = std::max(highest, number);
    if (what.empty() && seal_of(tenant, number, what) == (*rows)->text(3)) continue; // keeps the numbers' place
    auto revocation = revocation_of(what);
    if (!revocation || seal_of(tenant, number, what) != (*rows)->text(3)) {
      damaged.add();
      log.error("session.revocation_damaged",
                {{"message", "it may have ended any session, so all from before it are ended"}});
      revocation = Revocation{};
      revocation->tenant = kAllTenants;
    }
    stored.revocations.push_back({static_cast<std::uint64_t>(number), std::move(*revocation)});
  }
  highest += kNumbersOfARun;
  if (const auto kept = insert(connection, kAllTenants, highest, "", now); !kept) return kept.error();
  stored.base = static_cast<std::uint64_t>(highest);
  return stored;
}

Result<void> insert_revocation(store::Connection& connection, const NumberedRevocation& revocation, WallTime now) {
  return insert(connection, revocation.what.tenant, static_cast<std::int64_t>(revocation.number),
                to_json(revocation.what), now);
}

Result<std::uint64_t> delete_idle_revocations(store::Connection& connection, std::uint64_t most) {
  auto oldest = connection.prepare("SELECT min(begun_under) FROM sessions");
  if (!oldest) return oldest.error();
  const auto row = (*oldest)->step();
  if (!row) return row.error();
  auto up_to = static_cast<std::int64_t>(most);
  if (*row && !(*oldest)->is_null(0)) up_to = std::min(up_to, (*oldest)->integer(0));
  auto gone = connection.prepare("DELETE FROM revocations WHERE number <= ?1 AND what <> ''");
  if (!gone) return gone.error();
  if (const auto done = run((*gone)->bind(1, up_to)); !done) return done.error();
  return static_cast<std::uint64_t>(up_to);
}

} // namespace plugboard::session
