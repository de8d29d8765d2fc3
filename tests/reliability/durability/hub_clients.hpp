// Clients that write to a real hub, each in a thread of its own, until it ends under them; and how to ask it
// afterwards. What it acknowledged stands in the ledger.
#pragma once

#include "tests/reliability/durability/ledger.hpp"
#include "tests/support/hub_process.hpp"

#include <atomic>
#include <thread>

namespace plugboard::test {

// The hub that durability is shown on: one client that may do everything, and more subjects than one.
HubConfig durable_hub();

std::string login_of(const std::string& subject); // the body that makes a session of this customer
std::string with_session(const std::string& token);
std::string subject_of(std::uint64_t number); // one of a few, so that customers come again

// How the ledger's hub is asked, over one connection.
Ledger::Hub asked_over(Connection& connection);

std::optional<std::string> try_create(Connection& connection, const std::string& subject, Ledger& ledger);

class MixedWriters {
 public:
  MixedWriters(int port, std::string admin_socket, Ledger& ledger, std::uint64_t seed);
  ~MixedWriters(); // after the hub has ended, or stop()
  MixedWriters(const MixedWriters&) = delete;
  MixedWriters& operator=(const MixedWriters&) = delete;

  void stop() { stop_ = true; }

 private:
  void customers(std::uint64_t seed);
  void admin(std::uint64_t seed);

  const int port_;
  const std::string admin_socket_;
  Ledger& ledger_;
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

} // namespace plugboard::test
