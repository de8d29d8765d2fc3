// The use of every client, by tenant and id: it outlives reloads of the configuration, and what a day's quota has lost
// is put into the store every few seconds and at the end, so that a restart gives nothing back; a crash forgets at most
// what was used since the last tend. [any thread]
#pragma once

#include "core/session/client_use.hpp"
#include "core/store/database.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace plugboard::session {

using ClientId = std::pair<std::string, std::string>; // tenant, id
using ClientUsePtr = std::shared_ptr<ClientUse>;

class ClientUses {
 public:
  Result<void> load(store::Connection& connection);

  ClientUsePtr of(const ClientId& client); // always the same one for a client
  void forget(const ClientId& client);     // it is gone; one of its name begins anew

  // What the store does not have yet, as a job for its thread; empty when there is nothing.
  store::Database::Job next_save();

 private:
  struct Entry {
    ClientUsePtr use = std::make_shared<ClientUse>();
    DayUse saved{};
  };

  mutable std::mutex mutex_;
  std::map<ClientId, Entry> entries_;
};

Result<void> delete_use(store::Connection& connection, const ClientId& client);

} // namespace plugboard::session
