// Added clients as rows of the store, with the keyed hash of their key. [the store's thread that runs the job]
#pragma once

#include "core/session/client.hpp"
#include "core/session/keys.hpp"
#include "core/store/database.hpp"

namespace plugboard::session {

struct ClientRow {
  Client client;
  KeyedHash key;
};

// By tenant and id. A client with several keys has as many rows. One whose row is not what the hub wrote is left out,
// which is logged.
Result<std::vector<ClientRow>> load_clients(store::Connection& connection, const Keys& keys, Log& log,
                                            Counter& damaged);

// Error: conflict when its tenant has a client of this id. It takes the place of one that load_clients() leaves out.
Result<void> insert_client(store::Connection& connection, const Keys& keys, const ClientRow& row, WallTime now);

} // namespace plugboard::session
