// The trail as daemons keep it: files in one folder, beside them a syslog server where the configuration names one.
// Built by daemon/. [any thread]
#pragma once

#include "core/audit/archive.hpp"
#include "core/audit/journal.hpp"
#include "core/audit/recorder.hpp"
#include "core/audit/reports.hpp"
#include "core/audit/sink.hpp"
#include "core/audit/trail.hpp"
#include "core/audit/waiting.hpp"
#include "core/audit/watchdog.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace plugboard::audit {

struct TrailOptions {
  JournalOptions journal{};
  Waiting::Limits limits{};
};

class FileTrail final : public Trail, public Reports {
 public:
  // signers: made of the hub's keys, the current one first. Error: io; malformed with what is wrong in the files and
  // what to do.
  static Result<std::unique_ptr<FileTrail>> open(std::unique_ptr<Folder> folder, TrailOptions options,
                                                 std::vector<Signer> signers, std::unique_ptr<Sink> sink,
                                                 bool sink_is_required, const Clock& clock, Log& log, Metrics& metrics);

  void disclose(const Intent& intent, Poster back, Done done) override;
  void change(const Change& change, Poster back, Done done) override;
  void outcome(const Receipt& receipt, const Outcome& outcome) override;
  void refused(const Change& change, std::string_view why) override;
  bool takes() const override;

  void read(Query query, Poster back, std::function<void(Result<Page>)> done) override;
  void verify(std::string segment, Poster back, std::function<void(Result<SegmentVerdict>)> done) override;

 private:
  FileTrail(std::unique_ptr<Folder> folder, std::unique_ptr<Journal> journal, std::unique_ptr<Sink> sink,
            bool sink_is_required, const TrailOptions& options, const Clock& clock, Log& log, Metrics& metrics);
  void push(Entry entry, Poster back, Done done);

  std::unique_ptr<Folder> folder_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<Sink> sink_;
  Waiting waiting_;
  Counter& refused_;
  Archive archive_;
  Recorder recorder_; // these two last: their threads use all above
  Watchdog watchdog_;
};

} // namespace plugboard::audit
