// What the plugin asked and the hub has still to answer: a thread of the plugin's waits for it, or the loop's own reads
// on until it is there. [any thread]
#pragma once

#include "core/base/secret.hpp"
#include "core/wire/messages.hpp"
#include "core/worker/inbox.hpp"
#include "core/worker/outbox.hpp"

#include <condition_variable>
#include <map>
#include <mutex>

namespace plugboard::worker {

class Questions {
 public:
  struct Answer {
    bool there = false;
    std::int32_t result = 0;
    Secret value;
  };

  Questions(Inbox& inbox, Outbox& outbox) : inbox_(inbox), outbox_(outbox) {}

  Answer secret(std::string_view handle); // waits for it

  void answered(const wire::SecretValue& value); // [the loop's thread]

 private:
  bool is_there(std::uint64_t question);

  Inbox& inbox_;
  Outbox& outbox_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::uint64_t next_ = 1;
  std::map<std::uint64_t, Answer> open_;
};

} // namespace plugboard::worker
