// Failpoints: a library of the tests' own, preloaded into the real daemon, makes the n-th call of a kind fail, or kills
// the process at it. The test arms it through a page of memory that both map, so that one daemon serves thousands of
// rounds, and the daemon itself knows nothing of failpoints.
#pragma once

#include "tests/support/temp_folder.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <string>

namespace plugboard::test {

enum class Call : std::uint32_t { // bits; read and write: of plain files; recv and send: of sockets
  memory = 1U << 0,
  open = 1U << 1,
  read = 1U << 2,
  write = 1U << 3,
  fsync = 1U << 4,
  fdatasync = 1U << 5,
  rename = 1U << 6,
  unlink = 1U << 7,
  truncate = 1U << 8,
  mmap = 1U << 9,
  socket = 1U << 10,
  connect = 1U << 11,
  accept = 1U << 12,
  recv = 1U << 13,
  send = 1U << 14,
  thread = 1U << 15,
};

enum class Deed : std::uint32_t {
  fail = 1,
  half,        // a write writes half of its bytes and says so
  kill_before, // SIGKILL instead of the call
  kill_torn,   // a write writes half of its bytes, then SIGKILL
  kill_after,
  wait, // the call waits until the failpoints are disarmed, then is done
  slow, // it is done late, by as many milliseconds as `error` says
};

struct FailPage {                   // what test and daemon share
  std::atomic<std::uint32_t> calls; // bits of Call that count; 0: nothing happens
  std::atomic<std::uint32_t> deed;
  std::atomic<std::int32_t> error;  // errno
  std::atomic<std::uint32_t> stays; // not once: from the n-th on
  std::atomic<std::uint64_t> nth;   // from 1
  std::atomic<std::uint64_t> counted, hits;
  char only[64]; // write and flush: only of files whose path has this in it, or after a ! has it not; "": of all
};

class Failpoints { // [one thread]
 public:
  Failpoints();
  ~Failpoints();
  Failpoints(const Failpoints&) = delete;
  Failpoints& operator=(const Failpoints&) = delete;

  std::map<std::string, std::string> environment() const; // for the daemon

  struct Fault {
    std::uint32_t calls = 0; // bits of Call
    Deed deed = Deed::fail;
    int error = 0;
    bool stays = false;
    std::uint64_t nth = 1;
    std::string only{}; // write and flush: only of files whose path has this in it, or after a ! has it not
  };

  void arm(const Fault& fault);
  void disarm();

  std::uint64_t counted() const { return page_->counted; } // since it was armed

  std::uint64_t hits() const { return page_->hits; }

 private:
  TempFolder folder_;
  FailPage* page_;
};

} // namespace plugboard::test
