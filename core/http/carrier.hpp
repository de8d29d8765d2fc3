// What an order is with while it does not wait its turn: a connection on its way (Dialling), or one that stands, for
// one order at a time (Line, HTTP/1.1) or for many (Trunk, HTTP/2). The pool owns them and hears from them as their
// Owner. [the client's thread]
#pragma once

#include "core/http/order.hpp"
#include "core/http/transport.hpp"

#include <memory>

namespace plugboard::http {

class Dialling;
class Line;
class Trunk;

enum class Again : std::uint8_t { // whether it is sure enough that the order had no effect to send it once more
  no = 1,
  anywhere,          // the upstream said that it has not touched it
  on_new_connection, // the connection was used before, and died before any byte of this answer
};

struct Ending {
  Result<Answer> result;
  Again again = Again::no;
};

class Carrier {
 public:
  virtual void give_up(Order& order) = 0; // cancelled, or too late: nothing of its answer is wanted any more

  // Nothing of what is called here runs an order's done before `changed` or `connected`, which may destroy the carrier
  // and its owner: they are the last thing that a carrier does.
  class Owner {
   public:
    virtual void ended(Order& order, Ending ending) = 0; // the carrier has let go of it
    virtual void connected(Dialling& dialling, std::unique_ptr<Transport> transport) = 0;
    virtual void changed(Dialling& dialling) = 0; // it failed, or fewer wait for it
    virtual void changed(Line& line) = 0;         // it is idle, or not usable any more
    virtual void changed(Trunk& trunk) = 0;       // it has room, or less, or none for ever

   protected:
    ~Owner() = default;
  };

 protected:
  ~Carrier() = default;
};

} // namespace plugboard::http
