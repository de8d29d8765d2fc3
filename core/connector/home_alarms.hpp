// plugboard.host.clock/1, the half that runs on the home's thread: waits with one timer for all, tells each once, and
// at once those that nobody waits for any more. Owned by a desk. [the home's thread]
#pragma once

#include "core/connector/alarm.hpp"
#include "core/connector/deadlines.hpp"
#include "core/connector/mailbox.hpp"

#include <memory>
#include <unordered_map>

namespace plugboard::connector {

class HomeAlarms {
 public:
  HomeAlarms(Home& home, Mailbox& mailbox);

  // Tells it from the timer even when there is nothing to wait for: whoever asks again in when() would else never come
  // back from it. 0: told already, that it can't wait.
  std::uint64_t begin(std::unique_ptr<Alarm> alarm);
  void refuse(std::unique_ptr<Alarm> alarm); // tells it that it was cancelled
  void cancel(std::uint64_t id);             // the same, if it has not been told yet
  void close();                              // the same for all; before the io_context goes

 private:
  void tell(std::uint64_t id, std::int32_t outcome);
  void tell(const Alarm& alarm, std::int32_t outcome);

  Mailbox& mailbox_;
  std::unique_ptr<Deadlines> due_; // null once closed
  std::unordered_map<std::uint64_t, std::unique_ptr<Alarm>> waiting_;
  std::uint64_t next_ = 1;
};

} // namespace plugboard::connector
