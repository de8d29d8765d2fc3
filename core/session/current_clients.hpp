// The directory of clients that counts now, and the two lists it is made of. Shared by Clients and by what that has
// under way in the store. [any thread]
#pragma once

#include "core/session/client_directory.hpp"

#include <functional>
#include <mutex>

namespace plugboard::session {

using DirectoryPtr = std::shared_ptr<const ClientDirectory>;

class CurrentClients {
 public:
  CurrentClients(std::shared_ptr<ClientUses> uses, const std::vector<ClientRow>& stored);

  // All or nothing. Error: invalid_argument: two have one key or certificate.
  Result<void> configure(std::vector<ClientEntry> configured);
  Result<void> put(const std::vector<ClientRow>& rows); // of one stored client, in place of those before
  void remove(const ClientId& client);
  void forget_ended_keys(WallTime now);

  DirectoryPtr get() const;

 private:
  using Entries = std::vector<ClientEntry>;

  ClientEntry entry_of(const std::vector<ClientRow>& rows) const;
  Result<void> change(const std::function<void(Entries& configured, Entries& stored)>& how);

  const std::shared_ptr<ClientUses> uses_;
  std::mutex changing_; // held through a change; guards the two lists
  Entries configured_, stored_;
  mutable std::mutex mutex_; // held for a pointer's copy; guards directory_
  DirectoryPtr directory_;
};

} // namespace plugboard::session
