// What every part of one client shares. The client owns it or was given it, and outlives the parts. [the client's
// thread]
#pragma once

#include "core/http/client.hpp"
#include "core/http/resolver.hpp"
#include "core/http/timers.hpp"

#include <vector>

namespace plugboard::http {

class Outbox;
class Tls;

struct Surroundings {
  boost::asio::io_context& io;
  const Clock& clock;
  Timers& timers;
  Resolver& resolver;
  Tls& tls;
  const ClientLimits& limits;
  std::vector<char>& scratch; // what is being read right now
  Log& log;
  Outbox& outbox;
};

} // namespace plugboard::http
