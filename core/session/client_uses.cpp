#include "core/session/client_uses.hpp"

namespace plugboard::session {

namespace {

struct Saved {
  ClientId client;
  DayUse use;
};

Result<void> save(store::Connection& connection, const Saved& one) {
  auto statement = connection.prepare("INSERT INTO client_use (tenant, client, day, contexts) VALUES (?1, ?2, ?3, ?4) "
                                      "ON CONFLICT (tenant, client) DO UPDATE SET day = ?3, contexts = ?4");
  if (!statement) return statement.error();
  (*statement)->bind(1, one.client.first).bind(2, one.client.second).bind(3, one.use.day).bind(4, one.use.used);
  if (auto stepped = (*statement)->step(); !stepped) return stepped.error();
  return {};
}

} // namespace

Result<void> ClientUses::load(store::Connection& connection) {
  auto statement = connection.prepare("SELECT tenant, client, day, contexts FROM client_use");
  if (!statement) return statement.error();
  const std::lock_guard lock(mutex_);
  for (auto more = (*statement)->step();; more = (*statement)->step()) {
    if (!more) return more.error();
    if (!*more) return {};
    auto& entry = entries_[{std::string((*statement)->text(0)), std::string((*statement)->text(1))}];
    entry.saved = {(*statement)->integer(2), (*statement)->integer(3)};
    entry.use->contexts.restore(entry.saved);
  }
}

ClientUsePtr ClientUses::of(const ClientId& client) {
  const std::lock_guard lock(mutex_);
  return entries_[client].use;
}

void ClientUses::forget(const ClientId& client) {
  const std::lock_guard lock(mutex_);
  entries_.erase(client);
}

// One that fails to be saved is saved with the client's next context.
store::Database::Job ClientUses::next_save() {
  std::vector<Saved> unsaved;
  {
    const std::lock_guard lock(mutex_);
    for (auto& [client, entry] : entries_)
      if (const auto use = entry.use->contexts.use(); use != entry.saved) {
        unsaved.push_back({client, use});
        entry.saved = use;
      }
  }
  if (unsaved.empty()) return {};
  return [unsaved = std::move(unsaved)](store::Connection& connection) -> Result<void> {
    for (const auto& one : unsaved)
      if (auto saved = save(connection, one); !saved) return saved;
    return {};
  };
}

Result<void> delete_use(store::Connection& connection, const ClientId& client) {
  auto statement = connection.prepare("DELETE FROM client_use WHERE tenant = ?1 AND client = ?2");
  if (!statement) return statement.error();
  (*statement)->bind(1, client.first).bind(2, client.second);
  if (auto stepped = (*statement)->step(); !stepped) return stepped.error();
  return {};
}

} // namespace plugboard::session
