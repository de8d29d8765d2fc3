#include "core/session/session_rows.hpp"

#include "core/session/lists.hpp"
#include "core/session/seal.hpp"

namespace plugboard::session {
namespace {

std::int64_t nanoseconds(WallTime time) {
  return time.time_since_epoch().count();
}

std::int64_t nanoseconds(Instant time) {
  return time.time_since_epoch().count();
}

WallTime wall_time(std::int64_t stored) {
  return WallTime(Duration(stored));
}

Instant instant(std::int64_t stored) {
  return Instant(Duration(stored));
}

// For a statement that is stepped once and yields nothing.
Result<void> run(store::Statement& statement) {
  const auto stepped = statement.step();
  if (!stepped) return stepped.error();
  return {};
}

constexpr std::string_view kLoad = R"sql(
SELECT s.id, s.customer, s.identifiers, s.created_at, s.expires_at, s.idle_limit, s.begun_under,
       t.client, t.channel, t.authentications, t.issued_at, t.issued_under, t.rotated_at,
       s.last_used_at, s.run, s.run_used_at, s.run_expires_at, t.seal_key, t.seal
FROM session_tokens t JOIN sessions s ON s.tenant = t.tenant AND s.id = t.session
WHERE t.tenant = ?1 AND t.key_id = ?2 AND t.digest = ?3 AND s.revoked_at IS NULL)sql";

// All that is said of a session for good, and whose token leads to it. What changes with its use is not in it: it can
// only end the session sooner than its sealed end.
Seal seal_of(const std::string& tenant, const KeyedHash& hash, const SessionRow& row, std::string_view identifiers,
             std::string_view authentications) {
  const Session& session = row.session;
  Seal seal("session_tokens");
  seal.add(tenant).add(hash.key_id).add(hash.digest);
  seal.add(session.id).add(session.customer).add(identifiers);
  seal.add(nanoseconds(session.created_at)).add(nanoseconds(session.expires_at));
  seal.add(std::int64_t{session.idle_limit.count()}).add(static_cast<std::int64_t>(session.begun_under));
  seal.add(row.token.client).add(row.token.channel).add(authentications);
  seal.add(nanoseconds(row.token.issued_at)).add(static_cast<std::int64_t>(row.token.issued_under));
  seal.add(row.rotated ? nanoseconds(*row.rotated) : std::int64_t{0});
  return seal;
}

// A customer's id is for good, keys are not.
std::string seal_of(const std::string& tenant, const std::string& issuer, const std::string& subject,
                    std::string_view id) {
  Seal seal("customers");
  seal.add(tenant).add(issuer).add(subject).add(id);
  return seal.digest();
}

// What needs no understanding.
SessionRow plain_row_of(const store::Statement& statement, const std::string& tenant, const KeyedHash& hash) {
  SessionRow row;
  row.session.id = statement.text(0);
  row.session.tenant = tenant;
  row.session.customer = statement.text(1);
  row.session.created_at = wall_time(statement.integer(3));
  row.session.expires_at = wall_time(statement.integer(4));
  row.session.idle_limit = Duration(statement.integer(5));
  row.session.begun_under = static_cast<std::uint64_t>(statement.integer(6));
  row.token.client = statement.text(7);
  row.token.channel = statement.text(8);
  row.token.key_id = hash.key_id;
  row.token.issued_at = wall_time(statement.integer(10));
  row.token.issued_under = static_cast<std::uint64_t>(statement.integer(11));
  if (!statement.is_null(12)) row.rotated = wall_time(statement.integer(12));
  row.last_used_at = wall_time(statement.integer(13));
  row.run = statement.text(14);
  row.run_used = instant(statement.integer(15));
  row.run_expires = instant(statement.integer(16));
  return row;
}

Result<void> read_lists(SessionRow& row, const store::Statement& statement) {
  auto identifiers = identifiers_of(statement.text(2));
  if (!identifiers) return identifiers.error();
  auto authentications = authentications_of(statement.text(9));
  if (!authentications) return authentications.error();
  row.session.identifiers = std::move(*identifiers);
  for (StoredAuthentication& stored : *authentications) {
    row.session.authentications.push_back(std::move(stored.authentication));
    row.before_end.push_back(stored.before_end);
  }
  return {};
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

Result<void> insert_token(store::Connection& connection, const Keys& keys, const SessionRow& row,
                          const KeyedHash& token) {
  auto statement = connection.prepare(
      "INSERT INTO session_tokens (tenant, key_id, digest, session, client, channel, authentications, issued_at, "
      "issued_under, seal_key, seal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
  if (!statement) return statement.error();
  const Session& session = row.session;
  const std::string authentications = to_json(session);
  const KeyedHash seal = seal_of(session.tenant, token, row, to_json(session.identifiers), authentications).under(keys);
  (*statement)->bind(1, session.tenant).bind(2, token.key_id).bind(3, token.digest).bind(4, session.id);
  (*statement)->bind(5, row.token.client).bind(6, row.token.channel).bind(7, authentications);
  (*statement)->bind(8, nanoseconds(row.token.issued_at));
  (*statement)->bind(9, static_cast<std::int64_t>(row.token.issued_under));
  (*statement)->bind(10, seal.key_id).bind(11, seal.digest);
  return run(**statement);
}

Result<void> insert_session(store::Connection& connection, const Keys& keys, const SessionRow& row,
                            const KeyedHash& token) {
  if (const auto inserted = insert_row(connection, row); !inserted) return inserted;
  return insert_token(connection, keys, row, token);
}

Result<std::optional<SessionRow>> load_session(store::Connection& connection, const Keys& keys,
                                               const std::string& tenant, const std::vector<KeyedHash>& hashes,
                                               Log& log, Counter& damaged) {
  for (const KeyedHash& hash : hashes) {
    auto prepared = connection.prepare(kLoad);
    if (!prepared) return prepared.error();
    store::Statement& statement = **prepared;
    const auto found = statement.bind(1, tenant).bind(2, hash.key_id).bind(3, hash.digest).step();
    if (!found) return found.error();
    if (!*found) continue;
    SessionRow row = plain_row_of(statement, tenant, hash);
    const KeyedHash stored{std::string(statement.text(17)), std::string(statement.text(18))};
    if (!seal_of(tenant, hash, row, statement.text(2), statement.text(9)).matches(keys, stored)) {
      damaged.add();
      log.error("session.row_damaged", {{"tenant", tenant},
                                        {"client", row.token.client},
                                        {"message", "it is not what the hub wrote, so it is as if it were not there"}});
      continue;
    }
    if (const auto read = read_lists(row, statement); !read) return read.error();
    return std::optional<SessionRow>(std::move(row));
  }
  return std::optional<SessionRow>();
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
