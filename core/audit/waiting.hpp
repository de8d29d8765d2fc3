// What waits to be put on record, and who waits for it: bounded, answered once, in time. Whoever asked is told that it
// failed when its time is over, also while the recorder hangs in the disk; what is written after all is then followed
// by an outcome that says so. Where memory ends nobody is forgotten: what throws has changed nothing. [any thread]
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
  // when there is nothing that hurries. company: how long the first that hurries lets others join it. Who waits for it
  // is in hand until answer() or refuse().
  std::vector<Entry> take(std::size_t most_bytes, Duration company = {});
  // They are on record, the first of them as `first`. Returns those of which nobody heard in time.
  std::vector<Receipt> answer(std::vector<Entry> entries, std::uint64_t first);
  void refuse(const Error& why); // all that is in hand: it is not on record. Takes no memory that it can't wait for

  // For the watch: refuses what has waited too long. True: the recorder has something in hand that long, it hangs.
  bool refuse_late();

  void fail(); // from now on, until works(): all is refused at once
  void works();
  bool fails() const;

  std::uint64_t take_lost(); // since the last time

  void close(); // take() no more waits
  bool is_closing() const;
  bool is_empty() const;

 private:
  struct Asker {
    Poster back;
    Trail::Done done; // null: told, or nobody waits
    Instant since{};
  };

  struct Item {
    Entry entry;
    Asker asker;
  };

  static void tell(Asker asker, Result<Receipt> result); // without the lock
  static void tell_refusal(Asker asker, const Error& why);
  std::optional<Asker> next_late(Instant oldest, bool& hangs);      // that was not told yet
  std::optional<Asker> next_waiting(std::optional<Instant> oldest); // of those not in hand; its item goes

  const Limits limits_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable came_, closing_; // closing_: not woken by each that joins
  std::deque<Item> items_;
  std::vector<Asker> in_hand_; // one for each entry that was taken
  std::size_t awaited_ = 0;    // among items_
  std::uint64_t lost_ = 0;
  bool failing_ = false, closed_ = false;
};

} // namespace plugboard::audit
