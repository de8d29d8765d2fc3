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
  std::shared_ptr<WorkerLink> begin(Handle call);                  // null: closed
  bool answered(Handle call);                                      // false: it has no such call
  std::shared_ptr<WorkerLink> cancelled(Handle call, Instant now); // null: nothing to tell anybody

  std::shared_ptr<WorkerLink> link() const; // null: closed

  bool any_cancelled() const;
  bool ignores_cancel(Instant now, Duration grace) const; // one that was cancelled so long ago and not answered

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<WorkerLink> link_;
  std::unordered_map<Handle, Instant> calls_; // when it was cancelled; max: it was not
  std::size_t cancelled_ = 0;
};

} // namespace plugboard::connector
