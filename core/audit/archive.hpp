// The thread that reads what is on record, so that whoever writes or serves never waits for it: reports and
// verification, one after the other, and the indexes of segments that were closed.
#pragma once

#include "core/audit/folder.hpp"
#include "core/audit/journal.hpp"
#include "core/audit/reports.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace plugboard::audit {

class Archive {
 public:
  Archive(Folder& folder, const Journal& journal, Log& log);
  ~Archive(); // what waits is answered: unavailable
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  // [any thread] Error beside the reports' own: overloaded, unavailable.
  void read(Query query, store::Poster back, std::function<void(Result<Page>)> done);
  void verify(std::string segment, store::Poster back, std::function<void(Result<SegmentVerdict>)> done);

 private:
  struct Job {
    std::function<void()> run, refuse;
  };

  void push(Job job);
  void run(); // the thread's root
  void serve();

  Folder& folder_;
  const Journal& journal_;
  Log& log_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Job> jobs_;
  bool closed_ = false;
  std::thread thread_;
};

} // namespace plugboard::audit
