// Looks at granted files every now and then and hands their bytes over when they changed. One small thread a connector
// that watches any, so that no I/O thread ever waits for a disk. [any thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/base/crypto.hpp"
#include "core/base/result.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace plugboard::connector {

class FileWatch {
 public:
  // trouble(): a file can't be read any more, or again; once each time.
  FileWatch(Duration poll, std::function<void(std::string_view)> trouble);
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  // changed() runs once before watch returns, if the file can be read, and after each change; for one file never two at
  // once. Error: it can't be read now; it is watched all the same.
  Result<void> watch(std::string path, std::function<void(std::string_view bytes)> changed);

  // Starts to look for changes. Not before whoever watches is there to stay: until then nothing needs to be stopped.
  void start();
  void stop(); // when it returns, changed() does not run and never will again

 private:
  struct Seen { // what stat says of it; the same: not read again
    std::int64_t device = 0, inode = 0, size = 0, modified_ns = 0, status_ns = 0;
    bool operator==(const Seen&) const = default;
  };

  struct File {
    std::string path;
    std::function<void(std::string_view)> changed;
    std::mutex looking; // held while it is read and handed over
    std::optional<Seen> seen;
    std::optional<Digest> digest; // of what was handed over
    bool in_trouble = false;
  };

  void start_thread(); // under the mutex, once there is something to look at
  static std::optional<Seen> stat_of(const std::string& path);
  Result<void> look(File& file);
  void run();

  const Duration poll_;
  const std::function<void(std::string_view)> trouble_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool started_ = false, stopping_ = false;
  std::vector<std::shared_ptr<File>> files_;
  std::thread thread_;
};

} // namespace plugboard::connector
