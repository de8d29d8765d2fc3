// The thread that puts on record. Takes all that waits, writes it as one group with one flush, hands it to the syslog
// server where there is one, and tells everybody. When the files or the server fail it refuses everything and tries
// again four times a second; that it hangs the watchdog finds.
#pragma once

#include "core/audit/journal.hpp"
#include "core/audit/sink.hpp"
#include "core/audit/waiting.hpp"
#include "core/base/metrics.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace plugboard::audit {

class Recorder {
 public:
  Recorder(Waiting& waiting, Journal& journal, Sink* sink, bool sink_is_required, const Clock& clock, Log& log,
           Metrics& metrics);
  ~Recorder(); // writes what was taken
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // [any thread] Has a checkpoint written before `done` is called.
  void seal(std::function<void()> done);

 private:
  void run(); // the thread's root
  void work();
  Result<void> mended(); // error: the files or the server still fail
  void write_group();
  void acknowledge(std::uint64_t first);
  void unacknowledged(std::uint64_t first, const Error& why);
  void refuse_current(const Error& why);
  void withhold(std::vector<Receipt> receipts);
  Result<void> send_backlog();
  void failed(const Error& why);
  void seal_if_asked();
  void note_lost();
  void rest(); // until it is time to try again

  Waiting& waiting_;
  Journal& journal_;
  Sink* const sink_;
  const bool sink_is_required_;
  const Clock& clock_;
  Log& log_;
  Counter& records_;
  Counter& commits_;
  Counter& failures_;
  Counter& lost_;
  Counter& unsent_;
  Histogram& seconds_;
  Gauge& failing_;
  std::string backlog_;                      // for the server: lines, on the disk already
  Duration company_{};                       // that the next group may wait for, from its first record on
  std::vector<Entry> current_;               // taken and not told yet
  std::mutex mutex_;                         // of what follows
  std::vector<std::function<void()>> seals_; // asked for
  std::condition_variable stopping_changed_;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace plugboard::audit
