// Added clients as rows of the store, with the keyed hashes of their keys. [the store's thread that runs the job]
#pragma once

#include "core/session/client.hpp"
#include "core/session/client_uses.hpp"
#include "core/session/keys.hpp"
#include "core/store/database.hpp"

namespace plugboard::session {

struct ClientRow { // of one key
  Client client;
  KeyedHash key;
  WallTime until = WallTime::max(); // when the key stops being good
};

// By tenant and id, then by the age of their keys. A client with several keys has as many rows. One whose row is not
// what the hub wrote is left out, which is logged.
Result<std::vector<ClientRow>> load_clients(store::Connection& connection, const Keys& keys, Log& log,
                                            Counter& damaged);

// Error: conflict when its tenant has a client of this id. It takes the place of one that load_clients() leaves out.
Result<void> insert_client(store::Connection& connection, const Keys& keys, const ClientRow& row, WallTime now);

// Gives it one more key; the newest before that is good until old_until, and none before that one. Returns its rows
// from now on. Error: not_found.
Result<std::vector<ClientRow>> rotate_key(store::Connection& connection, const Keys& keys, const ClientId& client,
                                          const KeyedHash& key, WallTime old_until, WallTime now);

// With its keys and what it used. Error: not_found.
Result<void> delete_client(store::Connection& connection, const ClientId& client);

Result<void> delete_ended_keys(store::Connection& connection, WallTime now);

} // namespace plugboard::session
