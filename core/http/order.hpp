// One call on its way through the client: what to send, and who waits for the answer. Owned by the client; pool and
// line hold it only while it is theirs to carry. [the client's thread]
#pragma once

#include "core/http/client.hpp"
#include "core/http/timers.hpp"

#include <memory>
#include <optional>
#include <string>

namespace plugboard::http {

class Line;
class Pool;

struct Order {
  Client::Id id = 0;
  std::string bytes; // of the request
  bool is_head = false;
  bool idempotent = false;
  std::size_t max_body_bytes = 0;
  Client::Done done;
  std::optional<Timers::Id> deadline;
  Pool* pool = nullptr;       // null: it has none yet, and will not get one
  std::shared_ptr<Line> line; // that carries it; null while it waits its turn
  bool sent_again = false;
};

} // namespace plugboard::http
