// The calls that a worker has now, and the link that they went over. What is begun while it goes down is either refused
// or among those that are taken to be answered in its stead. [any thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/connector/worker_link.hpp"

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace plugboard::connector {

class InFlight {
 public:
  using Handle = std::uint64_t;

  void open(std::shared_ptr<WorkerLink> link);                     // calls are welcome
  std::vector<Handle> close();                                     // no more; those that were not answered
  std::shared_ptr<WorkerLink> begin(Handle call, Instant until);   // until: as it is told. null: closed
  bool answered(Handle call);                                      // false: it has no such call
  std::shared_ptr<WorkerLink> cancelled(Handle call, Instant now); // null: nothing to tell anybody

  std::shared_ptr<WorkerLink> link() const; // null: closed

  bool any_cancelled() const;
  // One that was cancelled and whose time is over, both so long ago, and that was not answered: a client who leaves
  // early does not cut short the time that a plugin was given.
  bool ignores_cancel(Instant now, Duration grace) const;

 private:
  struct Call {
    Instant until{}; // the time that it was given; if it was cancelled after that, then
    bool cancelled = false;
  };

  mutable std::mutex mutex_;
  std::shared_ptr<WorkerLink> link_;
  std::unordered_map<Handle, Call> calls_;
  std::size_t cancelled_ = 0;
};

} // namespace plugboard::connector
