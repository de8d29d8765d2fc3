#include "core/session/client_directory.hpp"

#include <algorithm>

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
  const auto twice = [&](const ClientPtr& other, const std::string& what) {
    return fail(Code::invalid_argument,
                "clients \"" + other->id + "\" and \"" + entry.client->id + "\" have the same " + what +
                    "; each needs its own",
                "clients");
  };
  for (const auto& [hash, until] : entry.keys)
    if (const auto [known, entered] = by_key_.emplace(hash, Owner{entry.client, until}); !entered)
      return twice(known->second.client, "key");
  if (entry.certificate)
    if (const auto [known, entered] = by_certificate_.emplace(*entry.certificate, entry.client); !entered)
      return twice(known->second, "certificate");
  return {};
}

ClientPtr ClientDirectory::find(const KeyedHash& key, WallTime now) const {
  const auto found = by_key_.find(key);
  return found != by_key_.end() && now < found->second.until ? found->second.client : nullptr;
}

ClientPtr ClientDirectory::find(const ClientId& id) const {
  const auto found = by_id_.find(id);
  return found != by_id_.end() ? found->second : nullptr;
}

std::vector<ClientPtr> ClientDirectory::find(const CertificateNames& names) const {
  std::vector<ClientPtr> clients;
  if (by_certificate_.empty()) return clients;
  for (const auto& rule : rules_met_by(names))
    if (const auto found = by_certificate_.find(rule);
        found != by_certificate_.end() && std::find(clients.begin(), clients.end(), found->second) == clients.end())
      clients.push_back(found->second);
  return clients;
}

bool ClientDirectory::has_ended_keys(WallTime now) const {
  return std::any_of(by_key_.begin(), by_key_.end(), [&](const auto& key) { return key.second.until <= now; });
}

std::vector<ClientPtr> ClientDirectory::list() const {
  std::vector<ClientPtr> clients;
  for (const auto& [id, client] : by_id_) clients.push_back(client);
  return clients;
}

} // namespace plugboard::session
