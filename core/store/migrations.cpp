#include "core/store/migrations.hpp"

#include <array>

namespace plugboard::store {
namespace {

// Times are nanoseconds since 1970 UTC; lists are JSON. A session has its tokens beside it: a hand-off gives another
// client a token of its own for the same session. run_*: the same moments on the steady clock of the process named by
// `run`, which no jump of the wall clock moves.
constexpr std::string_view kSessionsAndClients = R"sql(
CREATE TABLE customers (
  tenant TEXT NOT NULL, issuer TEXT NOT NULL, subject TEXT NOT NULL,
  id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, issuer, subject),
  UNIQUE (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  tenant TEXT NOT NULL, id TEXT NOT NULL,
  customer TEXT NOT NULL,
  identifiers TEXT NOT NULL,
  assurance TEXT NOT NULL,
  methods TEXT NOT NULL,
  authenticated_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  idle_limit INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  run TEXT NOT NULL, run_used_at INTEGER NOT NULL, run_expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, customer) REFERENCES customers (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_customer ON sessions (tenant, customer);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_by_end_of_run ON sessions (run, min(run_expires_at, run_used_at + idle_limit));

CREATE TABLE session_tokens (
  tenant TEXT NOT NULL, key_id TEXT NOT NULL, digest TEXT NOT NULL,
  session TEXT NOT NULL,
  client TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, key_id, digest),
  FOREIGN KEY (tenant, session) REFERENCES sessions (tenant, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX session_tokens_by_session ON session_tokens (tenant, session);

CREATE TABLE clients (
  tenant TEXT NOT NULL, id TEXT NOT NULL,
  channel TEXT NOT NULL,
  purpose TEXT NOT NULL,
  criticality TEXT NOT NULL,
  sections TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE client_keys (
  tenant TEXT NOT NULL, key_id TEXT NOT NULL, digest TEXT NOT NULL,
  client TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, key_id, digest),
  FOREIGN KEY (tenant, client) REFERENCES clients (tenant, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX client_keys_by_client ON client_keys (tenant, client);
)sql";

// What a row says is sealed: under one of the hub's keys, or, of customers, whose ids outlive keys, by a digest. Rows
// from before, which no release wrote, have no seal and can't be told from damaged ones: they go.
constexpr std::string_view kSeals = R"sql(
DELETE FROM session_tokens;
DELETE FROM sessions;
DELETE FROM customers;
DELETE FROM client_keys;
DELETE FROM clients;
ALTER TABLE customers ADD COLUMN seal TEXT NOT NULL DEFAULT '';
ALTER TABLE session_tokens ADD COLUMN seal_key TEXT NOT NULL DEFAULT '';
ALTER TABLE session_tokens ADD COLUMN seal TEXT NOT NULL DEFAULT '';
ALTER TABLE client_keys ADD COLUMN seal_key TEXT NOT NULL DEFAULT '';
ALTER TABLE client_keys ADD COLUMN seal TEXT NOT NULL DEFAULT '';
)sql";

// A session's proofs are each of its tokens': which of them count for a token is decided when it is issued. *_under:
// the last revocation of all that there was at that moment, by its number. Sessions from before, which no release
// wrote, go.
constexpr std::string_view kAuthentications = R"sql(
DROP TABLE session_tokens;
DROP TABLE sessions;
CREATE TABLE sessions (
  tenant TEXT NOT NULL, id TEXT NOT NULL,
  customer TEXT NOT NULL,
  identifiers TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  idle_limit INTEGER NOT NULL,
  begun_under INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  run TEXT NOT NULL, run_used_at INTEGER NOT NULL, run_expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, customer) REFERENCES customers (tenant, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_customer ON sessions (tenant, customer);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_by_end_of_run ON sessions (run, min(run_expires_at, run_used_at + idle_limit));

CREATE TABLE session_tokens (
  tenant TEXT NOT NULL, key_id TEXT NOT NULL, digest TEXT NOT NULL,
  session TEXT NOT NULL,
  client TEXT NOT NULL, channel TEXT NOT NULL,
  authentications TEXT NOT NULL,
  issued_at INTEGER NOT NULL,
  issued_under INTEGER NOT NULL,
  rotated_at INTEGER,
  seal_key TEXT NOT NULL, seal TEXT NOT NULL,
  PRIMARY KEY (tenant, key_id, digest),
  FOREIGN KEY (tenant, session) REFERENCES sessions (tenant, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX session_tokens_by_session ON session_tokens (tenant, session);
)sql";

// A code that hands a session over stands among its tokens until it is redeemed. A revocation has a number, higher than
// all before it; one that says nothing keeps the numbers' place over a restart. A continuation is what a login of
// several steps waits with, encrypted.
constexpr std::string_view kRevocations = R"sql(
ALTER TABLE session_tokens ADD COLUMN handoff TEXT;
ALTER TABLE session_tokens ADD COLUMN handoff_until INTEGER;
CREATE INDEX session_tokens_by_handoff ON session_tokens (handoff_until) WHERE handoff_until IS NOT NULL;
CREATE INDEX sessions_by_revocation ON sessions (begun_under);

CREATE TABLE revocations (
  tenant TEXT NOT NULL, number INTEGER NOT NULL,
  what TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  seal TEXT NOT NULL,
  PRIMARY KEY (tenant, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE continuations (
  tenant TEXT NOT NULL, key_id TEXT NOT NULL, digest TEXT NOT NULL,
  client TEXT NOT NULL,
  connector TEXT NOT NULL,
  sealed BLOB NOT NULL,
  expires_at INTEGER NOT NULL,
  run TEXT NOT NULL, run_expires_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, key_id, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX continuations_by_expiry ON continuations (expires_at);
CREATE INDEX continuations_by_client ON continuations (tenant, client);
)sql";

// until: when a key stops being good; 0: it does not. limits: JSON, "" for none. client_use: what of the day's quota is
// gone, of clients of the configuration, too.
constexpr std::string_view kClientLimits = R"sql(
ALTER TABLE clients ADD COLUMN limits TEXT NOT NULL DEFAULT '';
ALTER TABLE client_keys ADD COLUMN until INTEGER NOT NULL DEFAULT 0;
CREATE TABLE client_use (
  tenant TEXT NOT NULL, client TEXT NOT NULL,
  day INTEGER NOT NULL,
  contexts INTEGER NOT NULL,
  PRIMARY KEY (tenant, client)
) STRICT, WITHOUT ROWID;
)sql";

// What connectors keep, under keyed hashes of their keys, and what their systems put in place of a configured secret:
// sealed both. A replaced secret is the connector's own, of no tenant ("").
constexpr std::string_view kKept = R"sql(
CREATE TABLE kept_values (
  tenant TEXT NOT NULL, connector TEXT NOT NULL, key_id TEXT NOT NULL, digest TEXT NOT NULL,
  version INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  size INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (tenant, connector, key_id, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_values_by_expiry ON kept_values (expires_at);
CREATE INDEX kept_values_by_size ON kept_values (tenant, connector, expires_at, size);

CREATE TABLE replaced_secrets (
  tenant TEXT NOT NULL, connector TEXT NOT NULL, handle TEXT NOT NULL,
  key_id TEXT NOT NULL,
  replaced_at INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (tenant, connector, handle)
) STRICT, WITHOUT ROWID;
)sql";

constexpr std::array<Migration, 6> kSteps{
    {{1, kSessionsAndClients}, {2, kSeals}, {3, kAuthentications}, {4, kRevocations}, {5, kClientLimits}, {6, kKept}}};

} // namespace

std::span<const Migration> migrations() {
  return kSteps;
}

} // namespace plugboard::store
