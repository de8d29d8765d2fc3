#include "core/session/client_rows.hpp"

#include "core/json/reader.hpp"
#include "core/json/writer.hpp"
#include "core/session/lists.hpp"
#include "core/session/seal.hpp"

#include <algorithm>

namespace plugboard::session {
namespace {

std::string scopes_json(std::uint32_t scopes) {
  std::vector<std::string> names;
  for (const ScopeName& scope : scope_names()) {
    if ((scopes & static_cast<std::uint32_t>(scope.scope)) != 0) names.emplace_back(scope.name);
  }
  return to_json(names);
}

Result<std::uint32_t> scopes_of(std::string_view json) {
  const auto names = texts_of(json);
  if (!names) return names.error();
  std::uint32_t scopes = 0;
  for (const std::string& name : *names) {
    const auto scope = parse_scope(name);
    if (!scope)
      return fail(Code::malformed, "a client in the store has the scope \"" + name + "\", which is none", "store");
    scopes |= static_cast<std::uint32_t>(*scope);
  }
  return scopes;
}

std::string limits_json(const Client& client) { // "": none
  if (client.rate_limit.per_second <= 0 && client.contexts_per_day == 0) return {};
  std::string text;
  json::Writer(text)
      .begin_object()
      .member("per_second", client.rate_limit.per_second)
      .member("burst", client.rate_limit.burst)
      .member("contexts_per_day", client.contexts_per_day)
      .end_object();
  return text;
}

Result<void> read_limits(std::string_view text, Client& client) {
  if (text.empty()) return {};
  json::Reader reader;
  const auto limits = reader.read(text);
  if (!limits) return limits.error();
  client.rate_limit = {(*limits)["per_second"].number().value_or(0), (*limits)["burst"].number().value_or(0)};
  client.contexts_per_day = (*limits)["contexts_per_day"].integer().value_or(0);
  return {};
}

// Of a key: 0 for ever.
std::int64_t end_of(WallTime until) {
  return until == WallTime::max() ? 0 : until.time_since_epoch().count();
}

WallTime until_of(std::int64_t end) {
  return end == 0 ? WallTime::max() : WallTime(Duration(end));
}

// A row a key: what its seal says, in that order, and the seal.
enum Column : int {
  kTenant,
  kId,
  kChannel,
  kPurposes,
  kCriticality,
  kSections,
  kScopes,
  kKeyId,
  kDigest,
  kSealKey,
  kSeal,
  kLimits,
  kUntil
};

constexpr std::string_view kSelect =
    "SELECT c.tenant, c.id, c.channel, c.purpose, c.criticality, c.sections, c.scopes, k.key_id, k.digest, "
    "k.seal_key, k.seal, c.limits, k.until FROM clients c JOIN client_keys k ON k.tenant = c.tenant AND k.client = "
    "c.id ";

// All that a client may, and whose key it is, and until when. Rows without limits or an end are older than these.
Seal seal_of(const store::Statement& row) {
  Seal seal("client_keys");
  for (int column = kTenant; column <= kDigest; ++column) seal.add(row.text(column));
  if (!row.text(kLimits).empty() || row.integer(kUntil) != 0) seal.add(row.text(kLimits)).add(row.integer(kUntil));
  return seal;
}

Seal seal_of(const ClientRow& row) {
  const Client& client = row.client;
  Seal seal("client_keys");
  seal.add(client.tenant).add(client.id).add(client.channel).add(client.purpose).add(client.criticality);
  seal.add(to_json(client.sections)).add(scopes_json(client.scopes)).add(row.key.key_id).add(row.key.digest);
  const auto limits = limits_json(client);
  if (!limits.empty() || end_of(row.until) != 0) seal.add(limits).add(end_of(row.until));
  return seal;
}

Result<ClientRow> row_of(const store::Statement& statement) {
  auto sections = texts_of(statement.text(kSections));
  if (!sections) return sections.error();
  const auto scopes = scopes_of(statement.text(kScopes));
  if (!scopes) return scopes.error();
  ClientRow row;
  row.client.tenant = statement.text(kTenant);
  row.client.id = statement.text(kId);
  row.client.channel = statement.text(kChannel);
  row.client.purpose = statement.text(kPurposes);
  row.client.criticality = statement.text(kCriticality);
  row.client.sections = std::move(*sections);
  row.client.scopes = *scopes;
  row.key = {std::string(statement.text(kKeyId)), std::string(statement.text(kDigest))};
  row.until = until_of(statement.integer(kUntil));
  if (auto read = read_limits(statement.text(kLimits), row.client); !read) return read.error();
  return row;
}

Result<void> run(store::Statement& statement) {
  const auto stepped = statement.step();
  if (!stepped) return stepped.error();
  return {};
}

bool is_sealed(const store::Statement& row, const Keys& keys) {
  return seal_of(row).matches(keys, {std::string(row.text(kSealKey)), std::string(row.text(kSeal))});
}

// The rows of one client that are what the hub wrote, the key added last at the end.
Result<std::vector<ClientRow>> rows_of(store::Connection& connection, const Keys& keys, const ClientId& client) {
  auto known = connection.prepare(std::string(kSelect) +
                                  "WHERE c.tenant = ?1 AND c.id = ?2 ORDER BY k.created_at, k.until > 0 DESC");
  if (!known) return known.error();
  (*known)->bind(1, client.first).bind(2, client.second);
  std::vector<ClientRow> rows;
  for (auto more = (*known)->step();; more = (*known)->step()) {
    if (!more) return more.error();
    if (!*more) return rows;
    if (!is_sealed(**known, keys)) continue;
    auto row = row_of(**known);
    if (!row) return row.error();
    rows.push_back(std::move(*row));
  }
}

// Error: conflict. A client none of whose rows is what the hub wrote is in nobody's way.
Result<void> make_room(store::Connection& connection, const Keys& keys, const Client& client) {
  const auto known = rows_of(connection, keys, {client.tenant, client.id});
  if (!known) return known.error();
  if (!known->empty())
    return fail(Code::conflict, "tenant " + client.tenant + " has a client \"" + client.id + "\" already", "session");
  auto gone = connection.prepare("DELETE FROM clients WHERE tenant = ?1 AND id = ?2");
  if (!gone) return gone.error();
  return run((*gone)->bind(1, client.tenant).bind(2, client.id));
}

Result<void> insert_key(store::Connection& connection, const Keys& keys, const ClientRow& row, WallTime now) {
  auto key = connection.prepare("INSERT INTO client_keys (tenant, key_id, digest, client, created_at, seal_key, "
                                "seal, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
  if (!key) return key.error();
  const KeyedHash seal = seal_of(row).under(keys);
  (*key)->bind(1, row.client.tenant).bind(2, row.key.key_id).bind(3, row.key.digest).bind(4, row.client.id);
  (*key)->bind(5, now.time_since_epoch().count()).bind(6, seal.key_id).bind(7, seal.digest);
  return run((*key)->bind(8, end_of(row.until)));
}

Result<void> delete_key(store::Connection& connection, const ClientRow& row) {
  auto gone = connection.prepare("DELETE FROM client_keys WHERE tenant = ?1 AND key_id = ?2 AND digest = ?3");
  if (!gone) return gone.error();
  return run((*gone)->bind(1, row.client.tenant).bind(2, row.key.key_id).bind(3, row.key.digest));
}

// Its end, and with that its seal; when it was made stays.
Result<void> end_key(store::Connection& connection, const Keys& keys, const ClientRow& row) {
  auto ended = connection.prepare("UPDATE client_keys SET until = ?4, seal_key = ?5, seal = ?6 "
                                  "WHERE tenant = ?1 AND key_id = ?2 AND digest = ?3");
  if (!ended) return ended.error();
  const KeyedHash seal = seal_of(row).under(keys);
  (*ended)->bind(1, row.client.tenant).bind(2, row.key.key_id).bind(3, row.key.digest).bind(4, end_of(row.until));
  return run((*ended)->bind(5, seal.key_id).bind(6, seal.digest));
}

Error no_such_client(const ClientId& client) {
  return fail(Code::not_found, "tenant " + client.first + " has no client \"" + client.second + "\"", "session");
}

} // namespace

Result<std::vector<ClientRow>> load_clients(store::Connection& connection, const Keys& keys, Log& log,
                                            Counter& damaged) {
  auto statement = connection.prepare(std::string(kSelect) + "ORDER BY c.tenant, c.id, k.created_at, k.until > 0 DESC");
  if (!statement) return statement.error();
  std::vector<ClientRow> rows;
  for (auto more = (*statement)->step();; more = (*statement)->step()) {
    if (!more) return more.error();
    if (!*more) return rows;
    if (!is_sealed(**statement, keys)) {
      damaged.add();
      log.error("client.row_damaged", {{"tenant", (*statement)->text(kTenant)},
                                       {"client", (*statement)->text(kId)},
                                       {"message", "it is not what the hub wrote, or the key that sealed it is no "
                                                   "longer under /keys: put that back, or add the client again"}});
      continue;
    }
    auto row = row_of(**statement);
    if (!row) return row.error();
    rows.push_back(std::move(*row));
  }
}

Result<void> insert_client(store::Connection& connection, const Keys& keys, const ClientRow& row, WallTime now) {
  const Client& client = row.client;
  if (const auto room = make_room(connection, keys, client); !room) return room;
  auto added = connection.prepare("INSERT INTO clients (tenant, id, channel, purpose, criticality, sections, scopes, "
                                  "created_at, limits) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
  if (!added) return added.error();
  (*added)->bind(1, client.tenant).bind(2, client.id).bind(3, client.channel).bind(4, client.purpose);
  (*added)->bind(5, client.criticality).bind(6, to_json(client.sections)).bind(7, scopes_json(client.scopes));
  (*added)->bind(8, now.time_since_epoch().count()).bind(9, limits_json(client));
  if (const auto done = run(**added); !done) return done;
  return insert_key(connection, keys, row, now);
}

Result<std::vector<ClientRow>> rotate_key(store::Connection& connection, const Keys& keys, const ClientId& client,
                                          const KeyedHash& key, WallTime old_until, WallTime now) {
  auto rows = rows_of(connection, keys, client);
  if (!rows) return rows.error();
  if (rows->empty()) return no_such_client(client);
  ClientRow added{rows->back().client, key};
  std::vector<ClientRow> good;
  for (ClientRow& row : *rows) {
    const bool is_newest = &row == &rows->back();
    row.until = std::min(row.until, old_until);
    const bool stays = is_newest && now < row.until;
    if (const auto done = stays ? end_key(connection, keys, row) : delete_key(connection, row); !done)
      return done.error();
    if (stays) good.push_back(std::move(row));
  }
  if (const auto done = insert_key(connection, keys, added, now); !done) return done.error();
  good.push_back(std::move(added));
  return good;
}

Result<void> delete_client(store::Connection& connection, const ClientId& client) {
  auto gone = connection.prepare("DELETE FROM clients WHERE tenant = ?1 AND id = ?2");
  if (!gone) return gone.error();
  if (const auto done = run((*gone)->bind(1, client.first).bind(2, client.second)); !done) return done;
  if (connection.changes() == 0) return no_such_client(client);
  return delete_use(connection, client);
}

Result<void> delete_ended_keys(store::Connection& connection, WallTime now) {
  auto gone = connection.prepare("DELETE FROM client_keys WHERE until > 0 AND until <= ?1");
  if (!gone) return gone.error();
  return run((*gone)->bind(1, now.time_since_epoch().count()));
}

} // namespace plugboard::session
