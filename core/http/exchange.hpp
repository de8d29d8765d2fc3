// The connection's side of a Responder. Internal to core/http. [the server's thread]
#pragma once

#include "core/http/server.hpp"

#include <functional>

namespace plugboard::http {

class Exchange {
 public:
  virtual ~Exchange() = default;
  virtual void answer(Response response) = 0; // at most once a request
  virtual void drop() = 0;                    // instead of answer: nobody will
  virtual void on_gone(std::function<void()> handler) = 0;
};

} // namespace plugboard::http
