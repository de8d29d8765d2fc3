// A disk that fails on command, as an SQLite VFS over the system's: a flush or a write that fails, no room, and power
// loss: what was written since the last flush of a file may be there, in part or not at all; a file that was made or
// removed since the folder was flushed may be missing, or back. [any thread]
#pragma once

#include "core/base/random.hpp"

#include <sqlite3.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::testing {

class FaultyDisk {
 public:
  explicit FaultyDisk(std::string vfs_name);
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  const std::string& vfs() const { return name_; }

  // The n-th flush or write from now fails (0: none), and every one after it if `from_then_on`.
  void fail_flush(int nth, bool from_then_on = false);
  void fail_write(int nth, bool from_then_on = false);

  void set_full(bool full) { full_ = full; }

  // Every write into another file than a log fails with this code of SQLite's (SQLITE_OK: none).
  void fail_home(int code) { home_ = code; }

  // Files of this kind (SQLITE_OPEN_MAIN_DB, SQLITE_OPEN_WAL; 0: none) can only be opened for reading, which SQLite
  // then does without a word.
  void read_only(int kind) { read_only_ = kind; }

  int flags_for(int flags) const;

  int flushes() const { return flushes_; }

  int writes() const { return writes_; }

  // Writes what the disk would hold if the power went now into `folder`.
  void lose_power(const std::string& folder, Random& random) const;

  // For the VFS' functions.
  struct Change {
    std::int64_t at; // the new size, when bytes are cut off
    std::string bytes;
    bool cut = false;
  };

  int before_write(const std::string& path);
  int before_flush();
  void opened(const std::string& path, bool existed, bool flushes_folder);
  void changed(const std::string& path, Change change);
  void flushed(const std::string& path);
  void removed(const std::string& path, bool flushed_folder);

  sqlite3_vfs* system() const { return system_; }

 private:
  struct File {
    std::string durable;
    std::vector<Change> pending;
    bool named = true;           // the folder on the disk has its name
    bool flushes_folder = false; // SQLite flushes the folder with the first flush of this file
  };

  struct Countdown {
    std::atomic<int> left{0};
    std::atomic<bool> stays{false};
    bool hits();
  };

  static void apply(std::string& image, const Change& change);
  void folder_flushed();

  std::string name_;
  sqlite3_vfs* system_;
  sqlite3_vfs vfs_;
  Countdown flush_, write_;
  std::atomic<bool> full_{false};
  std::atomic<int> home_{SQLITE_OK};
  std::atomic<int> read_only_{0};
  std::atomic<int> flushes_{0}, writes_{0};
  mutable std::mutex mutex_;
  std::map<std::string, File> files_;
  std::map<std::string, std::string> ghosts_; // removed, but the folder on the disk still has them
};

} // namespace plugboard::testing
