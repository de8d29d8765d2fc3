// The processes below a launcher: the worker, and before it the one that is the first of its pid namespace, which does
// nothing: were the worker the first, it could not die of its own signals, and abort() would look like something else.
// Nobody of them outlives the launcher. [the launcher's thread]
#pragma once

#include "core/worker/confine.hpp"
#include "core/worker/descriptor.hpp"

#include <sys/types.h>

#include <string>

namespace plugboard::worker {

void reset_signals(); // all as a process has them that was never told anything

class Family {
 public:
  struct Inheritance {
    int program, socket, plugin; // descriptors; the worker has the last only where it has no root of its own
    bool own_pids = false;
  };

  // The worker waits to be let go. Why it could not be started; empty: it was.
  std::string start(const Inheritance& inheritance, const Confinement& confinement);

  pid_t worker() const { return worker_; }

  void let_go();

  // Until the worker has ended and nobody of them is left; then ends as it did, or returns its exit code.
  int wait();

 private:
  [[noreturn]] void be_first();
  [[noreturn]] void be_worker(const Inheritance& inheritance, const Confinement& confinement);

  pid_t first_ = 0, worker_ = 0;
  Descriptor life_of_launcher_, word_to_go_;  // read by those below: the end of the first is the launcher's end
  Descriptor launcher_lives_, launcher_says_; // written by the launcher
};

} // namespace plugboard::worker
