// The files of the trail as the one who writes them sees them: segments to which records are appended a group at a
// time, checkpoints, the head, the retiring of old segments. What append() answered is on the disk. After a failure
// nothing is appended until recover() has brought the files back to what was answered. [the recorder's thread;
// extent(): any]
#pragma once

#include "core/audit/chain.hpp"
#include "core/audit/folder.hpp"
#include "core/audit/seal.hpp"
#include "core/audit/verifier.hpp"
#include "core/base/clock.hpp"
#include "core/base/log.hpp"

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace plugboard::audit {

struct JournalOptions {
  std::uint64_t segment_bytes = std::uint64_t{64} << 20;
  std::uint64_t checkpoint_records = 10'000;
  Duration checkpoint_time = std::chrono::seconds(10);
  Duration retention = std::chrono::hours(24) * 400;
  bool keeps_written = false; // for take_written()
};

struct Extent { // what is on the disk
  std::string segment;
  std::uint64_t size = 0;
  ChainEnd end{};
};

class Journal {
 public:
  // Repairs what a kill or a power cut left of the last group, holds the last segment against chain and head, and goes
  // on. Error: io; malformed with what is wrong and what to do. signers: the first is the one that signs.
  static Result<std::unique_ptr<Journal>> open(Folder& folder, JournalOptions options, std::vector<Signer> signers,
                                               const Clock& clock, Log& log);

  struct Line {
    std::string_view kind, members;
  };

  // All of them or none. Returns the number of the first. On an error: broken() until recover() succeeds.
  Result<std::uint64_t> append(std::span<const Line> lines);
  Result<void> recover();

  bool broken() const { return broken_; }

  void doubt() { broken_ = true; } // something threw on the way: what was answered counts, no more

  std::string take_written() { return std::exchange(written_, {}); } // all lines since the last time, if they are kept

  Result<void> checkpoint_if_due(bool at_once = false); // also when nothing else is written

  Extent extent() const; // [any thread]

  const Signer& signer() const { return signers_.front(); }

  Verifier::PublicKeys public_keys() const;

 private:
  Journal(Folder& folder, JournalOptions options, std::vector<Signer> signers, const Clock& clock, Log& log)
      : folder_(folder), options_(options), signers_(std::move(signers)), clock_(clock), log_(log) {}

  Result<void> go_on();
  Result<bool> go_on_with(const std::string& name, const ChainEnd& before); // false: nothing of it was ever on record
  Result<ChainEnd> end_of(const std::string& name);
  Result<void> begin_segment();
  Result<void> read_head_file();
  Result<void> write_head_file();
  void retire_old();
  bool checkpoint_is_due() const;
  void publish();

  Folder& folder_;
  const JournalOptions options_;
  const std::vector<Signer> signers_;
  const Clock& clock_;
  Log& log_;
  json::Reader reader_;
  std::unique_ptr<File> file_;
  std::string name_;
  std::uint64_t size_ = 0;
  std::string written_;
  ChainEnd end_;
  Head head_;
  bool has_head_ = false, broken_ = false;
  std::uint64_t since_checkpoint_ = 0;
  Instant checked_at_{};
  mutable std::mutex mutex_;
  Extent extent_;
};

} // namespace plugboard::audit
