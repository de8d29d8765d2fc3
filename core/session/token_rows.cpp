#include "core/session/token_rows.hpp"

#include "core/session/columns.hpp"
#include "core/session/lists.hpp"
#include "core/session/seal.hpp"

namespace plugboard::session {
namespace {

constexpr std::string_view kLoad = R"sql(
SELECT s.id, s.customer, s.identifiers, s.created_at, s.expires_at, s.idle_limit, s.begun_under,
       t.client, t.channel, t.authentications, t.issued_at, t.issued_under, t.rotated_at,
       s.last_used_at, s.run, s.run_used_at, s.run_expires_at, t.seal_key, t.seal, t.handoff
FROM session_tokens t JOIN sessions s ON s.tenant = t.tenant AND s.id = t.session
WHERE t.tenant = ?1 AND t.key_id = ?2 AND t.digest = ?3 AND s.revoked_at IS NULL)sql";

// "" for a token that is none.
std::string handoff_of(const SessionRow& row) {
  return row.handoff ? to_json(*row.handoff) : std::string();
}

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
  seal.add(row.rotated ? nanoseconds(*row.rotated) : std::int64_t{0}).add(handoff_of(row));
  return seal;
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
  row.token_hash = hash;
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

} // namespace

Result<void> insert_token(store::Connection& connection, const Keys& keys, const SessionRow& row,
                          const KeyedHash& token) {
  auto statement = connection.prepare(
      "INSERT INTO session_tokens (tenant, key_id, digest, session, client, channel, authentications, issued_at, "
      "issued_under, seal_key, seal, handoff, handoff_until) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
  if (!statement) return statement.error();
  const Session& session = row.session;
  const std::string authentications = to_json(session);
  const KeyedHash seal = seal_of(session.tenant, token, row, to_json(session.identifiers), authentications).under(keys);
  (*statement)->bind(1, session.tenant).bind(2, token.key_id).bind(3, token.digest).bind(4, session.id);
  (*statement)->bind(5, row.token.client).bind(6, row.token.channel).bind(7, authentications);
  (*statement)->bind(8, nanoseconds(row.token.issued_at));
  (*statement)->bind(9, static_cast<std::int64_t>(row.token.issued_under));
  (*statement)->bind(10, seal.key_id).bind(11, seal.digest);
  if (!row.handoff)
    (*statement)->bind_null(12).bind_null(13);
  else
    (*statement)->bind(12, handoff_of(row)).bind(13, nanoseconds(row.handoff->until));
  return run(**statement);
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
    if (!statement.is_null(19)) {
      auto handoff = handoff_of(statement.text(19));
      if (!handoff) return handoff.error();
      row.handoff = std::move(*handoff);
    }
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

Result<void> mark_rotated(store::Connection& connection, const Keys& keys, const SessionRow& row) {
  auto statement =
      connection.prepare("UPDATE session_tokens SET rotated_at = ?4, authentications = ?5, seal_key = ?6, seal = ?7 "
                         "WHERE tenant = ?1 AND key_id = ?2 AND digest = ?3");
  if (!statement) return statement.error();
  const Session& session = row.session;
  const std::string authentications = to_json(session);
  const KeyedHash seal =
      seal_of(session.tenant, row.token_hash, row, to_json(session.identifiers), authentications).under(keys);
  (*statement)->bind(1, session.tenant).bind(2, row.token_hash.key_id).bind(3, row.token_hash.digest);
  (*statement)->bind(4, nanoseconds(*row.rotated)).bind(5, authentications).bind(6, seal.key_id).bind(7, seal.digest);
  return run(**statement);
}

Result<void> delete_token(store::Connection& connection, const SessionRow& row) {
  auto statement = connection.prepare("DELETE FROM session_tokens WHERE tenant = ?1 AND key_id = ?2 AND digest = ?3");
  if (!statement) return statement.error();
  (*statement)->bind(1, row.session.tenant).bind(2, row.token_hash.key_id).bind(3, row.token_hash.digest);
  return run(**statement);
}

Result<void> delete_old_handoffs(store::Connection& connection, WallTime now) {
  auto statement = connection.prepare("DELETE FROM session_tokens WHERE handoff_until <= ?1");
  if (!statement) return statement.error();
  return run((*statement)->bind(1, nanoseconds(now)));
}

} // namespace plugboard::session
