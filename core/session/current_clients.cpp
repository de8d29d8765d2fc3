#include "core/session/current_clients.hpp"

#include <algorithm>

namespace plugboard::session {

namespace {

bool is(const ClientEntry& entry, const ClientId& client) {
  return entry.client->tenant == client.first && entry.client->id == client.second;
}

} // namespace

CurrentClients::CurrentClients(std::shared_ptr<ClientUses> uses, const std::vector<ClientRow>& stored)
    : uses_(std::move(uses)), directory_(std::make_shared<ClientDirectory>()) {
  for (auto row = stored.begin(); row != stored.end();) {
    const auto same = [&](const ClientRow& other) {
      return other.client.tenant == row->client.tenant && other.client.id == row->client.id;
    };
    const auto next = std::find_if_not(row, stored.end(), same);
    stored_.push_back(entry_of({row, next}));
    row = next;
  }
}

ClientEntry CurrentClients::entry_of(const std::vector<ClientRow>& rows) const {
  Client client = rows.back().client;
  client.use = uses_->of({client.tenant, client.id});
  ClientEntry entry{std::make_shared<const Client>(std::move(client)), {}};
  for (const ClientRow& row : rows) entry.keys.push_back({row.key, row.until});
  return entry;
}

Result<void> CurrentClients::change(const std::function<void(Entries&, Entries&)>& how) {
  const std::lock_guard changing(changing_);
  Entries configured = configured_, stored = stored_;
  how(configured, stored);
  auto made = ClientDirectory::make(configured, stored);
  if (!made) return made.error();
  configured_ = std::move(configured);
  stored_ = std::move(stored);
  const std::lock_guard lock(mutex_);
  directory_.swap(*made); // the old one dies after the lock
  return {};
}

Result<void> CurrentClients::configure(std::vector<ClientEntry> configured) {
  return change([&](Entries& now, Entries&) { now = std::move(configured); });
}

Result<void> CurrentClients::put(const std::vector<ClientRow>& rows) {
  const ClientEntry entry = entry_of(rows);
  return change([&](Entries&, Entries& stored) {
    std::erase_if(stored, [&](const ClientEntry& one) { return is(one, {entry.client->tenant, entry.client->id}); });
    stored.push_back(entry);
  });
}

void CurrentClients::remove(const ClientId& client) {
  static_cast<void>(change([&](Entries&, Entries& stored) { // fewer of them can't be in each other's way
    std::erase_if(stored, [&](const ClientEntry& one) { return is(one, client); });
  }));
  uses_->forget(client);
}

void CurrentClients::forget_ended_keys(WallTime now) {
  static_cast<void>(change([&](Entries&, Entries& stored) {
    for (ClientEntry& entry : stored) std::erase_if(entry.keys, [&](const ClientKey& key) { return key.until <= now; });
  }));
}

DirectoryPtr CurrentClients::get() const {
  const std::lock_guard lock(mutex_);
  return directory_;
}

} // namespace plugboard::session
