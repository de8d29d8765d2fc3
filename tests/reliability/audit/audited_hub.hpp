// A hub with one system behind it, and what the command line says of its audit trail. [one thread]
#pragma once

#include "tests/support/hub_process.hpp"
#include "tests/support/upstream.hpp"

#include <string>
#include <vector>

namespace plugboard::test {

// Two sections, shop.profile and shop.orders, and canary.song; audit: the configuration's part, with a comma behind.
HubConfig audited_hub(Upstream& upstream, const std::string& audit = "");

struct Told { // by the command line
  int code = 0;
  std::string out, err;
};

Told plugboard_says(const std::vector<std::string>& words);

// Of all records in the files, in their order.
std::vector<std::string> records_of(const HubProcess& hub);

} // namespace plugboard::test
