// One call on its way through the client: what to send, and who waits for the answer. Owned by the client; pool and
// carrier hold it only while it is theirs to carry. [the client's thread]
#pragma once

#include "core/http/client.hpp"
#include "core/http/timers.hpp"

#include <cstdint>
#include <optional>

namespace plugboard::http {

class Carrier;
class Pool;

struct Order {
  Client::Id id = 0;
  Call call;
  bool is_head = false;
  bool idempotent = false;
  std::size_t max_body_bytes = 0;
  Client::Done done;
  std::optional<Timers::Id> deadline;
  Pool* pool = nullptr;       // null: it has none yet, and will not get one
  Carrier* carrier = nullptr; // null while it waits its turn
  std::int32_t stream = 0;    // of a trunk
  bool sent_again = false;
  bool on_new_connection = false; // what was pooled before may be as dead as the one that failed it
};

} // namespace plugboard::http
