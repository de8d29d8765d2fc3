// A launcher and the worker behind it as processes: started, killed, waited for. Owned by a runner; destroying it kills
// both, and waits until they are gone. [one thread at a time]
#pragma once

#include "core/base/result.hpp"

#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>

namespace plugboard::connector {

class WorkerProcess {
 public:
  struct Started {
    std::unique_ptr<WorkerProcess> process;
    int socket = -1; // the hub's end, non-blocking; -1: somebody took it

    Started(std::unique_ptr<WorkerProcess> made, int end) : process(std::move(made)), socket(end) {}

    Started(Started&& other) noexcept : process(std::move(other.process)), socket(std::exchange(other.socket, -1)) {}

    Started& operator=(Started&&) = delete;
    ~Started();
  };

  // program: plugboard-worker. plugin: descriptor of its bytes, duplicated.
  // The thread that calls it must outlive the worker, which ends with it.
  static Result<Started> start(const std::string& program, int plugin);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  int descriptor() const { return launcher_fd_; } // readable when it has ended

  void know_worker(pid_t worker); // as the launcher said: it is killed at first hand from now on
  void kill();

  std::optional<std::string> how_it_ended(); // nothing: it has not; then it is reaped
  void wait();                               // until it has

 private:
  explicit WorkerProcess(int launcher_fd) : launcher_fd_(launcher_fd) {}

  bool reap(int options);

  const int launcher_fd_;
  int worker_fd_ = -1;
  std::optional<std::string> ended_;
};

} // namespace plugboard::connector
