// Which addresses a call may be carried to, and in which protocol. Asked for each address that a name turned out to
// have, and nothing but such an address is connected to then: what was judged is what is reached. Immutable, shared.
// [any thread]
#pragma once

#include "core/http/protocol.hpp"

#include <boost/asio/ip/address.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace plugboard::http {

using Address = boost::asio::ip::address;
using Addresses = std::vector<Address>;

struct Reach {
  std::string name; // those of one name allow the same: only their calls share connections
  std::function<std::string(const Address&)>
      objection;                              // empty: it may be reached; else why not and what would allow it
  Protocol in_the_clear = Protocol::http_1_1; // part of what the name stands for; under TLS the upstream chooses
};

using ReachPtr = std::shared_ptr<const Reach>; // null: everything may be reached

} // namespace plugboard::http
