// The granted files of a connector in a worker: their bytes are kept here for the worker that is there now and for
// those that come after it, and each change is told to it. [any thread]
#pragma once

#include "core/connector/host_files.hpp"
#include "core/connector/in_flight.hpp"
#include "core/wire/messages.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace plugboard::connector {

class WorkerFiles {
 public:
  // granted: as HostFiles' grants. in_flight: where the worker's link is, once it is up.
  WorkerFiles(const std::vector<std::string>& granted, HostFiles& files, const InFlight& in_flight);
  WorkerFiles(const WorkerFiles&) = delete;
  WorkerFiles& operator=(const WorkerFiles&) = delete;

  void watch(); // [start-up] from now on

  std::vector<std::string> folders() const; // absolute, in the order of the worker's folders

  // Writes the frame with files and folders in it, as they are now, for a worker that comes up. own_root: it has one,
  // in which the folders are mounted; else they are where the operator has them.
  void set_up(wire::Setup& setup, bool own_root, WorkerLink& link);
  void came_up(); // tells what changed meanwhile

 private:
  struct File {
    WorkerFiles* files = nullptr;
    std::uint32_t index = 0;
    std::string path, bytes;
    bool readable = false;
    bool told = false; // the worker that is there has these bytes
  };

  static void changed(void* user, plugboard_str bytes);
  void tell(File& file) const;

  HostFiles& host_;
  const InFlight& in_flight_;
  std::vector<std::string> folders_; // as the grants spell them
  std::vector<std::unique_ptr<File>> files_;
  std::mutex mutex_;
};

} // namespace plugboard::connector
