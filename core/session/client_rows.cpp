#include "core/session/client_rows.hpp"

#include "core/session/lists.hpp"
#include "core/session/seal.hpp"

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

// All that a client may, and whose key it is.
Seal seal_of(const store::Statement& row) {
  Seal seal("client_keys");
  for (int column = 0; column < 9; ++column) seal.add(row.text(column));
  return seal;
}

Seal seal_of(const ClientRow& row) {
  const Client& client = row.client;
  Seal seal("client_keys");
  seal.add(client.tenant).add(client.id).add(client.channel).add(client.purpose).add(client.criticality);
  seal.add(to_json(client.sections)).add(scopes_json(client.scopes)).add(row.key.key_id).add(row.key.digest);
  return seal;
}

Result<ClientRow> row_of(const store::Statement& statement) {
  auto sections = texts_of(statement.text(5));
  if (!sections) return sections.error();
  const auto scopes = scopes_of(statement.text(6));
  if (!scopes) return scopes.error();
  ClientRow row;
  row.client.tenant = statement.text(0);
  row.client.id = statement.text(1);
  row.client.channel = statement.text(2);
  row.client.purpose = statement.text(3);
  row.client.criticality = statement.text(4);
  row.client.sections = std::move(*sections);
  row.client.scopes = *scopes;
  row.key = {std::string(statement.text(7)), std::string(statement.text(8))};
  return row;
}

Result<void> run(store::Statement& statement) {
  const auto stepped = statement.step();
  if (!stepped) return stepped.error();
  return {};
}

// A row a key: what its seal says, in that order, and the seal.
constexpr std::string_view kSelect =
    "SELECT c.tenant, c.id, c.channel, c.purpose, c.criticality, c.sections, c.scopes, k.key_id, k.digest, "
    "k.seal_key, k.seal FROM clients c JOIN client_keys k ON k.tenant = c.tenant AND k.client = c.id ";

bool is_sealed(const store::Statement& row, const Keys& keys) {
  return seal_of(row).matches(keys, {std::string(row.text(9)), std::string(row.text(10))});
}

// Error: conflict. A client none of whose rows is what the hub wrote is in nobody's way.
Result<void> make_room(store::Connection& connection, const Keys& keys, const Client& client) {
  auto known = connection.prepare(std::string(kSelect) + "WHERE c.tenant = ?1 AND c.id = ?2");
  if (!known) return known.error();
  (*known)->bind(1, client.tenant).bind(2, client.id);
  for (auto more = (*known)->step(); !more || *more; more = (*known)->step()) {
    if (!more) return more.error();
    if (is_sealed(**known, keys))
      return fail(Code::conflict, "tenant " + client.tenant + " has a client \"" + client.id + "\" already", "session");
  }
  auto gone = connection.prepare("DELETE FROM clients WHERE tenant = ?1 AND id = ?2");
  if (!gone) return gone.error();
  return run((*gone)->bind(1, client.tenant).bind(2, client.id));
}

} // namespace

Result<std::vector<ClientRow>> load_clients(store::Connection& connection, const Keys& keys, Log& log,
                                            Counter& damaged) {
  auto statement = connection.prepare(std::string(kSelect) + "ORDER BY c.tenant, c.id, k.created_at");
  if (!statement) return statement.error();
  std::vector<ClientRow> rows;
  for (auto more = (*statement)->step();; more = (*statement)->step()) {
    if (!more) return more.error();
    if (!*more) return rows;
    if (!is_sealed(**statement, keys)) {
      damaged.add();
      log.error("client.row_damaged", {{"tenant", (*statement)->text(0)},
                                       {"client", (*statement)->text(1)},
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
  const std::int64_t created_at = now.time_since_epoch().count();
  auto added = connection.prepare("INSERT INTO clients (tenant, id, channel, purpose, criticality, sections, scopes, "
                                  "created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
  if (!added) return added.error();
  (*added)->bind(1, client.tenant).bind(2, client.id).bind(3, client.channel).bind(4, client.purpose);
  (*added)->bind(5, client.criticality).bind(6, to_json(client.sections)).bind(7, scopes_json(client.scopes));
  (*added)->bind(8, created_at);
  if (const auto done = run(**added); !done) return done;
  auto key = connection.prepare("INSERT INTO client_keys (tenant, key_id, digest, client, created_at, seal_key, "
                                "seal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
  if (!key) return key.error();
  const KeyedHash seal = seal_of(row).under(keys);
  (*key)->bind(6, seal.key_id).bind(7, seal.digest);
  (*key)->bind(1, client.tenant).bind(2, row.key.key_id).bind(3, row.key.digest).bind(4, client.id);
  return run((*key)->bind(5, created_at));
}

} // namespace plugboard::session
