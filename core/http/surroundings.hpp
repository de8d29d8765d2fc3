// What every part of one client shares. The client owns all of it and outlives the parts. [the client's thread]
#pragma once

#include "core/http/client.hpp"
#include "core/http/timers.hpp"

#include <vector>

namespace plugboard::http {

class Tls;

struct Surroundings {
  boost::asio::io_context& io;
  const Clock& clock;
  Timers& timers;
  Tls& tls;
  const ClientLimits& limits;
  std::vector<char>& scratch; // what is being read right now
};

} // namespace plugboard::http
