// What waits to be put on record, and who waits for it: bounded, answered once, in time. Whoever asked is told that it
// failed when its time is over, also while the recorder hangs in the disk; what is written after all is then followed
// by an outcome that says so. [any thread]
#pragma once

#include "core/audit/trail.hpp"
#include "core/base/clock.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::audit {

struct Entry {
  std::string_view kind; // a constant
  std::string members, about;
  bool is_awaited = false;
};

class Waiting {
 public:
  struct Limits {
    std::size_t awaited = 8192;       // more are refused: overloaded
    std::size_t not_awaited = 65'536; // outcomes and refusals; more are lost, and counted
    Duration patience = std::chrono::milliseconds(700);
    std::chrono::milliseconds linger{500}; // how long what nobody waits for may lie here
  };

  Waiting(Limits limits, const Clock& clock) : limits_(limits), clock_(clock) {}

  void push(Entry entry, Poster back, Trail::Done done); // done: answered here at once when it can't be taken
  void push(Entry entry);                                // nobody waits

  // For the recorder: what came, oldest first, at most so many bytes of it; waits for it, and no longer than the linger
  // when there is nothing that hurries. The entries stay in hand until answer() or give_back().
  std::vector<Entry> take(std::size_t most_bytes);
  // They are on record, the first of them as `first`. Returns those of which nobody heard in time.
  std::vector<Receipt> answer(std::vector<Entry> entries, std::uint64_t first);
  // They are not: who waits is told, what nobody waits for comes first next time.
  void give_back(std::vector<Entry> entries, const Error& why);

  // For the watch: refuses what has waited too long. True: the recorder has something in hand that long, it hangs.
  bool refuse_late();

  void fail(const Error& why); // from now on, until works(): all is refused at once
  void works();
  bool fails() const;

  std::uint64_t take_lost(); // since the last time

  void close(); // take() no more waits
  bool is_closing() const;
  bool is_empty() const;

 private:
  struct Asker {
    Poster back;
    Trail::Done done; // null: told
    Instant since{};
  };

  using Told = std::vector<std::pair<Asker, Result<Receipt>>>;

  static void tell(Told told); // without the lock
  bool has_urgent() const;

  const Limits limits_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Entry> entries_;
  std::deque<Asker> askers_; // of the awaited among entries_, in their order
  std::deque<Asker> in_hand_;
  std::size_t not_awaited_ = 0;
  std::uint64_t lost_ = 0;
  std::optional<Error> failing_;
  bool closed_ = false;
};

} // namespace plugboard::audit
