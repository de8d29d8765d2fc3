// What one I/O thread lends to the calls that it serves. Owned by daemon/, one a thread, alive until every connector is
// stopped. [that thread, but for post()]
#pragma once

#include "core/base/clock.hpp"
#include "core/http/client.hpp"
#include "core/http/resolver.hpp"
#include "core/json/reader.hpp"

#include <boost/asio/io_context.hpp>

#include <thread>

namespace plugboard::connector {

struct Home {
  boost::asio::io_context& io;
  http::Client& http;
  http::Resolver& resolver;
  json::Reader& reader;
  const Clock& clock;
  std::thread::id thread; // set by the thread itself when it starts to run `io`
};

} // namespace plugboard::connector
