#include "core/session/client_directory.hpp"

namespace plugboard::session {

Result<std::shared_ptr<const ClientDirectory>> ClientDirectory::make(const std::vector<ClientEntry>& configured,
                                                                     const std::vector<ClientEntry>& stored) {
  auto directory = std::make_shared<ClientDirectory>();
  for (const ClientEntry& entry : configured) {
    if (const auto entered = directory->enter(entry); !entered) return entered.error();
  }
  for (const ClientEntry& entry : stored) {
    const auto known = directory->by_id_.find({entry.client->tenant, entry.client->id});
    if (known != directory->by_id_.end() && known->second->from_configuration) continue; // hidden while configured
    if (const auto entered = directory->enter(entry); !entered) return entered.error();
  }
  return std::shared_ptr<const ClientDirectory>(std::move(directory));
}

Result<void> ClientDirectory::enter(const ClientEntry& entry) {
  by_id_[{entry.client->tenant, entry.client->id}] = entry.client;
  const auto [known, entered] = by_key_.emplace(entry.key, entry.client);
  if (entered) return {};
  return fail(Code::invalid_argument,
              "clients \"" + known->second->id + "\" and \"" + entry.client->id +
                  "\" have the same key; each needs its own",
              "clients");
}

ClientPtr ClientDirectory::find(const KeyedHash& key) const {
  const auto found = by_key_.find(key);
  return found != by_key_.end() ? found->second : nullptr;
}

std::vector<ClientPtr> ClientDirectory::list() const {
  std::vector<ClientPtr> clients;
  for (const auto& [id, client] : by_id_) clients.push_back(client);
  return clients;
}

} // namespace plugboard::session
