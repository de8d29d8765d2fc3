// A hub with everything that could leak: systems that answer well, badly and with somebody else's record, connectors in
// the hub and in workers, one that tells all it is given. Its systems live as long as it does. [one thread]
#pragma once

#include "tests/reliability/leaks/people.hpp"
#include "tests/support/hub_process.hpp"
#include "tests/support/sqlite.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/upstream.hpp"

#include <memory>
#include <string>
#include <vector>

namespace plugboard::test {

inline constexpr const char* kVoucher = "voucher-key-0123456789abcdef"; // a client that may vouch and hand over

class LeakyHub {
 public:
  explicit LeakyHub(const std::vector<Person>& people);

  HubProcess& hub() { return *hub_; }

  std::size_t asked() const { return systems_.requests().size(); } // of its systems, ever

  const std::string& temporary() const { return temporary_.path(); } // where its processes may put temporary files

  static std::string command_line(); // the program `plugboard`

 private:
  void script(const std::vector<Person>& people);
  HubConfig config() const;

  TempFolder temporary_, plugins_, data_;
  Upstream systems_;
  std::unique_ptr<HubProcess> hub_;
};

// The sections of "ledger" (in a worker) and "shop" (in the hub), each a way to answer.
const std::vector<std::string>& ways_to_answer();

} // namespace plugboard::test
