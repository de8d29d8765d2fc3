#include "core/session/session_rows.hpp"

#include "core/session/columns.hpp"
#include "core/session/lists.hpp"
#include "core/session/seal.hpp"
#include "core/session/token_rows.hpp"

namespace plugboard::session {
namespace {

// A customer's id is for good, keys are not.
std::string seal_of(const std::string& tenant, const std::string& issuer, const std::string& subject,
                    std::string_view id) {
  Seal seal("customers");
  seal.add(tenant).add(issuer).add(subject).add(id);
  return seal.digest();
}

Result<void> insert_row(store::Connection& connection, const SessionRow& row) {
  auto statement = connection.prepare(
      "INSERT INTO sessions (tenant, id, customer, identifiers, created_at, expires_at, idle_limit, begun_under, "
      "last_used_at, run, run_used_at, run_expires_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
  if (!statement) return statement.error();
  const Session& session = row.session;
  const std::string identifiers = to_json(session.identifiers);
  (*statement)->bind(1, session.tenant).bind(2, session.id).bind(3, session.customer).bind(4, identifiers);
  (*statement)->bind(5, nanoseconds(session.created_at)).bind(6, nanoseconds(session.expires_at));
  (*statement)->bind(7, session.idle_limit.count()).bind(8, static_cast<std::int64_t>(session.begun_under));
  (*statement)->bind(9, nanoseconds(row.last_used_at)).bind(10, row.run);
  (*statement)->bind(11, nanoseconds(row.run_used)).bind(12, nanoseconds(row.run_expires));
  return run(**statement);
}

// DELETE … LIMIT is not compiled into every SQLite.
Result<bool> delete_some(store::Statement& statement, store::Connection& connection, int most) {
  if (const auto done = run(statement); !done) return done.error();
  return connection.changes() >= most;
}

} // namespace

Result<std::string> customer_of(store::Connection& connection, const std::string& tenant, const std::string& issuer,
                                const std::string& subject, const std::string& candidate, WallTime now,
                                Counter& damaged) {
  auto known = connection.prepare("SELECT id, seal FROM customers WHERE tenant = ?1 AND issuer = ?2 AND subject = ?3");
  if (!known) return known.error();
  const auto row = (*known)->bind(1, tenant).bind(2, issuer).bind(3, subject).step();
  if (!row) return row.error();
  if (*row) {
    std::string id((*known)->text(0));
    if (seal_of(tenant, issuer, subject, id) == (*known)->text(1)) return id;
    damaged.add();
    return fail(Code::internal, "the row of a customer is damaged: restore the store from a backup", "store");
  }
  auto added = connection.prepare("INSERT INTO customers (tenant, issuer, subject, id, created_at, seal) "
                                  "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
  if (!added) return added.error();
  (*added)->bind(6, seal_of(tenant, issuer, subject, candidate));
  (*added)->bind(1, tenant).bind(2, issuer).bind(3, subject).bind(4, candidate).bind(5, nanoseconds(now));
  if (const auto done = run(**added); !done) return done.error();
  return candidate;
}

Result<void> insert_session(store::Connection& connection, const Keys& keys, const SessionRow& row,
                            const KeyedHash& token) {
  if (const auto inserted = insert_row(connection, row); !inserted) return inserted;
  return insert_token(connection, keys, row, token);
}

Result<void> mark_revoked(store::Connection& connection, const SessionKey& key, WallTime now) {
  auto statement = connection.prepare("UPDATE sessions SET revoked_at = ?3 WHERE tenant = ?1 AND id = ?2");
  if (!statement) return statement.error();
  if (const auto marked = run((*statement)->bind(1, key.tenant).bind(2, key.id).bind(3, nanoseconds(now))); !marked)
    return marked;
  auto tokens = connection.prepare("DELETE FROM session_tokens WHERE tenant = ?1 AND session = ?2");
  if (!tokens) return tokens.error();
  return run((*tokens)->bind(1, key.tenant).bind(2, key.id));
}

Result<void> save_use(store::Connection& connection, const SessionRow& row) {
  auto statement = connection.prepare("UPDATE sessions SET last_used_at = ?3, run = ?4, run_used_at = ?5, "
                                      "run_expires_at = ?6 WHERE tenant = ?1 AND id = ?2 "
                                      "AND (run <> ?4 OR run_used_at < ?5)");
  if (!statement) return statement.error();
  (*statement)->bind(1, row.session.tenant).bind(2, row.session.id).bind(3, nanoseconds(row.last_used_at));
  (*statement)->bind(4, row.run).bind(5, nanoseconds(row.run_used)).bind(6, nanoseconds(row.run_expires));
  return run(**statement);
}

Result<void> delete_session(store::Connection& connection, const SessionKey& key) {
  auto statement = connection.prepare("DELETE FROM sessions WHERE tenant = ?1 AND id = ?2");
  if (!statement) return statement.error();
  return run((*statement)->bind(1, key.tenant).bind(2, key.id));
}

Result<bool> delete_expired(store::Connection& connection, WallTime wall, const std::string& run_id, Instant steady,
                            int most) {
  auto by_wall = connection.prepare("DELETE FROM sessions WHERE (tenant, id) IN "
                                    "(SELECT tenant, id FROM sessions WHERE expires_at <= ?1 LIMIT ?2)");
  if (!by_wall) return by_wall.error();
  const auto more = delete_some((*by_wall)->bind(1, nanoseconds(wall)).bind(2, most), connection, most);
  if (!more) return more;
  auto by_run =
      connection.prepare("DELETE FROM sessions WHERE (tenant, id) IN (SELECT tenant, id FROM sessions WHERE run = ?1 "
                         "AND min(run_expires_at, run_used_at + idle_limit) <= ?2 LIMIT ?3)");
  if (!by_run) return by_run.error();
  (*by_run)->bind(1, run_id).bind(2, nanoseconds(steady)).bind(3, most);
  const auto more_of_run = delete_some(**by_run, connection, most);
  if (!more_of_run) return more_of_run;
  return *more || *more_of_run;
}

} // namespace plugboard::session
